# The engine: one file a family of states; step.c moves from state to state, schedule.c performs what
# it asks for.
noinst_LTLIBRARIES += libengine.la
libengine_la_SOURCES = \
	%D%/assign.c %D%/bucket.c %D%/bucket.h %D%/catch.c %D%/choice.c %D%/clock.c %D%/collect.c %D%/compute.c \
	%D%/context.c %D%/coverage.c \
	%D%/end.c %D%/exec.h %D%/execution.c %D%/history.c %D%/inspect.c %D%/inspect.h %D%/io.c %D%/join.c \
	%D%/lambda.c %D%/lambda.h %D%/machine.h %D%/map_run.c %D%/measure.c \
	%D%/mock.c %D%/mock.h %D%/mock_int.h %D%/mock_message.c %D%/native_main.c %D%/nested.c %D%/nested.h %D%/outcome.c %D%/pass.c %D%/path.c %D%/program.c \
	%D%/query.c %D%/quotas.h %D%/random.c %D%/reader.c %D%/reader.h %D%/replay.c %D%/replay.h %D%/request.c %D%/request.h %D%/retry.c \
	%D%/schedule.c %D%/step.c %D%/task.c %D%/template.c %D%/test.c %D%/wait.c
