locals {
  port   = 3100
  mirror = "/mirror"
  # What the deployment relies on stands last, and can't be overridden.
  settings = merge(
    {
      ENTREPOT_MAX_UPLOAD_BYTES    = "1GB"
      ENTREPOT_IMPORT_WORKERS      = "1" # in each of two processes
      ENTREPOT_IMPORT_MEMORY_BYTES = "1GiB"
    },
    var.settings,
    {
      ENTREPOT_ENV   = var.environment
      ENTREPOT_HOST  = "0.0.0.0"
      ENTREPOT_PORT  = tostring(local.port)
      ENTREPOT_STORE = "/data"

      WEBSITES_PORT                        = tostring(local.port)
      WEBSITES_ENABLE_APP_SERVICE_STORAGE  = "false"
      WEBSITE_DISABLE_OVERLAPPED_RECYCLING = "1"   # the old container ends before the new one restores from the mirror
      WEBSITES_CONTAINER_STOP_TIME_LIMIT   = "120" # seconds for the last update of the mirror
      WEBSITES_CONTAINER_START_TIME_LIMIT  = "1800"
    },
  )
}

resource "azurerm_service_plan" "entrepot" {
  name                = "asp-${local.full}"
  resource_group_name = azurerm_resource_group.entrepot.name
  location            = azurerm_resource_group.entrepot.location
  os_type             = "Linux"
  sku_name            = var.plan_sku
  worker_count        = 1 # a home is served by one machine
  tags                = local.tags
}

resource "azurerm_linux_web_app" "entrepot" {
  name                = "app-${local.full}-${var.suffix}"
  resource_group_name = azurerm_resource_group.entrepot.name
  location            = azurerm_service_plan.entrepot.location
  service_plan_id     = azurerm_service_plan.entrepot.id
  https_only          = true
  app_settings        = local.settings
  tags                = local.tags

  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.app.id]
  }

  storage_account {
    name         = "mirror"
    type         = "AzureFiles"
    account_name = azurerm_storage_account.mirror.name
    access_key   = azurerm_storage_account.mirror.primary_access_key
    share_name   = azurerm_storage_share.mirror.name
    mount_path   = local.mirror
  }

  site_config {
    always_on                                     = true
    app_command_line                              = "python -I /opt/entrepot/share/mirror.py ${local.mirror} entrepot serve"
    container_registry_use_managed_identity       = true
    container_registry_managed_identity_client_id = azurerm_user_assigned_identity.app.client_id
    ftps_state                                    = "Disabled"
    health_check_path                             = "/health"
    health_check_eviction_time_in_min             = 5
    http2_enabled                                 = true
    ip_restriction_default_action                 = "Deny"
    minimum_tls_version                           = "1.2"
    scm_use_main_ip_restriction                   = true
    worker_count                                  = 1

    dynamic "ip_restriction" {
      for_each = var.allowed_networks

      content {
        name       = ip_restriction.key
        ip_address = ip_restriction.value
        action     = "Allow"
        priority   = 100
      }
    }

    application_stack {
      docker_image_name   = "entrepot:none" # each deployment sets its own
      docker_registry_url = "https://${azurerm_container_registry.entrepot.login_server}"
    }
  }

  # Deployments set the image, and let the pipeline in for a moment.
  lifecycle {
    ignore_changes = [site_config[0].application_stack[0].docker_image_name]
  }

  depends_on = [azurerm_role_assignment.pull]
}
