/*
 * aslc/compiler.h - the compiler library, libaslc: texts in, diagnostics and files out.
 *
 * For build tools and editors that want what `aslc` does without starting it.  Nothing is printed,
 * read from disk or written to it.
 *
 * Ownership: a result owns everything that it points to and lives until aslc_result_close; the
 * texts of a request are borrowed until then.
 */
#ifndef ASLC_COMPILER_H
#define ASLC_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ASLC_API __attribute__((visibility("default")))
#else
#define ASLC_API
#endif

/* What to make; bits, to be joined.  0: check only. */
enum {
    ASLC_EMIT_ASL = 1,
    ASLC_EMIT_TERRAFORM = 2,
    ASLC_EMIT_OPENAPI = 4,
    ASLC_EMIT_DIAGRAM = 8, /* as Mermaid text */
    ASLC_EMIT_NATIVE = 16,
};

struct aslc_request {
    const char *name; /* "orders.crud" or "flow.asl.json": its end says which language it is */
    const char *text; /* UTF-8 */
    size_t count;     /* in bytes */
    unsigned emit;
    bool per_operation; /* a machine for each operation instead of one behind a Choice */
    bool express;       /* an ASL text is for an Express machine */
};

enum aslc_severity { ASLC_NOTE, ASLC_WARNING, ASLC_ERROR };

struct aslc_diagnostic {
    enum aslc_severity severity;
    const char *code; /* "A301" */
    const char *slug; /* "unknown-state" */
    const char *message;
    const char *help;      /* or "" */
    const char *pointer;   /* JSON pointer in ASL, or "" */
    size_t start, end;     /* bytes of the text, half open */
    uint32_t line, column; /* of the start, from 1; columns in bytes */
};

struct aslc_file {
    const char *name; /* "vehicles.asl.json" */
    const char *bytes;
    size_t count;
};

struct aslc_result {
    const struct aslc_diagnostic *diagnostics; /* sorted by place */
    size_t diagnostic_count;
    size_t error_count;
    const struct aslc_file *files; /* none when there are errors */
    size_t file_count;
};

/* Compiles one text.  Gives a result, to be closed; NULL without memory. */
ASLC_API const struct aslc_result *aslc_compile(const struct aslc_request *request);
ASLC_API void aslc_result_close(const struct aslc_result *result); /* takes; NULL is nothing */

/* "0.1.0" */
ASLC_API const char *aslc_version(void);

#ifdef __cplusplus
}
#endif

#endif
