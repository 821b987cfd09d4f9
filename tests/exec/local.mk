# The engine's test bench: machines and what comes of them, in both forms.
ENGINE_LIBS = libengine.la libstore.la libddb.la libexpr.la libcatalog.la libbase.la
TABLE_LIBS = libemit.la libasl.la libir.la libcbase.la $(ENGINE_LIBS)
check_PROGRAMS += tests/exec/requests tests/exec/generate
tests_exec_requests_SOURCES = %D%/requests.c %D%/answer.h %D%/definition.h
tests_exec_requests_LDADD = $(TABLE_LIBS)
tests_exec_generate_SOURCES = %D%/generate.c %D%/definition.h
tests_exec_generate_LDADD = $(TABLE_LIBS)
TESTS += %D%/table.sh %D%/native.sh %D%/machines.sh %D%/bounded.sh
EXTRA_DIST += %D%/bounded.py %D%/bounded.sh %D%/cases %D%/machines.sh %D%/native.sh %D%/native_requests.c %D%/random_expressions.py \
	%D%/random_machines.py %D%/run.py %D%/table.sh

UNIT_TESTS += tests/unit/test_engine
tests_unit_test_engine_SOURCES = tests/unit/test_engine.c tests/exec/definition.h
tests_unit_test_engine_LDADD = $(TABLE_LIBS) $(UNIT_LIBS)

TESTS += tests/conformance/sfn.sh
EXTRA_DIST += tests/conformance/sfn.py tests/conformance/sfn.sh tests/conformance/sfn.known

# Ten thousand random machines; loops and a Map of a million.
SLOW_TESTS += check-machines check-bounded
check-machines: all $(check_PROGRAMS)
	CC='$(CC)' SAN_CFLAGS='$(SAN_CFLAGS)' python3 $(srcdir)/%D%/random_machines.py --count 10000 --seed 2 --native-every 1
check-bounded: all $(check_PROGRAMS)
	python3 $(srcdir)/%D%/bounded.py 1000000
