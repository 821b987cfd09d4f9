# Calls that leave the process.  libremote knows no HTTP library; that is a module, loaded when it is needed.
noinst_LTLIBRARIES += libremote.la
libremote_la_SOURCES = \
	%D%/command.c %D%/command.h \
	%D%/exchange.h \
	%D%/form.c %D%/function.c %D%/http_task.c \
	%D%/remote.c %D%/remote.h %D%/remote_int.h

if HAVE_CURL
pkglib_LTLIBRARIES += aslc-curl.la
aslc_curl_la_SOURCES = %D%/exchange_curl.c
aslc_curl_la_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
aslc_curl_la_LIBADD = $(CURL_LIBS)
aslc_curl_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -export-symbols-regex '^aslrt_exchange_curl$$'
endif
