/*
 * native.h - the engine's tables printed as C: what `aslc build --emit native` writes.
 *
 * In: struct aslrt_machine, as the table builder made it; nothing of the IR.  Out: three texts: a
 * header (C and C++) that declares the machine, a source with constant tables and straight-line
 * functions, and a main program.  The same machine gives the same bytes. All logic lives in
 * libaslrt; each table line and function says which state it belongs to.
 */
#ifndef ASLC_NATIVE_H
#define ASLC_NATIVE_H

#include "runtime/base/buffer.h"

struct native_options {
    const char *name;    /* C identifier, see native_identifier: NAME.h, NAME.c, NAME_machine */
    const char *source;  /* what it was made from, for the banner: "vehicles.crud" */
    const char *version; /* of aslc */
};

/* A C identifier made from a name, in `arena`: letters, digits and '_' stay, the rest becomes '_';
   what would begin with a digit, or is a word of C or C++, gets "m_" before it. */
const char *native_identifier(struct aslrt_arena *arena, const char *name);

void native_header(struct aslrt_buffer *out, const struct aslrt_machine *m,
                   const struct native_options *options);
void native_source(struct aslrt_buffer *out, const struct aslrt_machine *m,
                   const struct native_options *options);
void native_main(struct aslrt_buffer *out, const struct aslrt_machine *m,
                 const struct native_options *options);

/* Prints one compiled expression of the plain dialect as a function (aslrt_compute) that has
   external linkage: its context is the view's input, its variables are the view's, in the order of
   aslrt_jsonata_variables.  False, and nothing printed, when it can't be computed.  Built-in
   functions are taken for what they are: not for expressions whose bindings hide them. */
bool native_expression(struct aslrt_buffer *out, const char *name,
                       const struct aslrt_jsonata *program);

#endif
