#!/bin/sh
# `make install` into tests/install/root: what is there, and whether it works from there.
set -eu
build=$PWD root=$PWD/tests/install/root
rm -rf "$root"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES || true
# The configured folders, below the root: libtool installs where it was told to, and nowhere else.
variable() { sed -n "s|^$1 = ||p" Makefile; }
prefix=$root$(variable prefix)
make -s install prefix="$prefix" >install.tmp 2>&1 || { cat install.tmp; exit 1; }
rm -f install.tmp
libdir=$(dirname "$(find "$prefix" -name 'libaslrt.la')")
printf '%s' "$prefix" >"$root/prefix"
printf '%s' "$libdir" >"$root/libdir"

status=0
wants() { [ -e "$1" ] || { echo "$1 was not installed"; status=1; }; }
for file in bin/aslc include/aslc/runtime.h include/aslc/compiler.h share/man/man1/aslc.1 \
    share/bash-completion/completions/aslc share/zsh/site-functions/_aslc \
    share/fish/vendor_completions.d/aslc.fish share/aclocal/aslc.m4 share/aslc/aslc.mk \
    share/aslc/ci-verify share/aslc/gitlab-ci.yml; do
    wants "$prefix/$file"
done
for file in pkgconfig/aslrt.pc pkgconfig/aslrt-io.pc pkgconfig/aslc.pc cmake/aslc/aslcConfig.cmake \
    cmake/aslc/aslcConfigVersion.cmake; do
    wants "$libdir/$file"
done
for library in aslrt aslrt-io aslc; do
    [ "$(sed -n 's/^build_libtool_libs=//p' libtool)" = no ] || wants "$libdir/lib$library.so.0"
    [ "$(sed -n 's/^build_old_libs=//p' libtool)" = no ] || wants "$libdir/lib$library.a"
done
headers=$(ls "$prefix/include/aslc")
[ "$(echo $headers)" = "compiler.h runtime.h" ] || { echo "headers: $headers"; status=1; }
if grep -rlE '@[a-z]+@' "$libdir/pkgconfig" "$libdir/cmake" "$prefix/share/aslc"; then
    echo "a place was not filled in"
    status=1
fi

# The program works from there, without the build folder's libraries and modules.
cd "$root"
"$prefix/bin/aslc" check "$OLDPWD/$srcdir/samples/vehicles.crud" 2>/dev/null ||
    "$prefix/bin/aslc" check "$srcdir/samples/vehicles.crud" || status=1
sample=$OLDPWD/$srcdir/samples/vehicles.crud
[ -f "$sample" ] || sample=$srcdir/samples/vehicles.crud
if [ -f "$build/.libs/aslc-graphviz.so" ]; then
    wants "$libdir/aslc/aslc-graphviz.so"
    "$prefix/bin/aslc" graph "$sample" -o "$root/vehicles.svg" && wants "$root/vehicles.svg" || status=1
fi
if [ -f "$build/.libs/aslc-serve.so" ]; then
    wants "$libdir/aslc/aslc-serve.so"
    "$prefix/bin/aslc" serve "$sample" --port 0 >"$root/serve.out" 2>"$root/serve.err" &
    server=$!
    for _ in $(seq 100); do
        [ ! -s "$root/serve.out" ] || break
        sleep 0.1
    done
    kill $server
    wait $server || true
    grep -q '^listening on http://127.0.0.1:' "$root/serve.out" || { cat "$root/serve.err"; status=1; }
fi
exit $status
