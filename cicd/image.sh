#!/usr/bin/env bash
# Builds the image, makes the calls of smoke.py against it, and pushes it to the registry: `image.sh OUTPUTS TAG`.
#
# OUTPUTS is the file that infrastructure.sh wrote. Needs Docker and a signed-in Azure CLI.
set -euo pipefail
outputs=$1 tag=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
value() { sed -n "s/^$1=//p" "$outputs"; }
image=$(value registry_server)/entrepot:$tag

docker build --pull --tag "$image" "$root"
container=$(docker run --detach --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
  --publish 127.0.0.1:3100:3100 "$image")
trap 'docker logs "$container" || true; docker rm --force "$container" >/dev/null' EXIT
python3 "$root/cicd/smoke.py" http://127.0.0.1:3100 --wait 60

az acr login --name "$(value registry)"
docker push "$image"
