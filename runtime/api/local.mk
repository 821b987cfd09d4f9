# The edge as data: see route.h.
noinst_LTLIBRARIES += libapi.la
libapi_la_SOURCES = \
	%D%/gateway.def \
	%D%/map.c %D%/map.h \
	%D%/route.c %D%/route.h
