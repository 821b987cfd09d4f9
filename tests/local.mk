# Tests: see tests/README.md for what each folder holds.

include tests/unit/local.mk
include tests/tools/local.mk

TESTS = $(UNIT_TESTS)
