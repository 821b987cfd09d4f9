# Tests of the CRUD language's front end.
TESTS += tests/crud-ui.sh tests/crud-doc.sh tests/crud-language.sh
EXTRA_DIST += tests/crud-ui.sh tests/crud-doc.sh tests/crud-language.sh tests/crud-language.py \
	tests/crud tests/fmt samples doc/language.md
