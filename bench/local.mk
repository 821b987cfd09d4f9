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
bench_bench_jsonata_LDADD = libexpr.la libbase.la
EXTRA_DIST += %D%/jsonata/cases.json %D%/jsonata/peer.js %D%/jsonata/report

.PHONY: bench-jsonata
bench-jsonata: bench/bench_jsonata$(EXEEXT)
	$(srcdir)/bench/jsonata/report bench/bench_jsonata$(EXEEXT) $(srcdir)/bench/jsonata \
	  "$(JSONATA_206)" "$(JSONATA_222)"
