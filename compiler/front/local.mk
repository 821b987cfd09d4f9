noinst_LTLIBRARIES += libasl.la
libasl_la_SOURCES = \
	%D%/asl_choice.c %D%/asl_errors.c %D%/asl_fields.c %D%/asl_fields.def %D%/asl_int.h \
	%D%/asl_jsonata.c %D%/asl_map.c %D%/asl_path.c %D%/asl_payload.c %D%/asl_read.c %D%/asl_read.h \
	%D%/asl_request.c %D%/asl_requests.def %D%/asl_resource.c %D%/asl_values.c %D%/asl_values.def \
	%D%/json_parser.h %D%/json_read.c %D%/json_read.h
nodist_libasl_la_SOURCES = grammar/json_parse.c grammar/json_parse.h grammar/json_scan.c

noinst_LTLIBRARIES += libfront.la
libfront_la_SOURCES = \
	%D%/annotations.def %D%/builtins.def %D%/errors.def %D%/settings.def %D%/types.def %D%/words.def \
	%D%/ast.c %D%/ast.h %D%/builtins.h %D%/model.h %D%/words.h \
	%D%/names.c %D%/names.h \
	%D%/parse.c %D%/parse.h %D%/parse_int.h \
	%D%/parse_error.c %D%/parse_layout.c %D%/scan.c \
	%D%/print.c %D%/print.h %D%/print_int.h \
	%D%/print_expr.c %D%/print_rows.c %D%/print_stmt.c \
	%D%/sema.c %D%/sema.h %D%/sema_int.h \
	%D%/sema_action.c %D%/sema_entity.c %D%/sema_error.c %D%/sema_expr.c %D%/sema_field.c \
	%D%/sema_flow.c \
	%D%/sema_name.c %D%/sema_operation.c %D%/sema_pattern.c %D%/sema_route.c %D%/sema_service.c \
	%D%/sema_setting.c %D%/sema_test.c %D%/sema_type.c %D%/sema_unsupported.c %D%/sema_value.c
nodist_libfront_la_SOURCES = grammar/crud_parse.c grammar/crud_parse.h grammar/crud_scan.c
