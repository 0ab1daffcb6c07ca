#!/usr/bin/env bash
# Makes what must be there before Terraform: the place of its state. Once for each subscription, by somebody who owns it:
#
#   az login && az account set --subscription NAME && deploy/azure/bootstrap.sh westeurope SUFFIX PIPELINE_OBJECT_ID
#
# SUFFIX is 3 to 6 lower-case letters and digits of your own; PIPELINE_OBJECT_ID is the object id of the service
# principal that the pipeline signs in as. Doing it again changes nothing.
set -euo pipefail
[ $# -eq 3 ] || { sed -n '2,7p' "$0" >&2; exit 2; }
location=$1 suffix=$2 principal=$3
group=rg-entrepot-state account=stentrepotstate$suffix container=tfstate

for provider in Microsoft.ContainerRegistry Microsoft.Insights Microsoft.ManagedIdentity Microsoft.OperationalInsights \
  Microsoft.Storage Microsoft.Web; do
  az provider register --namespace "$provider" --wait --output none
done
subscription=$(az account show --query id --output tsv)

az group create --name "$group" --location "$location" --output none
az storage account create --name "$account" --resource-group "$group" --location "$location" --sku Standard_ZRS \
  --allow-blob-public-access false --allow-shared-key-access false --min-tls-version TLS1_2 --output none
az storage account blob-service-properties update --account-name "$account" --resource-group "$group" \
  --enable-versioning true --enable-delete-retention true --delete-retention-days 30 --output none
az storage container-rm create --name "$container" --storage-account "$account" --resource-group "$group" --output none

assign() { # ROLE SCOPE
  az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
    --role "$1" --scope "$2" --output none
}
assign "Storage Blob Data Contributor" "/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.Storage/storageAccounts/$account"
assign "Contributor" "/subscriptions/$subscription"
# Terraform gives the identity of the app the right to pull.
assign "Role Based Access Control Administrator" "/subscriptions/$subscription"

echo "state: storage account $account, container $container, resource group $group"
