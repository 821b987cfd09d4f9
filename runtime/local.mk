# The runtime: convenience libraries by folder, and the installed libaslrt and libaslrt-io.

include runtime/base/local.mk
include runtime/expr/local.mk
include runtime/api/local.mk
include runtime/engine/local.mk
include runtime/ddb/local.mk
include runtime/store/local.mk
include runtime/serve/local.mk
include runtime/remote/local.mk


# What every program of the user's needs: values, expressions, the engine, the store in memory.
lib_LTLIBRARIES += libaslrt.la
libaslrt_la_SOURCES = %D%/version.c
libaslrt_la_LIBADD = libengine.la libstore.la libddb.la libexpr.la libcatalog.la libbase.la $(PCRE2_LIBS)
libaslrt_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(top_srcdir)/packaging/aslrt.map
EXTRA_libaslrt_la_DEPENDENCIES = packaging/aslrt.map

# What needs the world outside.
lib_LTLIBRARIES += libaslrt-io.la
libaslrt_io_la_SOURCES =
libaslrt_io_la_LIBADD = libstoresqlite.la libaslrt.la $(SQLITE_LIBS)
libaslrt_io_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(top_srcdir)/packaging/aslrt-io.map
EXTRA_libaslrt_io_la_DEPENDENCIES = packaging/aslrt-io.map
