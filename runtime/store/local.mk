noinst_LTLIBRARIES += libstore.la
libstore_la_SOURCES = \
	%D%/backend.h \
	%D%/btree.c %D%/btree.h \
	%D%/entry.c %D%/entry.h \
	%D%/expressions.c %D%/expressions.h \
	%D%/item.c \
	%D%/keys.c %D%/keys.h \
	%D%/memory.c %D%/memory.h \
	%D%/operation.c %D%/operations.def \
	%D%/query.c \
	%D%/request.c %D%/request.h \
	%D%/schema.c %D%/schema.h \
	%D%/service.c \
	%D%/store.h \
	%D%/table.c

# The SQLite backend is a part of libaslrt-io.
noinst_LTLIBRARIES += libstoresqlite.la
libstoresqlite_la_SOURCES = %D%/sqlite.c
libstoresqlite_la_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
libstoresqlite_la_LIBADD = $(SQLITE_LIBS)
EXTRA_DIST += doc/store.md
