#!/bin/sh
# Runs the request and response templates of the emitted OpenAPI document on the real Apache
# Velocity and compares every byte with what runtime/api/map.c makes of the same requests and answers.
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
    mkdir "$folder/$origins"
    "$driver" "$here/corpus.json" "$origins" "$folder/$origins"
done
java -cp "$folder/classes$classes" Harness "$folder/0" "$folder/1" "$folder/2"
for origins in 0 1 2; do
    if ! cmp -s "$folder/$origins/expected.txt" "$folder/$origins/actual.txt"; then
        echo "the templates and the interpreter differ with $origins origins:"
        diff "$folder/$origins/expected.txt" "$folder/$origins/actual.txt" | cut -c 1-400 | head -40
        exit 1
    fi
    echo "$(wc -l <"$folder/$origins/expected.txt") cases agree with $origins origins"
done
