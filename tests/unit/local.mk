# Unit tests: one program a module, written with cmocka.
UNIT_TESTS = tests/unit/test_arena
check_PROGRAMS += $(UNIT_TESTS)
UNIT_LIBS = $(CMOCKA_LIBS)
tests_unit_test_arena_SOURCES = tests/unit/test_arena.c
tests_unit_test_arena_LDADD = libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_diag tests/unit/test_ir
tests_unit_test_diag_SOURCES = tests/unit/test_diag.c
tests_unit_test_diag_LDADD = libcbase.la libbase.la $(UNIT_LIBS)
tests_unit_test_ir_SOURCES = tests/unit/test_ir.c
tests_unit_test_ir_LDADD = libir.la libcbase.la libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_catalog
tests_unit_test_catalog_SOURCES = tests/unit/test_catalog.c
tests_unit_test_catalog_LDADD = libcatalog.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_json tests/unit/test_number
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_LDADD = libbase.la $(UNIT_LIBS)
tests_unit_test_number_SOURCES = tests/unit/test_number.c
tests_unit_test_number_LDADD = libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_decimal
tests_unit_test_decimal_SOURCES = tests/unit/test_decimal.c tests/unit/datafile.h
tests_unit_test_decimal_LDADD = libddb.la libbase.la $(UNIT_LIBS)
EXTRA_DIST += tests/unit/ddb/decimals.txt tests/unit/ddb/make_decimals.py

UNIT_TESTS += tests/unit/test_store
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/store_script.h tests/unit/datafile.h
tests_unit_test_store_LDADD = libstore.la libddb.la libcatalog.la libbase.la $(UNIT_LIBS)
EXTRA_DIST += tests/unit/ddb/items.txt

UNIT_TESTS += tests/unit/test_crud
tests_unit_test_crud_SOURCES = tests/unit/test_crud.c
tests_unit_test_crud_LDADD = libfront.la libcbase.la libbase.la $(UNIT_LIBS)
EXTRA_DIST += tests/crud tests/fmt samples
UNIT_TESTS += tests/unit/test_schema
tests_unit_test_schema_SOURCES = tests/unit/test_schema.c
tests_unit_test_schema_LDADD = libapi.la libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_path
tests_unit_test_path_SOURCES = tests/unit/test_path.c
tests_unit_test_path_LDADD = libexpr.la libbase.la $(UNIT_LIBS)
