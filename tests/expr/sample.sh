#!/bin/sh
# samples/embed/jsonata.c compiles, evaluates and says what is wrong.
set -eu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror ${SAN_CFLAGS:-} -I"$srcdir/include" \
    -c "$srcdir/samples/embed/jsonata.c" -o "$out/jsonata.o"
./libtool --silent --tag=CC --mode=link ${CC:-cc} ${SAN_CFLAGS:-} "$out/jsonata.o" libaslrt.la -o "$out/jsonata"
printf '%s\n' '{"items":[{"name":"cup","price":4},{"name":"pot","price":9.5},{"name":"pan","price":20}]}' \
    '{"items":{"name":"jug","price":7}}' '{"items":[]}' |
    "$out/jsonata" 'items[price > 5].{"name": name, "double": price * 2}' >"$out/answers"
cat >"$out/expected" <<'LINES'
[{"name":"pot","double":19},{"name":"pan","double":40}]
{"name":"jug","double":14}
nothing
LINES
diff "$out/expected" "$out/answers"
for wrong in 'a +' '"a" + 1'; do
    if echo '{}' | "$out/jsonata" "$wrong" >"$out/none" 2>"$out/complaint"; then exit 1; fi
    cat "$out/complaint"
done >"$out/complaints"
cat >"$out/expected" <<'LINES'
S0207: Unexpected end of expression (byte 3)
T2001: The left side of the "+" operator must evaluate to a number (byte 5)
LINES
diff "$out/expected" "$out/complaints"
