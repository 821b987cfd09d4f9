# Emitters: one artifact a file.  They read the IR and the service description, never the AST.
noinst_LTLIBRARIES += libemit.la
libemit_la_SOURCES = \
	%D%/json_out.c %D%/json_out.h \
	%D%/openapi.c %D%/openapi.h \
	%D%/openapi_schema.c %D%/openapi_schema.h \
	%D%/openapi_template.c %D%/openapi_template.h \
	%D%/native.c %D%/native.h \
	%D%/native_expr.c %D%/native_print.h \
	%D%/routes.c %D%/routes.h \
	%D%/table.c %D%/table.h \
	%D%/table_build.h %D%/table_hash.c %D%/table_node.c
