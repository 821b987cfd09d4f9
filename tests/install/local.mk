# What `make install` puts where, and what other builds make of it.  install.sh fills tests/install/root in
# the build folder; the others use it, and run after it.
INSTALLED_TESTS = %D%/exports.sh %D%/headers.sh %D%/autotools.sh %D%/cmake.sh %D%/make.sh %D%/ci-verify.sh
TESTS += %D%/install.sh $(INSTALLED_TESTS) %D%/ci-files.sh
$(INSTALLED_TESTS:.sh=.sh.log): %D%/install.sh.log
EXTRA_DIST += %D%/install.sh $(INSTALLED_TESTS) %D%/ci-files.sh %D%/ci_files.py %D%/need.sh %D%/build.sh %D%/embed.c
clean-local:
	rm -rf tests/install/root
