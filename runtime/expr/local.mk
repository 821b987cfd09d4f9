# Paths and intrinsic functions, JSONata: their syntax and their evaluation.
noinst_LTLIBRARIES += libexpr.la
libexpr_la_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE2_CFLAGS)
libexpr_la_LIBADD = $(PCRE2_LIBS)
libexpr_la_SOURCES = \
	%D%/intrinsic.c %D%/intrinsics.def \
	%D%/path.c %D%/path.h %D%/path_parser.h \
	%D%/path_eval.c %D%/path_eval.h %D%/path_filter.c %D%/path_int.h
nodist_libexpr_la_SOURCES = grammar/path_parse.c grammar/path_parse.h grammar/path_scan.c

# JSONata
libexpr_la_SOURCES += \
	grammar/jsonata.c grammar/jsonata_lex.c \
	%D%/asl_functions.c \
	%D%/builtins.c %D%/builtins.h \
	%D%/calendar.c %D%/calendar.h \
	%D%/datetime.c %D%/datetime_picture.c %D%/datetime_picture.h \
	%D%/decimal.c %D%/decimal.h \
	%D%/digest.c %D%/digest.h \
	%D%/eval.c %D%/eval.h %D%/eval_binary.c %D%/eval_call.c %D%/eval_deep.c %D%/eval_error.c \
	%D%/eval_group.c %D%/eval_path.c %D%/eval_sort.c %D%/eval_transform.c %D%/eval_tuple.c \
	%D%/eval_value.c \
	%D%/fault.c %D%/fault.h \
	%D%/format_integer.c %D%/format_integer.h %D%/format_number.c \
	%D%/functions_array.c %D%/functions_encoding.c %D%/functions_hof.c %D%/functions_numeric.c \
	%D%/functions_object.c %D%/functions_regex.c %D%/functions_string.c \
	%D%/jsonata.c %D%/jsonata_asl.c %D%/jsonata_ast.h %D%/jsonata_build.h %D%/jsonata_errors.def \
	%D%/jsonata_functions.def %D%/jsonata_lex.h %D%/jsonata_nodes.def %D%/jsonata_process.c \
	%D%/jsonata_resolve.c %D%/jsonata_tokens.def %D%/jsonata_tree.c \
	%D%/number_words.c %D%/number_words.h %D%/numeric.h \
	%D%/regex.c %D%/regex.h %D%/regex_internal.h %D%/regex_translate.c \
	%D%/signature.c %D%/signature.h %D%/sort.h \
	%D%/stringify.c %D%/stringify.h \
	%D%/text.c %D%/text.h \
	%D%/unicode.c %D%/unicode.h %D%/unicode_case.def
