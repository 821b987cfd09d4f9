noinst_LTLIBRARIES += libir.la
libir_la_SOURCES = \
	%D%/ir.c %D%/ir.h \
	%D%/ir_check.c %D%/ir_choice.c %D%/ir_choice.h %D%/ir_dump.c %D%/ir_operators.def \
	%D%/service.h

# The lowering reads the model of front/, the rest of ir/ knows no language.
noinst_LTLIBRARIES += libir_lower.la
libir_lower_la_SOURCES = \
	%D%/lower.c %D%/lower.h %D%/lower_int.h \
	%D%/lower_body.c %D%/lower_condition.c %D%/lower_create.c %D%/lower_delete.c \
	%D%/lower_expr.c %D%/lower_flow.c %D%/lower_get.c %D%/lower_list.c \
	%D%/lower_service.c %D%/lower_task.c %D%/lower_text.c %D%/lower_type.c %D%/lower_update.c %D%/lower_which.c
