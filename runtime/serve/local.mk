# HTTP.  libserve knows no HTTP library; that is a module of its own, loaded when it is needed.
noinst_LTLIBRARIES += libserve.la
libserve_la_SOURCES = \
	%D%/cache.c %D%/cache.h \
	%D%/edge.c %D%/edge.h \
	%D%/http.h \
	%D%/run.c %D%/run.h \
	%D%/serve.c %D%/serve.h

if HAVE_MICROHTTPD
pkglib_LTLIBRARIES += aslc-serve.la
aslc_serve_la_SOURCES = %D%/http_mhd.c
aslc_serve_la_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
aslc_serve_la_LIBADD = $(MICROHTTPD_LIBS)
aslc_serve_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -export-symbols-regex '^aslrt_http_module$$'
endif
