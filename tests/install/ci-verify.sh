#!/bin/sh
# packaging/ci-verify in a small repository: what action.yml and gitlab-ci.yml say that it leaves behind.
. "$srcdir/tests/install/need.sh"
need git git
need python3 python3
verify=$prefix/share/aslc/ci-verify
pictures=no
[ ! -f "$libdir/aslc/aslc-graphviz.so" ] || pictures=yes
status=0
failed() { echo "$*"; cat "$work/log"; status=1; }
verifies() { # verifies CODE WHAT: runs it and compares its exit code
    code=0
    rm -rf aslc.sarif aslc-diagrams
    "$verify" "$prefix/bin/aslc" >"$work/log" 2>&1 || code=$?
    [ $code = "$1" ] || failed "$2: exit code $code instead of $1"
}
findings() { # the findings of aslc.sarif as lines CODE FILE
    python3 -c '
import json
run, = json.load(open("aslc.sarif"))["runs"]
for r in run["results"]:
    print(r["level"], r["ruleId"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])' | sort -u
}
drawn() { # drawn NAME...: the pictures that there must be, and no other
    [ $pictures = yes ] || return 0
    [ "$(ls aslc-diagrams 2>/dev/null | tr '\n' ' ')" = "$*${*:+ }" ] ||
        failed "pictures: $(ls aslc-diagrams 2>/dev/null | tr '\n' ' '); expected: $*"
}

mkdir "$work/repository"
cd "$work/repository"
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org \
    GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
git init -q .
commit() { git add -A && git commit -q -m "$1"; }
verifies 0 "a repository without files"
grep -q 'no .crud' "$work/log" || failed "nothing is said where there is nothing to do"

mkdir api flows
cp "$source_folder/samples/ci/make/books.crud" api/books.crud
cat >flows/good.asl.json <<'J'
{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}
J
printf 'aslc.sarif\naslc-diagrams/\n' >.gitignore
commit first
verifies 0 "good files"
findings | grep error && failed "errors in good files"
drawn

# Against the base: one file that changed, one that is new and has an error, one that is as it was.
export ASLC_DIAGRAMS=true ASLC_BASE="$(git rev-parse HEAD)"
sed -i 's/^  delete$/  delete\n  list { scan = true }/' api/books.crud
cat >flows/bad.asl.json <<'J'
{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}
J
commit second
verifies 1 "a file with an error"
findings | grep -q '^error A301 flows/bad.asl.json$' || failed "the error is not in aslc.sarif: $(findings)"
grep -q 'bad.asl.json:1:.*A301' "$work/log" || failed "the error is not in the job's log"

sed -i 's/"B"}}}/"B"}, "B": {"Type": "Succeed"}}}/' flows/bad.asl.json
commit third
verifies 0 "the file mended"
drawn api-books.crud.svg flows-bad.asl.json.svg

# Files by name; a share of errors that a Task without a catcher does not reach.
cat >flows/task.asl.json <<'J'
{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "TimeoutSeconds": 9,
  "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}
J
ASLC_FILES=flows/task.asl.json ASLC_MIN_COVERAGE=100 verifies 1 "too little coverage"
grep -q coverage "$work/log" || failed "the coverage is not in the job's log"
ASLC_FILES=flows/good.asl.json ASLC_MIN_COVERAGE=100 verifies 0 "one good file by name"
ASLC_FILES=flows/missing.asl.json verifies 2 "a file that is not there"
exit $status
