environment         = "production"
location            = "westeurope"
plan_sku            = "P1v3"
storage_replication = "ZRS"
share_gigabytes     = 1000
log_days            = 90
