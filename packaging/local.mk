# What other builds use: pkg-config, autotools, CMake and make.
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = packaging/aslrt.pc packaging/aslrt-io.pc packaging/aslc.pc
m4dir = $(datadir)/aclocal
dist_m4_DATA = packaging/aslc.m4
cmakedir = $(libdir)/cmake/aslc
cmake_DATA = packaging/aslcConfig.cmake packaging/aslcConfigVersion.cmake
dist_pkgdata_DATA = packaging/aslc.mk packaging/gitlab-ci.yml
dist_pkgdata_SCRIPTS = packaging/ci-verify
EXTRA_DIST += action.yml .pre-commit-hooks.yaml packaging/aslrt.map packaging/aslrt-io.map packaging/aslc.map \
	packaging/aslrt.pc.in packaging/aslrt-io.pc.in packaging/aslc.pc.in \
	packaging/aslcConfig.cmake.in packaging/aslcConfigVersion.cmake.in

# Folders are known to make only, so that `make install prefix=...` works: these files are looked at in
# every run, and rewritten when one has changed.
PLACED = $(pkgconfig_DATA) $(cmake_DATA)
$(PLACED): %: %.in place-files
	$(AM_V_at)$(MKDIR_P) packaging && sed -e 's|@prefix[@]|$(prefix)|g' -e 's|@bindir[@]|$(bindir)|g' \
	    -e 's|@libdir[@]|$(libdir)|g' -e 's|@includedir[@]|$(includedir)|g' \
	    -e 's|@pkgdatadir[@]|$(pkgdatadir)|g' -e 's|@version[@]|$(PACKAGE_VERSION)|g' \
	    $(srcdir)/$@.in > $@.tmp
	$(AM_V_at)if cmp -s $@.tmp $@; then rm -f $@.tmp; else mv -f $@.tmp $@; fi
place-files:
.PHONY: place-files
CLEANFILES += $(PLACED)
