# Tests of the CRUD language's front end.
TESTS += tests/crud-ui.sh tests/crud-doc.sh
EXTRA_DIST += tests/crud-ui.sh tests/crud-doc.sh tests/crud tests/fmt samples
