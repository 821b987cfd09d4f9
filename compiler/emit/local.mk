# Emitters: one artifact a file.  They read the IR and the service description, never the AST.
noinst_LTLIBRARIES += libemit.la
libemit_la_SOURCES = \
	%D%/asl.c %D%/asl.h \
	%D%/diagram.c %D%/diagram.h %D%/diagram_int.h \
	%D%/diagram_diff.c %D%/diagram_dot.c %D%/diagram_mermaid.c %D%/render.h \
	%D%/files.c %D%/files.h \
	%D%/hcl.c %D%/hcl.h \
	%D%/json_out.c %D%/json_out.h \
	%D%/openapi.c %D%/openapi.h \
	%D%/openapi_schema.c %D%/openapi_schema.h \
	%D%/openapi_template.c %D%/openapi_template.h \
	%D%/native.c %D%/native.h \
	%D%/native_call.c %D%/native_code.h %D%/native_expr.c %D%/native_path.c %D%/native_print.h \
	%D%/routes.c %D%/routes.h \
	%D%/table.c %D%/table.h \
	%D%/table_build.h %D%/table_hash.c %D%/table_node.c \
	%D%/terraform.c %D%/terraform.h %D%/terraform_int.h \
	%D%/terraform_api.c %D%/terraform_iam.c %D%/terraform_main.c \
	%D%/terraform_observability.c %D%/terraform_test.c

# The module that draws pictures; loaded at first use.
if HAVE_GRAPHVIZ
pkglib_LTLIBRARIES += aslc-graphviz.la
aslc_graphviz_la_SOURCES = %D%/render_graphviz.c
aslc_graphviz_la_CFLAGS = $(AM_CFLAGS) $(GRAPHVIZ_CFLAGS)
aslc_graphviz_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -export-symbols-regex '^aslc_render_dot$$'
aslc_graphviz_la_LIBADD = $(GRAPHVIZ_LIBS)
endif

