noinst_LTLIBRARIES += libbase.la
libbase_la_SOURCES = \
	%D%/arena.c %D%/arena.h \
	%D%/base64.c %D%/base64.h \
	%D%/buffer.c %D%/buffer.h \
	%D%/hash.c %D%/hash.h \
	%D%/json.h %D%/json_read.c %D%/json_scan.h %D%/json_write.c \
	%D%/limits.h \
	%D%/number.h %D%/number_read.c %D%/number_write.c \
	%D%/number_exact.c %D%/number_exact.h %D%/number_scan.h \
	%D%/powers.c %D%/powers.h \
	%D%/scan.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/value.c %D%/value.h \
	%D%/wide.h
EXTRA_DIST += doc/json.md
