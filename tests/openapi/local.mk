TESTS += tests/openapi/run.sh
EXTRA_DIST += %D%/run.sh %D%/validate.mjs
