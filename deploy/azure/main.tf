locals {
  short  = { staging = "stg", production = "prd" }[var.environment]
  full   = "${var.name}-${var.environment}"
  unique = "${var.name}${local.short}${var.suffix}"
  tags   = { application = var.name, environment = var.environment, managed_by = "terraform" }
}

resource "azurerm_resource_group" "entrepot" {
  name     = "rg-${local.full}"
  location = var.location
  tags     = local.tags
}

resource "azurerm_container_registry" "entrepot" {
  name                = "cr${local.unique}"
  resource_group_name = azurerm_resource_group.entrepot.name
  location            = azurerm_resource_group.entrepot.location
  sku                 = var.registry_sku
  admin_enabled       = false
  tags                = local.tags
}

# An identity of its own, so that it may pull before the app is there.
resource "azurerm_user_assigned_identity" "app" {
  name                = "id-${local.full}"
  resource_group_name = azurerm_resource_group.entrepot.name
  location            = azurerm_resource_group.entrepot.location
  tags                = local.tags
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_container_registry.entrepot.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.app.principal_id
  principal_type       = "ServicePrincipal"
}
