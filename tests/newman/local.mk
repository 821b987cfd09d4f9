TESTS += tests/newman/run.sh
EXTRA_DIST += %D%/run.sh %D%/vehicles.postman_collection.json
