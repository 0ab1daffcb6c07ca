#!/usr/bin/env bash
# Has the web app run an image, and makes the calls of smoke.py against it: `deploy.sh OUTPUTS TAG`.
#
# OUTPUTS is the file that infrastructure.sh wrote. Needs a signed-in Azure CLI. The app lets in only the networks that
# deploy/azure was given, so this machine's address is let in for as long as the calls take.
set -euo pipefail
outputs=$1 tag=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
value() { sed -n "s/^$1=//p" "$outputs"; }
app=(--name "$(value app)" --resource-group "$(value resource_group)")
rule=pipeline-${BUILD_BUILDID:-${GITHUB_RUN_ID:-$$}}

az webapp config container set "${app[@]}" --container-image-name "$(value registry_server)/entrepot:$tag" --output none
az webapp restart "${app[@]}"

address=${OWN_ADDRESS:-$(python3 -c 'import urllib.request as r; print(r.urlopen("https://api.ipify.org", timeout=20).read().decode())')}
trap 'az webapp config access-restriction remove "${app[@]}" --rule-name "$rule" --output none' EXIT
az webapp config access-restriction add "${app[@]}" --rule-name "$rule" --action Allow --ip-address "$address/32" \
  --priority 200 --output none
sleep "${SECONDS_TO_SETTLE:-45}" # the old container writes the mirror a last time and ends; the rule spreads meanwhile
python3 "$root/cicd/smoke.py" "$(value url)" --wait 900
