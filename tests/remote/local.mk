# Calls that leave the process: HTTP Tasks and functions.
TESTS += %D%/run.sh
EXTRA_DIST += %D%/run.sh %D%/test_remote.py
