noinst_LTLIBRARIES += libir.la
libir_la_SOURCES = \
	%D%/ir.c %D%/ir.h \
	%D%/ir_check.c %D%/ir_choice.c %D%/ir_choice.h %D%/ir_dump.c %D%/ir_operators.def \
	%D%/service.h
