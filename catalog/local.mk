# The catalog: facts about service calls, as data.
noinst_LTLIBRARIES += libcatalog.la
libcatalog_la_SOURCES = \
	%D%/catalog.c %D%/catalog.h %D%/resource.c %D%/shapes.c %D%/shapes.def %D%/shapes.h \
	%D%/errors.def %D%/sets.def %D%/calls.def %D%/services.def \
	%D%/reserved.def %D%/quotas.def \
	%D%/groups.c %D%/groups.def
