# need.sh - sourced by tests that use npm packages: sets $modules, or says SKIP and ends the test.
#
#     . "$srcdir/tests/npm/need.sh"
#     need_npm PACKAGE...
need_npm() {
    modules=${ASLC_NPM:-tests/npm}/node_modules
    if ! command -v node >/dev/null; then
        echo "SKIP: node is not installed (Debian: apt install nodejs npm)"
        exit 77
    fi
    for package; do
        if ! [ -d "$modules/$package" ]; then
            echo "SKIP: the npm package $package is not in $modules (make npm)"
            exit 77
        fi
    done
    modules=$(cd "$modules" && pwd)
}
