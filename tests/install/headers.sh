#!/bin/sh
# Each public header compiles alone, as C11 with gcc and clang and as C++, without a warning.  A program
# that embeds all three libraries builds with what pkg-config says, shared and static, and works.
. "$srcdir/tests/install/need.sh"
need gcc gcc
need g++ g++
need pkg-config pkg-config
warnings="-Wall -Wextra -Wpedantic -Wconversion -Werror"
status=0
compile() { # compile COMMAND...: with the warnings
    "$@" $warnings -I"$prefix/include" -fsyntax-only "$work/alone.c" || { echo "failed: $*"; status=1; }
}
for header in "$prefix"/include/aslc/*.h; do
    echo "#include <aslc/$(basename "$header")>" >"$work/alone.c"
    compile gcc -std=c11 -x c
    compile g++ -std=c++11 -x c++
    command -v clang >/dev/null || { echo "clang is not installed: not tried"; continue; }
    compile clang -std=c11 -x c
    compile clang++ -std=c++11 -x c++
done

# Sanitized libraries want the compiler that built them.
case $CC in
*clang*) c=clang cxx=clang++ ;;
*) c=gcc cxx=g++ ;;
esac
libraries() {
    if [ "$1" = shared ]; then
        pkg-config --libs aslc aslrt-io
    else # ours by their archives, the system's as pkg-config names them
        pkg-config --static --libs aslc aslrt-io |
            sed -E "s,-l(aslc|aslrt-io|aslrt)( |$),$libdir/lib\1.a\2,g"
    fi
}
embed() { # embed shared|static COMPILER...: builds embed.c and runs it
    way=$1
    shift
    rm -f "$work/embed" "$work/notes.db"
    "$@" $warnings $SAN_CFLAGS $(pkg-config --cflags aslc aslrt-io) "$source_folder/tests/install/embed.c" \
        -x none -o "$work/embed" $(libraries "$way") && "$work/embed" "$work/notes.db" ||
        { echo "failed ($way): $*"; status=1; }
}
for way in shared static; do
    [ $way = shared ] && library=libaslc.so || library=libaslc.a
    [ -e "$libdir/$library" ] || { echo "$library was not built: not tried"; continue; }
    embed $way $c -std=c11 -x c
    embed $way $cxx -std=c++11 -x c++
done
exit $status
