# Fuzz targets.  To add NAME: write fuzz_NAME.c (see fuzz.h) and put small inputs into corpus/NAME; then
# add the lines below with your name and your libraries.
#
#     make check                                       replays each corpus, with small mutations of it
#     configure --enable-fuzzers CC=clang && make      builds fuzz_NAME with libFuzzer:
#     mkdir -p found && tests/fuzz/fuzz_NAME -max_total_time=60 found $(srcdir)/tests/fuzz/corpus/NAME
# (libFuzzer writes what it finds into the first folder).
FUZZ_REPLAYS =
EXTRA_DIST += %D%/corpus
FUZZ_ENGINE = $(AM_LDFLAGS) -fsanitize=fuzzer

FUZZ_REPLAYS += %D%/replay_json
tests_fuzz_replay_json_SOURCES = %D%/fuzz_json.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_json_LDADD = libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_json
tests_fuzz_fuzz_json_SOURCES = %D%/fuzz_json.c %D%/fuzz.h
tests_fuzz_fuzz_json_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_json_LDADD = libbase.la
endif

FUZZ_REPLAYS += %D%/replay_api
tests_fuzz_replay_api_SOURCES = %D%/fuzz_api.c %D%/fuzz.h %D%/replay.c tests/edge/fixture.c tests/edge/fixture.h
tests_fuzz_replay_api_LDADD = libemit.la libcbase.la libapi.la libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_api
tests_fuzz_fuzz_api_SOURCES = %D%/fuzz_api.c %D%/fuzz.h tests/edge/fixture.c tests/edge/fixture.h
tests_fuzz_fuzz_api_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_api_LDADD = libemit.la libcbase.la libapi.la libbase.la
endif

FUZZ_REPLAYS += %D%/replay_jsonata
tests_fuzz_replay_jsonata_SOURCES = %D%/fuzz_jsonata.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_jsonata_LDADD = libexpr.la libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_jsonata
tests_fuzz_fuzz_jsonata_SOURCES = %D%/fuzz_jsonata.c %D%/fuzz.h
tests_fuzz_fuzz_jsonata_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_jsonata_LDADD = libexpr.la libbase.la
endif

FUZZ_REPLAYS += %D%/replay_number
tests_fuzz_replay_number_SOURCES = %D%/fuzz_number.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_number_LDADD = libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_number
tests_fuzz_fuzz_number_SOURCES = %D%/fuzz_number.c %D%/fuzz.h
tests_fuzz_fuzz_number_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_number_LDADD = libbase.la
endif

FUZZ_REPLAYS += %D%/replay_crud
tests_fuzz_replay_crud_SOURCES = %D%/fuzz_crud.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_crud_LDADD = libfront.la libcatalog.la libcbase.la libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_crud
tests_fuzz_fuzz_crud_SOURCES = %D%/fuzz_crud.c %D%/fuzz.h
tests_fuzz_fuzz_crud_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_crud_LDADD = libfront.la libcatalog.la libcbase.la libbase.la
endif

FUZZ_ASL_LIBS = libasl.la libverify.la libexpr.la libir.la libcatalog.la libcbase.la libbase.la
FUZZ_REPLAYS += %D%/replay_asl
tests_fuzz_replay_asl_SOURCES = %D%/fuzz_asl.c compiler/driver/verdict.c compiler/driver/verdict.h %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_asl_LDADD = $(FUZZ_ASL_LIBS)
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_asl
tests_fuzz_fuzz_asl_SOURCES = %D%/fuzz_asl.c compiler/driver/verdict.c compiler/driver/verdict.h %D%/fuzz.h
tests_fuzz_fuzz_asl_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_asl_LDADD = $(FUZZ_ASL_LIBS)
endif

FUZZ_REPLAYS += %D%/replay_path
tests_fuzz_replay_path_SOURCES = %D%/fuzz_path.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_path_LDADD = libexpr.la libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_path
tests_fuzz_fuzz_path_SOURCES = %D%/fuzz_path.c %D%/fuzz.h
tests_fuzz_fuzz_path_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_path_LDADD = libexpr.la libbase.la
endif

FUZZ_REPLAYS += %D%/replay_ddb_expression
tests_fuzz_replay_ddb_expression_SOURCES = %D%/fuzz_ddb_expression.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_ddb_expression_LDADD = libddb.la libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_ddb_expression
tests_fuzz_fuzz_ddb_expression_SOURCES = %D%/fuzz_ddb_expression.c %D%/fuzz.h
tests_fuzz_fuzz_ddb_expression_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_ddb_expression_LDADD = libddb.la libbase.la
endif

FUZZ_REPLAYS += %D%/replay_ddb_item
tests_fuzz_replay_ddb_item_SOURCES = %D%/fuzz_ddb_item.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_ddb_item_LDADD = libddb.la libbase.la
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_ddb_item
tests_fuzz_fuzz_ddb_item_SOURCES = %D%/fuzz_ddb_item.c %D%/fuzz.h
tests_fuzz_fuzz_ddb_item_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_ddb_item_LDADD = libddb.la libbase.la
endif

FUZZ_ITEMS_LIBS = libengine.la libexpr.la libcatalog.la libbase.la
FUZZ_REPLAYS += %D%/replay_items
tests_fuzz_replay_items_SOURCES = %D%/fuzz_items.c %D%/fuzz.h %D%/replay.c
tests_fuzz_replay_items_LDADD = $(FUZZ_ITEMS_LIBS)
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_items
tests_fuzz_fuzz_items_SOURCES = %D%/fuzz_items.c %D%/fuzz.h
tests_fuzz_fuzz_items_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_items_LDADD = $(FUZZ_ITEMS_LIBS)
endif

FUZZ_RUN_LIBS = libemit.la libasl.la libir.la libcbase.la libengine.la libstore.la libddb.la libexpr.la libcatalog.la libbase.la
FUZZ_REPLAYS += %D%/replay_run
tests_fuzz_replay_run_SOURCES = %D%/fuzz_run.c %D%/fuzz.h %D%/replay.c tests/exec/definition.h
tests_fuzz_replay_run_LDADD = $(FUZZ_RUN_LIBS)
if FUZZERS
noinst_PROGRAMS += %D%/fuzz_run
tests_fuzz_fuzz_run_SOURCES = %D%/fuzz_run.c %D%/fuzz.h tests/exec/definition.h
tests_fuzz_fuzz_run_LDFLAGS = $(FUZZ_ENGINE)
tests_fuzz_fuzz_run_LDADD = $(FUZZ_RUN_LIBS)
endif

check_PROGRAMS += $(FUZZ_REPLAYS)
