# build.sh - sourced by the tests of samples/ci: copies one of them away and says what a build has to do.
#
#     . "$srcdir/tests/install/need.sh"
#     . "$srcdir/tests/install/build.sh"
#     sample cmake
#     built COMMAND...           the first build makes a program that answers
#     untouched COMMAND...       a second one does nothing
#     touched COMMAND...         after a change of books.crud the program is built again, and has it
sample() {
    cp -R "$source_folder/samples/ci/$1" "$work/sample"
    chmod -R u+w "$work/sample"
    cd "$work/sample"
}
run() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; echo "failed: $*"; exit 1; }; }
programs() { find "$work/sample" -name books -type f -perm -u+x; }
# What every getBook of a fresh store gets: the machine runs, and the table is empty.
answer() {
    [ -n "$(programs)" ] || { echo "there is no program 'books'"; exit 1; }
    echo '{"op":"'"$1"'","path":{"isbn":"0123456789"},"query":{},"headers":{},"body":null,"caller":{},"requestId":"1"}' |
        "$(programs)"
}
expect() { # expect PATTERN OPERATION
    said=$(answer "$2")
    echo "$said" | grep -q "$1" || { echo "$2 should answer $1, but answers: $said"; exit 1; }
}
stamps() { find "$work/sample" -name 'books*' -type f -exec stat -c '%n %y' {} + | sort; }
built() {
    run "$@"
    expect '"statusCode":404' getBook
}
untouched() {
    stamps >"$work/before"
    run "$@"
    stamps >"$work/after"
    diff "$work/before" "$work/after" || { echo "a second build built again: $*"; exit 1; }
}
touched() {
    expect '"status":"FAILED"' listBook # there is no such operation yet
    sleep 1 # some file systems count seconds
    sed -i 's/^  delete$/  delete\n  list { scan = true }/' "$(find "$work/sample" -name books.crud)"
    run "$@"
    expect '"statusCode":200' listBook
}
