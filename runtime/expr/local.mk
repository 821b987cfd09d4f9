# Paths and intrinsic functions, JSONata: their syntax and their evaluation.
noinst_LTLIBRARIES += libexpr.la
libexpr_la_SOURCES = \
	%D%/intrinsic.c %D%/intrinsics.def \
	%D%/path.c %D%/path.h %D%/path_parser.h \
	%D%/path_eval.c %D%/path_eval.h %D%/path_filter.c %D%/path_int.h
nodist_libexpr_la_SOURCES = grammar/path_parse.c grammar/path_parse.h grammar/path_scan.c
libexpr_la_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE2_CFLAGS)
libexpr_la_LIBADD = $(PCRE2_LIBS)
