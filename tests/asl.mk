# Tests of the ASL reader and of diagnostics.
TESTS += %D%/asl-ui.sh %D%/asl-doc.sh %D%/asl-codes.sh %D%/diag-forms.sh %D%/sarif-schema.sh \
	%D%/conformance-asl.sh %D%/conformance/create.sh
EXTRA_DIST += %D%/asl-ui.sh %D%/asl-doc.sh %D%/asl-codes.sh \
	%D%/diag-forms.sh %D%/diag %D%/sarif-schema.sh %D%/sarif-schema.py \
	%D%/conformance-asl.sh %D%/conformance

# Our errors beside those of npm's asl-validator: make lint-peer [ASLC_NPM=FOLDER]
lint-peer: tests/tools/asl_check$(EXEEXT)
	python3 $(srcdir)/%D%/conformance/lint_peer.py tests/tools/asl_check "$${ASLC_NPM:-tests/npm}"
.PHONY: lint-peer
