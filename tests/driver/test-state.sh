#!/bin/sh
# The op test_state of aslc batch: requests in test_state.in, replies in test_state.out.
# ASLC_BLESS=1 rewrites the replies.
here=${srcdir:-.}/tests/driver
if [ -n "$ASLC_BLESS" ]; then
    ./aslc batch < "$here/test_state.in" > "$here/test_state.out"
fi
./aslc batch < "$here/test_state.in" | diff "$here/test_state.out" -
