# need.sh - sourced by the tests of the installed tree: sets $root and $prefix, finds pkg-config files,
# libraries and the program there, and gives $work, a folder that goes away.
#
#     . "$srcdir/tests/install/need.sh"
need() { # need PROGRAM PACKAGE
    command -v "$1" >/dev/null || { echo "SKIP: $1 is not installed (Debian: apt install $2)"; exit 77; }
}
source_folder=$(cd "$srcdir" && pwd)
root=$PWD/tests/install/root
[ -f "$root/prefix" ] || { echo "the installed tree is not there; run tests/install/install.sh first"; exit 99; }
prefix=$(cat "$root/prefix")
libdir=$(cat "$root/libdir")
export PKG_CONFIG_PATH="$libdir/pkgconfig" LD_LIBRARY_PATH="$libdir" PATH="$prefix/bin:$PATH"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES || true
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# What must have been made by a build of samples/ci, and what it answers.
answers() { # answers PROGRAM
    answer=$(echo '{"op":"getBook","path":{"isbn":"0123456789"},"query":{},"headers":{},"body":null,"caller":{},"requestId":"1"}' | "$1")
    case $answer in
    *404*) ;;
    *) echo "$1 answers $answer"; exit 1 ;;
    esac
}
