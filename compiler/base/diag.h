/*
 * diag.h - diagnostics: one call a problem, one table of codes, many forms of output.
 *
 *     struct diag *d = diag_begin(cx, DIAG_UNKNOWN_STATE, at, "state '%s' goes to ...", ...);
 *     diag_label(d, other, "first defined here");
 *     diag_help(d, "...");
 *     diag_end(d);
 *
 * Passes report here and never print.  The context keeps everything until the driver renders it:
 * sorted by place, deduplicated by (code, place, message), capped, as text, JSON, SARIF or GitHub
 * annotations (diag_render.h).  A message is lower case, without a full stop, names in single
 * quotes. Ownership: all of it lives in the context's arena.
 */
#ifndef ASLC_DIAG_H
#define ASLC_DIAG_H

#include "compiler/base/source.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* One enumerator a row of diag_codes.def; DIAG_COUNT is their number. */
enum diag_code {
#define DIAG(id, code, severity, slug, title, ref, aws) DIAG_##id,
#include "compiler/base/diag_codes.def"
#undef DIAG
    DIAG_COUNT
};

struct diag_info {
    const char *id;
    const char *code; /* "A301" */
    enum severity severity;
    const char *slug;  /* "unknown-state", for -W */
    const char *title; /* one line */
    const char *ref;   /* codes of facts/verification.md that it answers, separated by blanks */
    const char *aws;   /* the service's own code, or "" */
};
extern const struct diag_info diag_table[DIAG_COUNT];

struct diag_label {
    struct span at;
    const char *text;
};
struct diag_fix {
    struct span at; /* the text to replace; empty span: insert */
    const char *text;
    bool sure; /* may be applied without asking */
};
struct diag_step { /* one step of a witness: a state on the way to the problem */
    struct span at;
    const char *text;
};

struct diag {
    struct diag_context *cx;
    enum diag_code code;
    enum severity severity;
    struct span at;
    const char *message;
    const char *pointer;         /* JSON pointer in ASL, or "" */
    const char *service_code;    /* the service's own code for it, or "": it lets this pass */
    const char *service_text;    /* what the service says, or NULL: not known */
    const char *service_pointer; /* where the service places it, or NULL: at `pointer` */
    const char *primary;         /* text at the primary caret, or NULL */
    struct diag_label *labels;
    uint32_t label_count;
    const char **notes;
    uint32_t note_count;
    const char **helps;
    uint32_t help_count;
    struct diag_fix *fixes;
    uint32_t fix_count;
    struct diag_step *path;
    uint32_t path_count;
    uint32_t order; /* of reporting, to keep the sort stable */
};

struct diag_context {
    struct aslrt_arena *arena;
    const struct source_table *sources;
    struct diag **diags;
    uint32_t count;
    bool sorted;                        /* nothing was reported since diag_sort */
    enum severity severity[DIAG_COUNT]; /* after -W */
    bool off[DIAG_COUNT];               /* -Wno- */
    bool keep[DIAG_COUNT];              /* -Wno-error=: a warning whatever -Werror says */
    bool warnings_are_errors;
    const char *program; /* names the tool in SARIF */
};

void diag_context_init(struct diag_context *cx, struct aslrt_arena *arena,
                       const struct source_table *sources);

/* Takes the value of one -W flag: "slug", "no-slug", "error=slug", "error", "no-error=slug"; a code
   such as A301 may stand for the slug.  False when no such slug exists; *near then is the nearest
   one, or NULL.  Errors proper can't be turned off or made warnings: false too, with their own slug
   in *near. */
bool diag_flag(struct diag_context *cx, const char *flag, const char **near);

#if defined(__GNUC__)
#define DIAG_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define DIAG_PRINTF(f, a)
#endif

struct diag *diag_begin(struct diag_context *cx, enum diag_code code, struct span at,
                        const char *format, ...) DIAG_PRINTF(4, 5);
void diag_primary(struct diag *d, const char *format, ...) DIAG_PRINTF(2, 3);
void diag_label(struct diag *d, struct span at, const char *format, ...) DIAG_PRINTF(3, 4);
void diag_note(struct diag *d, const char *format, ...) DIAG_PRINTF(2, 3);
void diag_help(struct diag *d, const char *format, ...) DIAG_PRINTF(2, 3);
/* A replacement for the text at `at`; its help line is made from it ("replace with '...'"). */
void diag_fix(struct diag *d, struct span at, bool sure, const char *format, ...) DIAG_PRINTF(4, 5);
void diag_path(struct diag *d, struct span at, const char *format, ...) DIAG_PRINTF(3, 4);
void diag_pointer(struct diag *d, const char *pointer);

/* ---- the service's words (diag_service.c) ---- */

enum { DIAG_NOWHERE = -1 }; /* the service names no place */

/* What the service itself says of the problem, where that is known, and where: `up` levels above
   the pointer, which is set before.  Texts are those recorded or measured on the service. */
void diag_service(struct diag *d, int up, const char *format, ...) DIAG_PRINTF(3, 4);
/* The service's code of this one differs from that of the others; "": the service lets it pass. */
void diag_service_code(struct diag *d, const char *code);
/* Its text, else our message. */
const char *diag_service_text(const struct diag *d);
/* "/States/A/Catch[0]/Next"; NULL when the service names no place. */
const char *diag_service_location(const struct diag *d);

/* Files the diagnostic.  Without this call it does not exist. */
void diag_end(struct diag *d);

/* The usual case: one message, nothing attached. */
void diag_simple(struct diag_context *cx, enum diag_code code, struct span at, const char *format,
                 ...) DIAG_PRINTF(4, 5);

/* Sorts by place and takes out what was reported twice; the renderers call it. */
void diag_sort(struct diag_context *cx);
/* How many of that severity there are (before diag_sort, repeated ones count too). */
uint32_t diag_count(const struct diag_context *cx, enum severity severity);

/* The row with that code or slug, or NULL. */
const struct diag_info *diag_find(const char *code_or_slug);

#endif
