#!/bin/sh
# action.yml, .pre-commit-hooks.yaml and packaging/gitlab-ci.yml; see ci_files.py.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
python3 -c 'import yaml' 2>/dev/null ||
    { echo "SKIP: python3's yaml is not installed (Debian: apt install python3-yaml)"; exit 77; }
exec python3 "$srcdir/tests/install/ci_files.py" "$srcdir" "$PWD/aslc"
