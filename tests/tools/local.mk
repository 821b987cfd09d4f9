# Programs that tests run.
check_PROGRAMS += tests/tools/asl_check
tests_tools_asl_check_SOURCES = tests/tools/asl_check.c
tests_tools_asl_check_LDADD = libasl.la libverify.la libexpr.la libir.la libcatalog.la libcbase.la libbase.la
check_PROGRAMS += tests/tools/crud_check
tests_tools_crud_check_SOURCES = tests/tools/crud_check.c
tests_tools_crud_check_LDADD = libfront.la libcatalog.la libcbase.la libbase.la
check_PROGRAMS += tests/tools/diag_show
tests_tools_diag_show_SOURCES = tests/tools/diag_show.c
tests_tools_diag_show_LDADD = libcbase.la libbase.la
