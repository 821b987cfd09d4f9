# aslc.mk - make rules for *.crud and *.asl.json; include it, or let ASLC_RULES of aslc.m4 do that.
#
#   NAME.aslc/.stamp: NAME.crud     everything that aslc builds from NAME.crud, in NAME.aslc/
#
# ASLC and ASLC_FLAGS may be set.  What else the outputs depend on is in NAME.aslc/NAME.d, which may be
# included.  A file of NAME.aslc/ that is needed in another rule depends on the stamp:
#
#   NAME.aslc/NAME.c: NAME.aslc/.stamp
#   	@test -f $@ || { rm -f $<; $(MAKE) $<; }
ASLC ?= aslc

%.aslc/.stamp: %.crud
	$(ASLC) build $< -o $*.aslc -MD $(ASLC_FLAGS)
	@touch $@

%.aslc/.stamp: %.asl.json
	$(ASLC) build $< -o $*.aslc -MD $(ASLC_FLAGS)
	@touch $@
