#!/bin/sh
# Each shared library exports the functions that its public header marks, at its version, and nothing else;
# libaslrt also lends two functions to libaslrt-io.
. "$srcdir/tests/install/need.sh"
need nm binutils
status=0
marked() { # the functions that a header marks with a macro
    grep -v "^#" "$prefix/include/aslc/$1" | tr "\n" " " | grep -oE "$2 [^;{]*\(" | sed -e 's/($//' | grep -oE '[a-z_0-9]+$' | sort -u
}
exported() { nm -D --defined-only "$libdir/$1" | sed -n 's/.* [TDBR] \([^ ]*\)$/\1/p' | sort; }
compare() { # compare LIBRARY VERSION NAMES
    [ -e "$libdir/$1" ] || { echo "SKIP: $1 is not there (--disable-shared)"; exit 77; }
    exported "$1" | grep "@@$2\$" | sed 's/@@.*//' >"$work/ours"
    echo "$3" | grep . | sort >"$work/theirs"
    diff "$work/theirs" "$work/ours" || { echo "$1 and its header differ at $2 (< header, > library)"; status=1; }

    return 0
}
runtime=$(marked runtime.h ASLRT_API)
compare libaslrt.so ASLRT_0.1 "$(echo "$runtime" | grep -v '^aslrt_store_sqlite$')"
compare libaslrt-io.so ASLRT_IO_0.1 aslrt_store_sqlite
compare libaslc.so ASLC_0.1 "$(marked compiler.h ASLC_API)"
compare libaslrt.so ASLRT_PRIVATE_0.1 "aslrt_memory_resize
aslrt_store_open_on"
[ "$(echo "$runtime" | wc -l)" -gt 30 ] || { echo "the header was not understood"; status=1; }
exit $status
