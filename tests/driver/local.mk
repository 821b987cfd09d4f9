# The command line, bad input, and the man page and completions that come from its tables.
TESTS += %D%/run.sh %D%/bad-input.sh %D%/docs.sh
EXTRA_DIST += %D%/run.sh %D%/test_driver.py %D%/bad-input.sh %D%/bad_input.py %D%/docs.sh %D%/aslc.1
