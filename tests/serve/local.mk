# The edge over HTTP on a hand-made service and machine.
if HAVE_MICROHTTPD
check_PROGRAMS += tests/serve/server
tests_serve_server_SOURCES = %D%/server.c tests/edge/fixture.c tests/edge/fixture.h \
	runtime/serve/http_mhd.c
tests_serve_server_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
tests_serve_server_LDADD = libserve.la libemit.la libcbase.la libapi.la libengine.la libexpr.la \
	libbase.la $(MICROHTTPD_LIBS)
TESTS += tests/serve/test_serve.py tests/serve/test_samples.py
SLOW_TESTS += check-slow-serve
endif
check-slow-serve: tests/serve/server
	ASLC_SLOW=10000 $(srcdir)/%D%/test_serve.py SlowConnections
EXTRA_DIST += %D%/test_serve.py %D%/test_samples.py %D%/counter.crud
