#!/bin/sh
# The same requests over HTTP, by `aslc run` and by the generated native program; see agree.py.
set -eu
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
[ -f .libs/aslc-serve.so ] || { echo "SKIP: built without libmicrohttpd"; exit 77; }
sample=$srcdir/samples/vehicles.crud
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
./aslc build "$sample" -o "$out" --emit native
for unit in vehicles vehicles_main; do
    ${CC:-cc} ${SAN_CFLAGS:-} -O1 -I"$srcdir/include" -I"$out" -c "$out/$unit.c" -o "$out/$unit.o"
done
./libtool --silent --tag=CC --mode=link ${CC:-cc} ${SAN_CFLAGS:-} "$out/vehicles.o" "$out/vehicles_main.o" \
    libaslrt.la -o "$out/vehicles"
python3 "$srcdir/tests/crud/agree.py" ./aslc "$sample" "$out/vehicles"
