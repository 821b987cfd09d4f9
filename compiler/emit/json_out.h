/*
 * json_out.h - a writer of JSON documents for people: two blanks a level, members in the order of
 * the calls, one line at the end.
 *
 *     out_open(&o, '{');
 *     out_key(&o, "title");  out_string(&o, title);
 *     out_close(&o, '}');
 *
 * What it prints is made for Terraform's templatefile(): in every key and string "${" becomes "$${"
 * and "%{" becomes "%%{", so that only the holes that json_prepared leaves open are filled.
 * Invariant: calls are balanced, and inside of an object every value follows its key.
 */
#ifndef ASLC_JSON_OUT_H
#define ASLC_JSON_OUT_H

#include "aslc/runtime.h"
#include "runtime/base/buffer.h"

struct json_out {
    struct aslrt_buffer *out;
    uint32_t depth;
    bool first;     /* nothing stands in the innermost object or array yet */
    bool after_key; /* the next value belongs to a key */
};

struct json_out json_out_on(struct aslrt_buffer *out);
void out_open(struct json_out *o, char bracket);
void out_close(struct json_out *o, char bracket);
void out_key(struct json_out *o, const char *key);
void out_string(struct json_out *o, const char *text);
/* A string in which the escapes for templatefile() have been made and holes stand open. */
void out_prepared(struct json_out *o, const char *text);
void out_bool(struct json_out *o, bool value);
void out_int(struct json_out *o, int64_t value);
/* A whole value.  An undefined one is written as null. */
void out_value(struct json_out *o, struct aslrt_value value);
/* Ends the document with a newline. */
void out_end(struct json_out *o);

/* json_key, then json_string; nothing at all when the text is NULL. */
void out_member(struct json_out *o, const char *key, const char *text);

/* Appends text with the escapes for templatefile(). */
void out_template_text(struct aslrt_buffer *out, const char *text, size_t count);

#endif
