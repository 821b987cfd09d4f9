# The command line, bad input, and the man page and completions that come from its tables.
TESTS += %D%/simulate.sh %D%/test-state.sh %D%/run.sh %D%/bad-input.sh %D%/docs.sh
EXTRA_DIST += %D%/simulate.sh %D%/simulate.py %D%/test-state.sh %D%/test_state.in %D%/test_state.out %D%/run.sh %D%/test_driver.py %D%/bad-input.sh %D%/bad_input.py %D%/docs.sh %D%/aslc.1
