# Paths and intrinsic functions, JSONata: their syntax and their evaluation.
noinst_LTLIBRARIES += libexpr.la
libexpr_la_SOURCES = \
	%D%/intrinsics.def %D%/path.c %D%/path.h %D%/path_parser.h
nodist_libexpr_la_SOURCES = grammar/path_parse.c grammar/path_parse.h grammar/path_scan.c
