noinst_LTLIBRARIES += libcbase.la
libcbase_la_SOURCES = \
	%D%/source.c %D%/source.h
