# Grammars: each is linked into the library that owns it (see the folder of that name).
#
# grammar/X.y becomes grammar/X_parse.c and X_parse.h, grammar/X.l becomes grammar/X_scan.c, in the
# build folder.  To add one: name it in GRAMMARS, and the three files under nodist_libOWNER_la_SOURCES
# of the owner.
GRAMMARS = %D%/json %D%/crud %D%/path %D%/dynamodb

EXTRA_DIST += $(GRAMMARS:=.y) $(GRAMMARS:=.l)
BUILT_SOURCES += $(GRAMMARS:=_parse.h)
CLEANFILES += $(GRAMMARS:=_parse.c) $(GRAMMARS:=_parse.h) $(GRAMMARS:=_scan.c)

%D%/%_parse.c %D%/%_parse.h: %D%/%.y
	$(AM_V_YACC)$(MKDIR_P) %D% && $(YACC) $(AM_YFLAGS) -o %D%/$*_parse.c $<
%D%/%_scan.c: %D%/%.l
	$(AM_V_LEX)$(MKDIR_P) %D% && $(LEX) -o $@ $<
