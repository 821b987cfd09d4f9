# The engine: one file a family of states; step.c moves from state to state, schedule.c performs what
# it asks for.
noinst_LTLIBRARIES += libengine.la
libengine_la_SOURCES = \
	%D%/assign.c %D%/catch.c %D%/choice.c %D%/clock.c %D%/collect.c %D%/compute.c \
	%D%/context.c \
	%D%/end.c %D%/exec.h %D%/execution.c %D%/history.c %D%/io.c %D%/join.c %D%/machine.h %D%/measure.c \
	%D%/mock.c %D%/mock.h %D%/native_main.c %D%/outcome.c %D%/pass.c %D%/path.c %D%/program.c \
	%D%/query.c %D%/quotas.h %D%/random.c %D%/request.c %D%/request.h %D%/retry.c \
	%D%/schedule.c %D%/step.c %D%/task.c %D%/template.c %D%/test.c %D%/wait.c
