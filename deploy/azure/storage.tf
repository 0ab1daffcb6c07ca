# The mirror of the home. The home itself is on the app's local disk: SQLite's write-ahead log doesn't work on a share.
resource "azurerm_storage_account" "mirror" {
  name                            = "st${local.unique}"
  resource_group_name             = azurerm_resource_group.entrepot.name
  location                        = azurerm_resource_group.entrepot.location
  account_kind                    = "StorageV2"
  account_tier                    = "Standard"
  account_replication_type        = var.storage_replication
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = true # App Service mounts shares by the key only
  tags                            = local.tags

  share_properties {
    retention_policy {
      days = 14
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_share" "mirror" {
  name               = "mirror"
  storage_account_id = azurerm_storage_account.mirror.id
  quota              = var.share_gigabytes

  lifecycle {
    prevent_destroy = true
  }
}
