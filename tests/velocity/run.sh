#!/bin/sh
# Runs the request and response templates of the emitted OpenAPI document on the real Apache Velocity
# and compares every byte with what runtime/api/map.c makes of the same requests and answers.
#
#     DRIVER=path/to/driver run.sh
#
# Needs a JDK and Debian's packages velocity and libgoogle-gson-java; says SKIP (exit 77) without.
set -eu

here=$(dirname "$0")
driver=${DRIVER:-tests/velocity/driver}
jars=${ASLC_JARS:-/usr/share/java}
classes=
for jar in velocity gson commons-lang commons-collections3; do
    if ! [ -f "$jars/$jar.jar" ]; then
        echo "SKIP: $jar.jar is not in $jars (Debian: apt install velocity libgoogle-gson-java)"
        exit 77
    fi
    classes=$classes:$jars/$jar.jar
done
if ! command -v java >/dev/null || ! command -v javac >/dev/null; then
    echo "SKIP: no JDK (Debian: apt install default-jdk-headless)"
    exit 77
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
javac -cp "$classes" -d "$folder/classes" "$here/Harness.java"
for origins in 0 1 2; do
    "$driver" "$here/corpus.json" "$origins" "$folder"
    java -cp "$folder/classes$classes" Harness "$folder"
    if ! cmp -s "$folder/expected.txt" "$folder/actual.txt"; then
        echo "the templates and the interpreter differ with $origins origins:"
        diff "$folder/expected.txt" "$folder/actual.txt" | cut -c 1-400 | head -40
        exit 1
    fi
    echo "$(wc -l <"$folder/expected.txt") cases agree with $origins origins"
done
