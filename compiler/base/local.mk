noinst_LTLIBRARIES += libcbase.la
libcbase_la_SOURCES = \
	%D%/cjson_arena.c %D%/cjson_arena.h \
	%D%/diag.c %D%/diag.h %D%/diag_codes.def \
	%D%/diag_forms.h %D%/diag_github.c %D%/diag_json.c %D%/diag_render.c %D%/diag_render.h \
	%D%/diag_sarif.c %D%/diag_service.c %D%/diag_text.c \
	%D%/grow.h \
	%D%/jnode.c %D%/jnode.h \
	%D%/jnode_write.c %D%/jnode_write.h \
	%D%/source.c %D%/source.h \
	%D%/suggest.c %D%/suggest.h \
	%D%/text_index.c %D%/text_index.h
libcbase_la_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS)
libcbase_la_LIBADD = $(CJSON_LIBS)
