# The language end to end: behaviour, failures, artifacts, terraform.
TESTS += tests/crud/behaviour.sh tests/crud/faults.sh tests/crud/agree.sh tests/crud/values.sh tests/golden/golden.sh tests/golden/overview.sh tests/terraform/terraform.sh
EXTRA_DIST += tests/golden tests/terraform
