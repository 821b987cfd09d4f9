#!/bin/sh
# Two public validators from npm accept the OpenAPI documents of the hand-made service (with no, one
# and two CORS origins) and of every sample in both layouts.
set -eu

here=$(dirname "$0")
. "$here/../npm/need.sh"
need_npm @seriousme/openapi-schema-validator @apidevtools/swagger-parser

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for origins in 0 1 2; do
    mkdir "$folder/$origins"
    "${DRIVER:-tests/velocity/driver}" "$here/../velocity/corpus.json" "$origins" "$folder/$origins"
done
for sample in "$here"/../../samples/*.crud; do
    for layout in router per-operation; do
        "${ASLC:-./aslc}" build "$sample" --emit openapi --layout "$layout" \
            -o "$folder/$(basename "$sample" .crud)-$layout"
    done
done
ln -s "$modules" "$folder/node_modules"
cp "$here/validate.mjs" "$folder/"
node "$folder/validate.mjs" "$folder"/*/openapi.json
