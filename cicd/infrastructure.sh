#!/usr/bin/env bash
# Applies deploy/azure for one environment, and writes its outputs as NAME=value lines: `infrastructure.sh staging OUTPUTS`.
#
# Needs STATE_RESOURCE_GROUP, STATE_STORAGE_ACCOUNT and STATE_CONTAINER (what deploy/azure/bootstrap.sh made), TF_VAR_suffix,
# and the ARM_… variables that Terraform signs in with. Terraform is run as a container where it is not installed.
set -euo pipefail
environment=$1 outputs=$2
: "${STATE_RESOURCE_GROUP:?}" "${STATE_STORAGE_ACCOUNT:?}" "${STATE_CONTAINER:?}" "${TF_VAR_suffix:?}" "${ARM_SUBSCRIPTION_ID:?}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ -f "$root/deploy/azure/environments/$environment.tfvars" ] || { echo "there is no environment '$environment'" >&2; exit 2; }

on_azure() {
  if command -v terraform >/dev/null; then
    terraform -chdir="$root/deploy/azure" "$@"
  else
    local passed=() name
    while read -r name; do passed+=(--env "$name"); done < <(compgen -e | grep -E '^(ARM|TF|ACTIONS_ID_TOKEN_REQUEST)_')
    docker run --rm "${passed[@]}" --volume "$root/deploy/azure:/azure" --workdir /azure docker.io/hashicorp/terraform:1.11.4 "$@"
  fi
}

export TF_IN_AUTOMATION=true TF_INPUT=false
on_azure init -reconfigure \
  -backend-config="resource_group_name=$STATE_RESOURCE_GROUP" \
  -backend-config="storage_account_name=$STATE_STORAGE_ACCOUNT" \
  -backend-config="container_name=$STATE_CONTAINER" \
  -backend-config="key=entrepot-$environment.tfstate"
on_azure validate
on_azure plan -lock-timeout=5m -var-file="environments/$environment.tfvars" -out=planned
on_azure apply -lock-timeout=5m planned

for name in resource_group registry registry_server app url; do
  echo "$name=$(on_azure output -raw "$name")"
done >"$outputs"
