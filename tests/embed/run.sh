#!/bin/sh
# samples/embed: the machine has nothing to complain about, and the program prints what it should.
set -eu
sample=$srcdir/samples/embed
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
./aslc check "$sample/quote.asl.json"
./aslc build "$sample/quote.asl.json" -o "$out" --emit native
warnings='-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
for unit in "$out/quote.c" "$sample/main.c"; do
    ${CC:-cc} $warnings ${SAN_CFLAGS:-} -I"$srcdir/include" -I"$out" -c "$unit" -o "$out/$(basename "$unit" .c).o"
done
./libtool --silent --tag=CC --mode=link ${CC:-cc} ${SAN_CFLAGS:-} "$out/quote.o" "$out/main.o" libaslrt.la -o "$out/quote"
"$out/quote" >"$out/answers"
diff "$srcdir/tests/embed/answers" "$out/answers"
