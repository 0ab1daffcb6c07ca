environment = "staging"
location    = "westeurope"
plan_sku    = "B2"
settings    = { ENTREPOT_LOG_LEVEL = "debug" }
