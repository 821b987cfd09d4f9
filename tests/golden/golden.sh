#!/bin/sh
# Each artifact of samples/vehicles.crud, and the machines of tests/crud/shelf.crud, byte for byte.
# `make bless` rewrites what is kept; a second build gives the same bytes.
set -eu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
samples=$(cd "$srcdir/samples" && pwd) tests=$(cd "$srcdir/tests/crud" && pwd) aslc=$PWD/aslc
build() { # build FOLDER FILE OUTPUT EMIT LAYOUT
    "$aslc" build "$1/$2" -o "$out/$3" --emit "$4" --layout "$5"
}
build "$samples" vehicles.crud vehicles asl,terraform,openapi,native router
# From another folder: no path of the source is in what is generated.
(cd "$samples" && build . vehicles.crud again asl,terraform,openapi,native router)
diff -r "$out/vehicles" "$out/again"
rm -rf "$out/again"
build "$tests" shelf.crud shelf asl,openapi router
build "$samples" vehicles.crud vehicles-per-operation terraform per-operation
(cd "$samples" && "$aslc" graph vehicles.crud -o "$out/vehicles/vehicles.mmd" && "$aslc" graph vehicles.crud -o "$out/vehicles/vehicles.dot")
if [ -n "${ASLC_BLESS:-}" ]; then
    rm -rf "$srcdir/tests/golden/expected"
    cp -r "$out" "$srcdir/tests/golden/expected"
    exit 0
fi
diff -r "$srcdir/tests/golden/expected" "$out"
