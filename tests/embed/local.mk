# The program of samples/embed.
TESTS += %D%/run.sh
EXTRA_DIST += %D%/run.sh %D%/answers
