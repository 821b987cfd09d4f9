# Packages from npm for the tests that need them.  `make npm` fetches them into the build tree;
# without them those tests say SKIP.  ASLC_NPM may name another folder with node_modules in it.
npm:
	$(MKDIR_P) tests/npm
	cp $(srcdir)/tests/npm/package.json tests/npm/
	npm install --prefix tests/npm --no-audit --no-fund --no-package-lock
.PHONY: npm
EXTRA_DIST += %D%/package.json %D%/need.sh
