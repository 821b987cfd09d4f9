noinst_LTLIBRARIES += libcbase.la
libcbase_la_SOURCES = \
	%D%/diag.c %D%/diag.h %D%/diag_codes.def %D%/diag_render.h \
	%D%/grow.h \
	%D%/jnode.c %D%/jnode.h \
	%D%/jnode_write.c %D%/jnode_write.h \
	%D%/source.c %D%/source.h \
	%D%/suggest.c %D%/suggest.h
