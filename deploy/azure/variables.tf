variable "environment" {
  description = "Which deployment this is; also ENTREPOT_ENV."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "Give staging or production."
  }
}

variable "location" {
  description = "The Azure region, as westeurope."
  type        = string
}

variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  default     = "entrepot"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,9}$", var.name))
    error_message = "Give 3 to 10 lower-case letters and digits, a letter first."
  }
}

variable "suffix" {
  description = "What makes the names unique that are shared by all of Azure: the registry's, the storage account's and the app's."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{3,6}$", var.suffix))
    error_message = "Give 3 to 6 lower-case letters and digits."
  }
}

variable "plan_sku" {
  description = "The size of the App Service plan. Imports of 1 GiB each need 4 GiB or more in all."
  type        = string
  default     = "P0v3"
}

variable "registry_sku" {
  description = "The tier of the container registry."
  type        = string
  default     = "Basic"
}

variable "storage_replication" {
  description = "How the storage of the mirror is replicated: LRS, ZRS, GRS."
  type        = string
  default     = "LRS"
}

variable "share_gigabytes" {
  description = "The most that the mirror of the home may hold."
  type        = number
  default     = 100
}

variable "log_days" {
  description = "How many days logs are kept."
  type        = number
  default     = 30
}

variable "allowed_networks" {
  description = "Networks that may reach the app, as { office = \"198.51.100.0/24\" }. Entrepot has no access control yet, so none by default."
  type        = map(string)
  default     = {}
}

variable "settings" {
  description = "Further settings of Entrepot, as { ENTREPOT_LOG_LEVEL = \"debug\" }."
  type        = map(string)
  default     = {}
}
