noinst_LTLIBRARIES += libddb.la
libddb_la_SOURCES = \
	%D%/attribute.c %D%/attribute.h \
	%D%/base64.c %D%/base64.h \
	%D%/decimal.c %D%/decimal.h \
	%D%/failure.c %D%/failure.h \
	%D%/wire.c %D%/wire.h
