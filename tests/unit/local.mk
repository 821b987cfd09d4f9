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

UNIT_TESTS += tests/unit/test_json tests/unit/test_number tests/unit/test_utf8 tests/unit/test_value
EXTRA_DIST += tests/json tests/unit/faulty.h tests/unit/memory.h
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_LDADD = libbase.la $(UNIT_LIBS)
tests_unit_test_number_SOURCES = tests/unit/test_number.c
tests_unit_test_number_LDADD = libbase.la $(UNIT_LIBS)
tests_unit_test_utf8_SOURCES = tests/unit/test_utf8.c
tests_unit_test_utf8_LDADD = libbase.la $(UNIT_LIBS)
tests_unit_test_value_SOURCES = tests/unit/test_value.c
tests_unit_test_value_LDADD = libbase.la $(UNIT_LIBS)

# The same tests with the code for machines without SSE2 and __int128.
UNIT_TESTS += tests/unit/test_json_portable tests/unit/test_number_portable tests/unit/test_value_portable
check_LTLIBRARIES += libbase_portable.la
libbase_portable_la_SOURCES = $(libbase_la_SOURCES)
libbase_portable_la_CPPFLAGS = $(AM_CPPFLAGS) -DASLRT_PORTABLE
tests_unit_test_json_portable_SOURCES = tests/unit/test_json.c
tests_unit_test_json_portable_CPPFLAGS = $(AM_CPPFLAGS) -DASLRT_PORTABLE
tests_unit_test_json_portable_LDADD = libbase_portable.la $(UNIT_LIBS)
tests_unit_test_number_portable_SOURCES = tests/unit/test_number.c
tests_unit_test_number_portable_LDADD = libbase_portable.la $(UNIT_LIBS)
tests_unit_test_value_portable_SOURCES = tests/unit/test_value.c
tests_unit_test_value_portable_CPPFLAGS = $(AM_CPPFLAGS) -DASLRT_PORTABLE
tests_unit_test_value_portable_LDADD = libbase_portable.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_decimal
tests_unit_test_decimal_SOURCES = tests/unit/test_decimal.c tests/unit/datafile.h
tests_unit_test_decimal_LDADD = libddb.la libbase.la $(UNIT_LIBS)
EXTRA_DIST += tests/unit/ddb/decimals.txt tests/unit/ddb/make_decimals.py

UNIT_TESTS += tests/unit/test_store
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/store_script.h tests/unit/datafile.h
tests_unit_test_store_LDADD = libstoresqlite.la libstore.la libddb.la libcatalog.la libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_crud
tests_unit_test_crud_SOURCES = tests/unit/test_crud.c tests/unit/world.h
tests_unit_test_crud_LDADD = libfront.la libcatalog.la libcbase.la libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_schema
tests_unit_test_schema_SOURCES = tests/unit/test_schema.c tests/unit/memory.h
tests_unit_test_schema_LDADD = libapi.la libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_path
tests_unit_test_path_SOURCES = tests/unit/test_path.c
tests_unit_test_path_LDADD = libexpr.la libbase.la $(UNIT_LIBS)

EXTRA_DIST += tests/unit/ddb/items.txt tests/unit/ddb/writes.txt tests/unit/ddb/queries.txt

UNIT_TESTS += tests/unit/test_expression
tests_unit_test_expression_SOURCES = tests/unit/test_expression.c tests/unit/datafile.h
tests_unit_test_expression_LDADD = libddb.la libbase.la $(UNIT_LIBS)
EXTRA_DIST += tests/unit/ddb/conditions.txt tests/unit/ddb/updates.txt tests/unit/ddb/projections.txt

UNIT_TESTS += tests/unit/test_path_eval
tests_unit_test_path_eval_SOURCES = tests/unit/test_path_eval.c tests/unit/datafile.h
tests_unit_test_path_eval_LDADD = libexpr.la libbase.la $(UNIT_LIBS)
EXTRA_DIST += tests/unit/paths.txt
VERIFY_LIBS = libverify.la libasl.la libir.la libexpr.la libcatalog.la libcbase.la libbase.la
UNIT_TESTS += tests/unit/test_match tests/unit/test_choice_set tests/unit/test_verify
tests_unit_test_match_SOURCES = tests/unit/test_match.c
tests_unit_test_match_LDADD = $(VERIFY_LIBS) $(UNIT_LIBS)
tests_unit_test_choice_set_SOURCES = tests/unit/test_choice_set.c
tests_unit_test_choice_set_LDADD = $(VERIFY_LIBS) $(UNIT_LIBS)
tests_unit_test_verify_SOURCES = tests/unit/test_verify.c
tests_unit_test_verify_LDADD = $(VERIFY_LIBS) $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_edge
tests_unit_test_edge_SOURCES = tests/unit/test_edge.c tests/edge/fixture.c tests/edge/fixture.h
tests_unit_test_edge_LDADD = libemit.la libcbase.la libapi.la libbase.la $(UNIT_LIBS)


UNIT_TESTS += tests/unit/test_store_crash tests/unit/test_store_property
tests_unit_test_store_crash_SOURCES = tests/unit/test_store_crash.c
tests_unit_test_store_crash_LDADD = $(tests_unit_test_store_LDADD)
tests_unit_test_store_property_SOURCES = tests/unit/test_store_property.c
tests_unit_test_store_property_LDADD = $(tests_unit_test_store_LDADD)
UNIT_TESTS += tests/unit/test_btree
tests_unit_test_btree_SOURCES = tests/unit/test_btree.c
tests_unit_test_btree_LDADD = libstore.la libddb.la libbase.la $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_attribute
tests_unit_test_attribute_SOURCES = tests/unit/test_attribute.c
tests_unit_test_attribute_LDADD = libddb.la libbase.la $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_asl
tests_unit_test_asl_SOURCES = tests/unit/test_asl.c
tests_unit_test_asl_LDADD = libasl.la libexpr.la libir.la libcatalog.la libcbase.la libbase.la \
	$(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_sema
tests_unit_test_sema_SOURCES = tests/unit/test_sema.c tests/unit/world.h
tests_unit_test_sema_LDADD = libfront.la libcatalog.la libcbase.la libexpr.la libbase.la $(UNIT_LIBS)
