noinst_LTLIBRARIES += libddb.la
libddb_la_SOURCES = \
	%D%/attribute.c %D%/attribute.h \
	%D%/bind.c %D%/reserved.def \
	%D%/condition.c %D%/evaluate.h \
	%D%/decimal.c %D%/decimal.h \
	%D%/expression.c %D%/expression.h %D%/expression_parser.h \
	%D%/failure.c %D%/failure.h \
	%D%/key_condition.c \
	%D%/path_tree.c %D%/path_tree.h \
	%D%/placeholders.c \
	%D%/update.c \
	%D%/wire.c %D%/wire.h
nodist_libddb_la_SOURCES = grammar/dynamodb_parse.c grammar/dynamodb_parse.h grammar/dynamodb_scan.c
