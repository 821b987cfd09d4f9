#!/bin/sh
# The forms of diagnostics against tests/diag; ASLC_BLESS=1 rewrites them.
status=0
passed=0
failed=0
check() { # golden-file arguments...
    golden="$srcdir/tests/diag/$1"
    shift
    tests/tools/diag_show "$@" >diag-forms.tmp || status=1
    if [ "$ASLC_BLESS" = 1 ]; then
        cp diag-forms.tmp "$golden"
    fi
    if cmp -s diag-forms.tmp "$golden"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        status=1
        echo "FAIL $golden differs:"
        diff "$golden" diag-forms.tmp
    fi
}
check all.txt text
check colour.txt text --colour
check capped.txt text --max 2
check all.json json
check all.sarif sarif
check all.github github
rm -f diag-forms.tmp
echo "diag-forms: $passed passed, $failed failed, 0 skipped"
exit $status
