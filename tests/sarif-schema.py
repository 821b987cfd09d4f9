#!/usr/bin/env python3
"""Validates our SARIF against the schema of SARIF 2.1.0.

The schema isn't ours: ASLC_SARIF_SCHEMA may name a copy of it; else it is taken out of the npm package
@microsoft/jest-sarif.  Without either, or without the Python module jsonschema, the test is skipped.
"""
import glob
import json
import os
import subprocess
import sys
import tarfile
import tempfile

SKIP = 77


def skip(why):
    print(f"SKIP sarif-schema: {why}")
    sys.exit(SKIP)


def find_schema():
    if os.environ.get("ASLC_SARIF_SCHEMA"):
        with open(os.environ["ASLC_SARIF_SCHEMA"], encoding="utf-8") as f:
            return json.load(f)
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(["npm", "pack", "--silent", "@microsoft/jest-sarif"], cwd=folder, check=True,
                           capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError):
            skip("npm can't fetch @microsoft/jest-sarif, which carries the schema")
        with tarfile.open(glob.glob(os.path.join(folder, "*.tgz"))[0]) as tar:
            name = next(n for n in tar.getnames() if "schemas/sarif-2.1.0" in n)
            return json.load(tar.extractfile(name))


def main():
    try:
        import jsonschema
    except ImportError:
        skip("the Python module jsonschema is missing (Debian: apt install python3-jsonschema)")
    schema = find_schema()
    validator = jsonschema.validators.validator_for(schema)(schema)
    here = os.path.dirname(os.path.abspath(__file__))
    runs = [["tests/tools/diag_show", "sarif"]]
    runs += [["tests/tools/asl_check", "--format", "sarif", f]
             for f in sorted(glob.glob(os.path.join(here, "ui", "*.json")))]
    failed = 0
    for command in runs:
        text = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
        errors = list(validator.iter_errors(json.loads(text)))
        failed += bool(errors)
        for e in errors[:5]:
            print(f"FAIL {' '.join(command)}: {e.message} at {list(e.absolute_path)}")
    print(f"sarif-schema: {len(runs) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0)


main()
