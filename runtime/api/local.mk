# The edge as data: see route.h.
noinst_LTLIBRARIES += libapi.la
libapi_la_SOURCES = \
	%D%/gateway.def \
	%D%/map.c %D%/map.h \
	%D%/match.c %D%/match.h \
	%D%/route.c %D%/route.h \
	%D%/schema.c %D%/schema.h
libapi_la_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE2_CFLAGS)
libapi_la_LIBADD = $(PCRE2_LIBS)
EXTRA_DIST += doc/edge.md
