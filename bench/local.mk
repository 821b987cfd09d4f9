# Benchmarks: built and run on demand, never by `make check`.
EXTRA_PROGRAMS += bench/bench_json
bench_bench_json_SOURCES = %D%/bench_json.c %D%/orders.c %D%/orders.h
bench_bench_json_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS)
bench_bench_json_LDADD = libbase.la $(CJSON_LIBS)

.PHONY: bench-json
bench-json: bench/bench_json$(EXEEXT)
	bench/bench_json$(EXEEXT)

EXTRA_PROGRAMS += bench/bench_store
bench_bench_store_SOURCES = %D%/bench_store.c
bench_bench_store_LDADD = libstoresqlite.la libstore.la libddb.la libcatalog.la libbase.la

.PHONY: bench-store
bench-store: bench/bench_store$(EXEEXT)
	bench/bench_store$(EXEEXT)

# What the project promises, side by side with its peers; writes bench/RESULTS.md.
.PHONY: bench
bench: all
	CC='$(CC)' python3 $(srcdir)/bench/bench.py . $(srcdir)
EXTRA_DIST += bench/bench.py bench/peers bench/RESULTS.md

# JSONata against npm's jsonata, if that is installed: make bench-jsonata JSONATA_206=DIR JSONATA_222=DIR
EXTRA_PROGRAMS += bench/bench_jsonata
bench_bench_jsonata_SOURCES = %D%/bench_jsonata.c
nodist_bench_bench_jsonata_SOURCES = bench/bench_expressions.c
bench_bench_jsonata_LDADD = libengine.la libstore.la libddb.la libexpr.la libcatalog.la libbase.la
CLEANFILES += bench/bench_expressions.c
bench/bench_expressions.c: %D%/jsonata/cases.json tests/expr/native_generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) bench && python3 -c 'import json,sys; [print(json.dumps(r)) for r in json.load(sys.stdin)["rows"]]' \
	  < $(srcdir)/%D%/jsonata/cases.json | tests/expr/native_generate$(EXEEXT) > $@
EXTRA_DIST += %D%/jsonata/cases.json %D%/jsonata/peer.js %D%/jsonata/report

.PHONY: bench-jsonata
bench-jsonata: bench/bench_jsonata$(EXEEXT)
	$(srcdir)/bench/jsonata/report bench/bench_jsonata$(EXEEXT) $(srcdir)/bench/jsonata \
	  "$(JSONATA_206)" "$(JSONATA_222)"
# The engine's machines in both forms: read at run time, and as generated C.
EXTRA_PROGRAMS += bench/bench_engine
EXTRA_DIST += %D%/engine_machines.ndjson %D%/engine.py %D%/RESULTS-engine.md
bench_bench_engine_SOURCES = %D%/bench_engine.c
nodist_bench_bench_engine_SOURCES = bench/bench_choice.c bench/bench_map.c bench/bench_map_output.c \
	bench/bench_retry.c bench/bench_retry_bare.c
bench_bench_engine_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/bench
bench_bench_engine_LDADD = $(TABLE_LIBS)
CLEANFILES += $(nodist_bench_bench_engine_SOURCES) bench/machines.stamp \
	bench/bench_choice.h bench/bench_map.h bench/bench_map_output.h bench/bench_retry.h bench/bench_retry_bare.h
bench/machines.stamp: %D%/engine_machines.ndjson tests/exec/generate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) bench && tests/exec/generate$(EXEEXT) bench < $(srcdir)/%D%/engine_machines.ndjson && touch $@
bench/bench_choice.c bench/bench_map.c bench/bench_map_output.c bench/bench_retry.c bench/bench_retry_bare.c: bench/machines.stamp
bench/bench_engine-bench_engine.$(OBJEXT): bench/machines.stamp

.PHONY: bench-engine
bench-engine: bench/bench_engine$(EXEEXT)
	python3 $(srcdir)/%D%/engine.py . $(srcdir)
