resource "azurerm_log_analytics_workspace" "entrepot" {
  name                = "log-${local.full}"
  resource_group_name = azurerm_resource_group.entrepot.name
  location            = azurerm_resource_group.entrepot.location
  sku                 = "PerGB2018"
  retention_in_days   = var.log_days
  tags                = local.tags
}

# AppServiceConsoleLogs are Entrepot's own: one line of JSON a request, with its correlation id.
resource "azurerm_monitor_diagnostic_setting" "app" {
  name                       = "logs"
  target_resource_id         = azurerm_linux_web_app.entrepot.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.entrepot.id

  dynamic "enabled_log" {
    for_each = ["AppServiceConsoleLogs", "AppServiceHTTPLogs", "AppServicePlatformLogs", "AppServiceIPSecAuditLogs"]

    content {
      category = enabled_log.value
    }
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "registry" {
  name                       = "logs"
  target_resource_id         = azurerm_container_registry.entrepot.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.entrepot.id

  dynamic "enabled_log" {
    for_each = ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"]

    content {
      category = enabled_log.value
    }
  }
}
