# JSONata: the published suite, and what else needs a running engine.
noinst_PROGRAMS += tests/expr/jsonata_runner
tests_expr_jsonata_runner_SOURCES = %D%/jsonata_runner.c
tests_expr_jsonata_runner_LDADD = libexpr.la libbase.la
# expressions as generated C
check_PROGRAMS += tests/expr/native_generate
tests_expr_native_generate_SOURCES = %D%/native_generate.c
tests_expr_native_generate_LDADD = libemit.la libcbase.la libexpr.la libbase.la
TESTS += %D%/native.sh %D%/sample.sh
EXTRA_DIST += %D%/native.py %D%/native.sh %D%/sample.sh %D%/native_compare.c
TESTS += %D%/bounds.sh %D%/conformance-jsonata.sh
EXTRA_DIST += %D%/bounds.py %D%/bounds.sh %D%/conformance.py %D%/conformance-jsonata.sh %D%/differential
