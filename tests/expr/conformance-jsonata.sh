#!/bin/sh
# conformance-jsonata: the published JSONata suite on the engine, and the traps that are known.
#
# Reads both where they are (ASLC_CONFORMANCE, or ../shared/conformance beside the sources); without
# them there is nothing to test.  Runs from the build folder.
here=$(dirname "$0")
root=${ASLC_CONFORMANCE:-$here/../../../shared/conformance}
if [ ! -d "$root/jsonata" ]; then
    echo "SKIP: no conformance data (set ASLC_CONFORMANCE)"
    exit 77
fi
command -v python3 >/dev/null || { echo "SKIP: no python3"; exit 77; }
ASLC_CONFORMANCE=$root python3 "$here/conformance.py" tests/expr/jsonata_runner || exit 1
traps=$root/../facts/jsonata-traps.json
[ -f "$traps" ] || exit 0
python3 "$here/conformance.py" tests/expr/jsonata_runner --traps "$traps"
