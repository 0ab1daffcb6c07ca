#!/usr/bin/env bash
# Builds the image and runs it where there is no container engine: `deploy/container/try.sh`, as root on Debian.
#
# The base is made with debootstrap instead of pulled, the image is built by buildah without namespaces, and run by runc
# as compose.yaml would: another user than root, a read-only root, no capabilities, no new privileges, a seccomp profile.
# Then cicd/smoke.py makes its calls. It takes some minutes and 2 GB under /tmp, and leaves nothing behind.
#
#   BASE=FOLDER     a base that debootstrap has made before, which is kept
#   CHECKS="…"      which checks of cicd/smoke.py; by default all
#   TESTS="…"       a command that tests the server ENTREPOT_TEST_SERVER: pytest tests/apps/http/test_records.py
#   PORT=3100       where it listens on this machine, on every address while it runs
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
port=${PORT:-3100}
name=entrepot-try-$$
for program in buildah runc debootstrap python3; do
  command -v "$program" >/dev/null || { echo "$program is missing: apt-get install buildah runc debootstrap python3" >&2; exit 1; }
done

work=$(mktemp -d /tmp/entrepot-try.XXXXXX)
store() { buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }
finish() {
  runc --root "$work/runc" delete --force "$name" >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT

base=${BASE:-$work/base}
if [ ! -x "$base/usr/bin/python3" ]; then
  echo "== a base with debootstrap"
  debootstrap --variant=minbase --include=python3,python3-pip,python3-venv,ca-certificates trixie "$base" \
    ${MIRROR:+"$MIRROR"} >"$work/debootstrap.log" || { tail "$work/debootstrap.log" >&2; exit 1; }
fi
tar --create --file "$work/base.tar" --directory "$base" --exclude ./var/cache/apt/archives --exclude ./var/lib/apt/lists .
container=$(store from scratch)
store add --quiet "$container" "$work/base.tar" / >/dev/null
rm "$work/base.tar"
store commit --quiet --rm "$container" localhost/base >/dev/null

echo "== the image"
mounts=() # what this machine's pip needs to reach its registry
for file in /etc/pip.conf /etc/ssl/certs; do
  [ ! -e "$file" ] || mounts+=(--volume "$file:$file:ro")
done
began=$(date +%s)
store build --quiet --format docker --isolation chroot --layers=false --build-arg BASE=localhost/base "${mounts[@]}" \
  --ignorefile "$source/.dockerignore" --tag localhost/entrepot "$source" >/dev/null
echo "built in $(($(date +%s) - began)) s"

bundle=$work/bundle home=$work/home
mkdir -p "$bundle" "$home"
chown 10001:10001 "$home"
container=$(store from localhost/entrepot)
root=$(store mount "$container") # a plain folder, which goes with $work
store inspect --type image localhost/entrepot >"$bundle/image.json"
echo "size: $(du --summarize --block-size=MB "$root" | cut -f1) in all," \
  "$(du --summarize --block-size=MB "$root/opt/entrepot" | cut -f1) of it Entrepot and its libraries"

echo "== the container"
python3 "$source/deploy/container/bundle.py" "$bundle" "$root" "$home" "$port"
began=$(date +%s%N)
runc --root "$work/runc" run --detach --bundle "$bundle" "$name" </dev/null >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; exit 1; }
until ENTREPOT_PORT=$port python3 "$source/deploy/container/health.py" >/dev/null 2>&1; do
  [ $(($(date +%s%N) - began)) -lt 60000000000 ] || { cat "$work/log" >&2; echo "it did not come up in a minute" >&2; exit 1; }
  sleep 0.05
done
echo "healthy $((($(date +%s%N) - began) / 1000000)) ms after its start"
runc --root "$work/runc" exec "$name" python -I /opt/entrepot/share/health.py
if runc --root "$work/runc" exec "$name" sh -c 'touch /probe || touch /opt/entrepot/probe' 2>/dev/null; then
  echo "its root can be written" >&2; exit 1
fi
# shellcheck disable=SC2016 # the container's shell fills these in
runc --root "$work/runc" exec "$name" sh -c 'echo "user $(id -u), root read-only, $(grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/self/status | tr -s "\t\n" "  ")"'
# shellcheck disable=SC2086 # a list of words
python3 "$source/cicd/smoke.py" "http://127.0.0.1:$port" --wait 10 ${CHECKS:+--checks $CHECKS}

if [ -n "${TESTS:-}" ]; then
  # shellcheck disable=SC2086 # a list of words
  (cd "$source" && ENTREPOT_TEST_SERVER=http://127.0.0.1:$port $TESTS)
fi

echo "== cars.csv"
api=http://127.0.0.1:$port/api/v1/datasets
curl --silent --show-error --fail --form "file=@$source/samples/cars.csv" "$api/" >"$work/document"
curl --silent --show-error --fail "$api/cars/rows/?limit=1&columns=make,price" | head -c 200 && echo
curl --silent --show-error --fail "$api/cars/stats/" | head -c 120 && echo
curl --silent --show-error --fail --output "$work/cars.xlsx" "$api/cars/excel/" --write-out 'excel: %{http_code}, %{size_download} bytes\n'
curl --silent --show-error --fail --output "$work/cars.pdf" "$api/cars/plot/" --write-out 'plot: %{http_code}, %{size_download} bytes\n'

echo "== the end"
began=$(date +%s%N)
runc --root "$work/runc" kill "$name" TERM
until [ "$(runc --root "$work/runc" state "$name" | python3 -c 'import json, sys; print(json.load(sys.stdin)["status"])')" = stopped ]; do
  [ $(($(date +%s%N) - began)) -lt 20000000000 ] || { echo "it did not stop within 20 s" >&2; exit 1; }
  sleep 0.05
done
echo "stopped $((($(date +%s%N) - began) / 1000000)) ms after SIGTERM"
if grep -i -E 'traceback|"level": ?"error"' "$work/log"; then echo "errors in its log" >&2; exit 1; fi
