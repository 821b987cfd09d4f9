noinst_LTLIBRARIES += libasl.la
libasl_la_SOURCES = \
	%D%/asl_choice.c %D%/asl_errors.c %D%/asl_fields.c %D%/asl_fields.def %D%/asl_int.h \
	%D%/asl_jsonata.c %D%/asl_map.c %D%/asl_path.c %D%/asl_payload.c %D%/asl_read.c %D%/asl_read.h \
	%D%/asl_resource.c %D%/asl_values.c %D%/asl_values.def \
	%D%/json_parser.h %D%/json_read.c %D%/json_read.h
nodist_libasl_la_SOURCES = grammar/json_parse.c grammar/json_parse.h grammar/json_scan.c

noinst_LTLIBRARIES += libfront.la
libfront_la_SOURCES = \
	%D%/ast.c %D%/ast.h %D%/model.h %D%/types.def %D%/words.def \
	%D%/parse.c %D%/parse.h %D%/parse_int.h \
	%D%/parse_error.c %D%/parse_layout.c %D%/scan.c \
	%D%/print.c %D%/print.h %D%/print_int.h \
	%D%/print_expr.c %D%/print_rows.c %D%/print_stmt.c
nodist_libfront_la_SOURCES = grammar/crud_parse.c grammar/crud_parse.h grammar/crud_scan.c
