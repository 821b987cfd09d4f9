# JSONata: the published suite, and what else needs a running engine.
noinst_PROGRAMS += tests/expr/jsonata_runner
tests_expr_jsonata_runner_SOURCES = %D%/jsonata_runner.c
tests_expr_jsonata_runner_LDADD = libexpr.la libbase.la
TESTS += %D%/bounds.sh %D%/conformance-jsonata.sh
EXTRA_DIST += %D%/bounds.py %D%/bounds.sh %D%/conformance.py %D%/conformance-jsonata.sh %D%/differential
