if HAVE_MICROHTTPD
TESTS += tests/newman/run.sh
endif
EXTRA_DIST += %D%/run.sh %D%/vehicles.postman_collection.json
