# What other builds use: pkg-config, autotools, CMake and make.
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = packaging/aslrt.pc packaging/aslrt-io.pc packaging/aslc.pc
m4dir = $(datadir)/aclocal
dist_m4_DATA = packaging/aslc.m4
cmakedir = $(libdir)/cmake/aslc
cmake_DATA = packaging/aslcConfig.cmake
dist_pkgdata_DATA = packaging/aslc.mk packaging/gitlab-ci.yml
dist_pkgdata_SCRIPTS = packaging/ci-verify
EXTRA_DIST += action.yml .pre-commit-hooks.yaml packaging/aslrt.map packaging/aslrt-io.map packaging/aslc.map packaging/aslcConfig.cmake.in

# Folders are known to make only, so that `make install prefix=...` works.
packaging/aslcConfig.cmake: packaging/aslcConfig.cmake.in Makefile
	$(AM_V_GEN)$(MKDIR_P) packaging && sed -e 's|@prefix[@]|$(prefix)|g' -e 's|@bindir[@]|$(bindir)|g' \
	    -e 's|@libdir[@]|$(libdir)|g' -e 's|@includedir[@]|$(includedir)|g' \
	    $(top_srcdir)/packaging/aslcConfig.cmake.in > $@
CLEANFILES += packaging/aslcConfig.cmake
