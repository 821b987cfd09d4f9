#!/bin/sh
# --help, the man page and the completions name the same commands and flags, since they come from one
# table; the man page against its golden file (make bless), and mandoc's opinion of it.
set -eu
status=0
golden=$srcdir/tests/driver/aslc.1
[ "${ASLC_BLESS:-}" != 1 ] || cp man/aslc.1 "$golden"
diff "$golden" man/aslc.1 || status=1
for command in $(./aslc --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    for flag in $(./aslc "$command" --help | sed -n '/^flags:/,$s/^  \(-., \|    \)\(--*[a-zA-Z-]*\).*/\2/p'); do
        word=${flag#-}
        word=${word#-}
        escaped=$(printf '%s' "$flag" | sed 's/-/\\\\-/g')
        grep -qe "$escaped" man/aslc.1 || { echo "the man page has no $flag"; status=1; }
        grep -qe "        $command) .*[ \"]$flag[ \"]" man/completions/aslc || { echo "bash: $command has no $flag"; status=1; }
        grep -qe "    $command) .*'[*]*$flag[]=+[]" man/completions/_aslc || { echo "zsh: $command has no $flag"; status=1; }
        grep -qe "from $command' -[lo] $word\b" man/completions/aslc.fish || { echo "fish: $command has no $flag"; status=1; }
    done
done
for shell in bash zsh fish; do
    case $shell in
    bash) file=man/completions/aslc ;;
    zsh) file=man/completions/_aslc ;;
    fish) file=man/completions/aslc.fish ;;
    esac
    ! command -v $shell >/dev/null || $shell -n $file || status=1
done
if command -v mandoc >/dev/null; then
    mandoc -Tlint -Wwarning man/aslc.1 || status=1
else
    echo "mandoc is not installed: the man page was not checked by it"
fi
exit $status
