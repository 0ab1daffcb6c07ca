output "resource_group" {
  description = "The group that everything is in."
  value       = azurerm_resource_group.entrepot.name
}

output "registry" {
  description = "The container registry's name."
  value       = azurerm_container_registry.entrepot.name
}

output "registry_server" {
  description = "The container registry's host, which images' names begin with."
  value       = azurerm_container_registry.entrepot.login_server
}

output "app" {
  description = "The web app's name."
  value       = azurerm_linux_web_app.entrepot.name
}

output "url" {
  description = "Where Entrepot answers."
  value       = "https://${azurerm_linux_web_app.entrepot.default_hostname}"
}
