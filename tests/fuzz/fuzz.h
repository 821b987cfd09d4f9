/*
 * fuzz.h - what a fuzz target is: one function that takes any bytes and must neither crash nor
 * hang.
 *
 * libFuzzer calls it (configure --enable-fuzzers CC=clang), and so does replay.c under `make
 * check`.  A target calls abort() where a promise is broken that a sanitizer can't see.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
