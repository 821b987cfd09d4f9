# Tests: see tests/README.md for what each folder holds.

TESTS = $(UNIT_TESTS) $(FUZZ_REPLAYS)
include tests/unit/local.mk
include tests/tools/local.mk
include tests/fuzz/local.mk

AM_TESTS_ENVIRONMENT = CC='$(CC)'; SAN_CFLAGS='$(SAN_CFLAGS)'; export CC SAN_CFLAGS;
TESTS += tests/powers.sh
EXTRA_DIST += tests/powers.sh
EXTRA_DIST += tests/run_ui.py tests/run_doc.py tests/ui doc/diag
include tests/expr/local.mk
include tests/asl.mk
include tests/crud.mk
TESTS += tests/verify-ui.sh tests/verify-doc.sh
TESTS += tests/lower-ui.sh tests/lower-doc.sh
EXTRA_DIST += tests/lower-ui.sh tests/lower-doc.sh
TESTS += tests/conformance/verify-cases.sh
EXTRA_DIST += tests/verify-ui.sh tests/verify-doc.sh
EXTRA_DIST += tests/conformance/verify-cases.sh tests/conformance/verify_cases.py

# Rewrites every golden file with what the programs say now; read the diff before you commit it.
bless:
	ASLC_BLESS=1 $(MAKE) $(AM_MAKEFLAGS) check
.PHONY: bless
SLOW_TESTS =
include tests/velocity/local.mk
include tests/npm/local.mk
include tests/openapi/local.mk
include tests/serve/local.mk
include tests/embed/local.mk
include tests/remote/local.mk
include tests/newman/local.mk

# What takes too long or too much for every day.
check-slow: $(SLOW_TESTS)
.PHONY: check-slow $(SLOW_TESTS)
include tests/exec/local.mk
include tests/crud/local.mk
include tests/driver/local.mk
TESTS += tests/docs.sh
EXTRA_DIST += tests/docs.sh tests/docs.py README.md ARCHITECTURE.md HACKING.md NEWS.md doc
include tests/install/local.mk
