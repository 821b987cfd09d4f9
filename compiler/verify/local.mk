# The verifier: one question a file.
noinst_LTLIBRARIES += libverify.la
libverify_la_SOURCES = \
	%D%/as_service.c %D%/attributes.c %D%/bounds.c %D%/catches.c %D%/choice.c %D%/choice_jsonata.c %D%/choice_literal.c %D%/choice_path.c %D%/choice_set.c \
	%D%/choice_set.h %D%/coverage.c %D%/dead.c %D%/escapes.c %D%/handlers.c %D%/items.c %D%/loops.c \
	%D%/match.c %D%/overwrites.c %D%/passes.def %D%/payload.c %D%/raised.c %D%/reach.c %D%/repeat.c %D%/report.c \
	%D%/retries.c %D%/routes.c %D%/targets.c %D%/timeouts.c %D%/variables.c %D%/verify.c %D%/verify.h \
	%D%/verify_int.h
