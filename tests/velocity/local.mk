# The emitted templates on the real Velocity against the interpreter; see run.sh.
check_PROGRAMS += tests/velocity/driver
tests_velocity_driver_SOURCES = %D%/driver.c tests/edge/fixture.c tests/edge/fixture.h
tests_velocity_driver_LDADD = libemit.la libcbase.la libapi.la libbase.la
TESTS += tests/velocity/run.sh
EXTRA_DIST += %D%/run.sh %D%/Harness.java %D%/corpus.json
