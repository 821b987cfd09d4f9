#!/bin/sh
# samples/ci/cmake, built with what is installed; a version that is too new is refused.
. "$srcdir/tests/install/need.sh"
. "$srcdir/tests/install/build.sh"
need cmake cmake
sample cmake
export CFLAGS="-O1 $SAN_CFLAGS"
run cmake -S . -B build -DCMAKE_PREFIX_PATH="$prefix" -Daslc_DIR="$libdir/cmake/aslc"
built cmake --build build
untouched cmake --build build
touched cmake --build build
sed -i 's/find_package(aslc 0.1 /find_package(aslc 7.5 /' CMakeLists.txt
if cmake -S . -B newer -Daslc_DIR="$libdir/cmake/aslc" >"$work/log" 2>&1; then
    echo "version 7.5 was found"
    exit 1
fi
grep -q '7\.5' "$work/log" || { cat "$work/log"; exit 1; }
