# JSONata: the published suite, and what else needs a running engine.
noinst_PROGRAMS += tests/expr/jsonata_runner
tests_expr_jsonata_runner_SOURCES = %D%/jsonata_runner.c
tests_expr_jsonata_runner_LDADD = libexpr.la libbase.la
TESTS += tests/conformance/jsonata.sh
EXTRA_DIST += %D%/conformance.py
