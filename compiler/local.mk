# The compiler: convenience libraries by folder, and the program.

include compiler/base/local.mk
include compiler/ir/local.mk
include compiler/front/local.mk
include compiler/verify/local.mk
include compiler/emit/local.mk
include compiler/driver/local.mk

# The compiler as a library.
lib_LTLIBRARIES += libaslc.la
libaslc_la_SOURCES = compiler/driver/library.c compiler/driver/artifacts.c compiler/driver/artifacts.h \
	compiler/driver/pipeline.c compiler/driver/pipeline.h compiler/driver/quotas.c \
	compiler/driver/quotas.h
libaslc_la_LIBADD = libemit.la libverify.la libir_lower.la libfront.la libasl.la libir.la libcbase.la \
	libapi.la libengine.la libexpr.la libddb.la libcatalog.la libbase.la $(PCRE2_LIBS) $(CJSON_LIBS)
libaslc_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(top_srcdir)/packaging/aslc.map
EXTRA_libaslc_la_DEPENDENCIES = packaging/aslc.map
