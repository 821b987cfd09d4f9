noinst_LTLIBRARIES += libasl.la
libasl_la_SOURCES = \
	%D%/json_parser.h \
	%D%/json_read.c %D%/json_read.h
nodist_libasl_la_SOURCES = grammar/json_parse.c grammar/json_parse.h grammar/json_scan.c
