#!/bin/sh
# Runs the collection with newman (npm) against `aslc serve samples/vehicles.crud`.
set -eu

here=$(dirname "$0")
. "$here/../npm/need.sh"
need_npm newman
aslc=${ASLC:-./aslc}

folder=$(mktemp -d)
: >"$folder/out" # there before the server has written to it
"$aslc" serve "$here/../../samples/vehicles.crud" --port 0 >"$folder/out" 2>"$folder/err" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" || true; rm -rf "$folder"' EXIT
address=
for _ in $(seq 100); do
    address=$(sed -n 's/^listening on //p' "$folder/out")
    [ -n "$address" ] && break
    sleep 0.1
done
if [ -z "$address" ]; then
    echo "the server does not start:"
    cat "$folder/err"
    exit 1
fi
node "$modules/newman/bin/newman.js" run "$here/vehicles.postman_collection.json" \
    --env-var "endpoint=$address/vehicles" --color off --disable-unicode
