# The program.  It is linked with the compiler and the runtime as they are in this tree; graphviz and
# microhttpd come from modules that are loaded at first use.
bin_PROGRAMS += aslc
aslc_SOURCES = \
	%D%/main.c %D%/commands.def %D%/commands.h %D%/flags.def \
	%D%/cli.c %D%/cli.h \
	%D%/session.c %D%/session.h \
	%D%/artifacts.c %D%/artifacts.h \
	%D%/pipeline.c %D%/pipeline.h \
	%D%/module.c %D%/module.h \
	%D%/output.c %D%/output.h \
	%D%/picture.c %D%/picture.h \
	%D%/quotas.c %D%/quotas.h \
	%D%/evaluate.c %D%/evaluate.h \
	%D%/outside.c %D%/outside.h \
	%D%/request.c %D%/request.h \
	%D%/resume.c %D%/resume.h \
	%D%/stand_in.c %D%/stand_in.h \
	%D%/simulation.c %D%/simulation.h \
	%D%/taken.c %D%/taken.h \
	%D%/explain_pages.h \
	%D%/cmd_check.c %D%/cmd_coverage.c %D%/cmd_build.c %D%/cmd_graph.c %D%/cmd_run.c %D%/cmd_serve.c %D%/cmd_test.c \
	%D%/batch.h %D%/batch_create.c %D%/batch_eval.c %D%/batch_run.c %D%/batch_test.c %D%/mock_check.c %D%/mock_check.h \
	%D%/verdict.c %D%/verdict.h \
	%D%/cmd_eval.c %D%/cmd_batch.c %D%/cmd_fmt.c %D%/cmd_explain.c
aslc_CPPFLAGS = $(AM_CPPFLAGS) -DPKGLIBDIR='"$(pkglibdir)"'
nodist_aslc_SOURCES = %D%/explain_pages.c
aslc_LDADD = \
	libemit.la libverify.la libir_lower.la libfront.la libasl.la libir.la libcbase.la \
	libserve.la libremote.la libapi.la libengine.la libstoresqlite.la libstore.la libddb.la libexpr.la libcatalog.la libbase.la \
	$(SQLITE_LIBS) $(PCRE2_LIBS) $(CJSON_LIBS)

DIAG_PAGES = $(wildcard $(top_srcdir)/doc/diag/A*.md)
%D%/explain_pages.c: $(DIAG_PAGES) $(top_srcdir)/scripts/embed-pages
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(top_srcdir)/scripts/embed-pages $(DIAG_PAGES) > $@.tmp && mv $@.tmp $@
CLEANFILES += %D%/explain_pages.c

# The man page and the completions come from the tables of the program.
noinst_PROGRAMS += gen_docs
gen_docs_SOURCES = %D%/gen_docs.c %D%/cli.c %D%/cli.h
gen_docs_LDADD = libcbase.la libbase.la
man1_MANS = man/aslc.1
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = man/completions/aslc
zshcompletiondir = $(datadir)/zsh/site-functions
nodist_zshcompletion_DATA = man/completions/_aslc
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_fishcompletion_DATA = man/completions/aslc.fish
man/aslc.1: gen_docs$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man && ./gen_docs$(EXEEXT) man > $@.tmp && mv $@.tmp $@
man/completions/aslc: gen_docs$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man/completions && ./gen_docs$(EXEEXT) bash > $@.tmp && mv $@.tmp $@
man/completions/_aslc: gen_docs$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man/completions && ./gen_docs$(EXEEXT) zsh > $@.tmp && mv $@.tmp $@
man/completions/aslc.fish: gen_docs$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man/completions && ./gen_docs$(EXEEXT) fish > $@.tmp && mv $@.tmp $@
CLEANFILES += man/aslc.1 man/completions/aslc man/completions/_aslc man/completions/aslc.fish
