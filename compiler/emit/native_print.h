/*
 * native_print.h - what the files of the C printer share.
 */
#ifndef ASLC_NATIVE_PRINT_H
#define ASLC_NATIVE_PRINT_H

#include "compiler/emit/native.h"

struct native {
    struct aslrt_buffer *out;
    struct aslrt_arena *arena;
    const struct aslrt_machine *machine;
    const char *name;
    bool *computed;  /* by node: a function NAME_fN computes it */
    uint32_t *owner; /* by node: the state that it belongs to */
};

/* Text as a C string literal, ASCII only and without trigraphs. */
void native_string(struct aslrt_buffer *out, const char *text, size_t count);
/* A name inside a comment: nothing in it can end the comment. */
void native_comment(struct aslrt_buffer *out, const char *text);

/* Prints the functions of all nodes that can be computed straight-line, and marks those nodes. */
void native_functions(struct native *n);

#endif
