/*
 * parse_int.h - the parser's own things: tokens, their layout, and what the grammar calls.
 *
 * The text is cut into tokens before the parser runs (crud.l), so that brackets can be paired and a
 * syntax error can look around (parse_layout.c, parse_error.c).  After an error the parser gets a
 * RESYNC token and goes on with the next statement of the block in which the error stands.
 * Included by the files of compiler/front/parse*.c, ast.c and by grammar/crud.[ly] only.
 */
#ifndef ASLC_PARSE_INT_H
#define ASLC_PARSE_INT_H

#include "compiler/front/parse.h"
#include "runtime/base/buffer.h"
#include "runtime/base/limits.h"

#define CRUD_NONE UINT32_MAX

struct crud_token {
    int kind; /* a token of crud_parse.h */
    struct span span;
    const char *text; /* name: interned; literal: its meaning; else NULL */
    char unit;        /* of a duration */
    bool quoted;      /* a name in back quotes */
    bool first;       /* nothing but blanks and comments before it on its line */
    bool block;       /* a brace that opens a block of statements or members */
    bool open;        /* a brace that nobody closed, as far as the layout tells */
    uint32_t parent;  /* the bracket that it stands in, CRUD_NONE: none */
    uint32_t match;   /* of a bracket: its partner, CRUD_NONE: none */
};

struct crud_doc {   /* a run of /// lines */
    uint32_t start; /* of the token that follows it */
    const char *text;
};

struct crud_parser {
    struct aslrt_arena *arena; /* first: scan.h wants it there */
    struct diag_context *cx;
    const struct source *source;
    uint32_t id;
    struct ast_unit *unit;

    /* the scanner */
    uint32_t at;    /* offset behind what has been scanned */
    uint32_t begin; /* offset of a comment that is being scanned */
    bool fresh;     /* no token yet on this line */
    bool stop;      /* scanning further makes no sense */
    uint32_t depth; /* open brackets */
    struct crud_token *tokens;
    uint32_t count;
    struct ast_comment *last_comment;
    struct crud_doc *docs; /* in order of `start` */
    uint32_t doc_count;
    struct aslrt_buffer doc; /* a run of /// that waits for its token */
    bool doc_open;
    const char **names; /* interning: open addressing, a power of two */
    uint32_t name_count, name_room;

    /* the parser */
    uint32_t next;      /* token that the parser gets next */
    uint32_t current;   /* token that it got last */
    int inject;         /* RESYNC or BODY, to be given before it; 0: none */
    uint32_t last_sync; /* where the parser went on last time */
    uint32_t errors;
    bool too_deep;
};

/* ---- scanner: scan.c, called by crud.l; the texts are what was scanned last ---- */

/* Cuts the source into tokens; the last one is the end of the file. */
void crud_scan(struct crud_parser *p);
const char *crud_intern(struct crud_parser *p, const char *text, uint32_t count);
/* Appends a token that is `count` bytes long and ends where the scanner stands. */
struct crud_token *crud_push(struct crud_parser *p, int kind, uint32_t count);
void crud_push_name(struct crud_parser *p, const char *text, uint32_t count);
void crud_push_string(struct crud_parser *p, const char *text, uint32_t count);
void crud_push_number(struct crud_parser *p, int kind, const char *text, uint32_t count);
void crud_comment(struct crud_parser *p, uint32_t start, bool doc);
void crud_open_comment(struct crud_parser *p);
void crud_bad_character(struct crud_parser *p, const char *text, uint32_t count);
/* A name with letters that names don't have: says so and goes on with it. */
void crud_bad_name(struct crud_parser *p, const char *text, uint32_t count);
void crud_bad_number(struct crud_parser *p, const char *text, uint32_t count);
/* An operator of another language: says so and goes on with ours. */
void crud_bad_operator(struct crud_parser *p, int kind, uint32_t count, const char *instead);
void crud_bad_separator(struct crud_parser *p);

/* ---- layout ---- */

/* Pairs the brackets, puts in braces that are missing and takes out those that close nothing. */
void crud_layout(struct crud_parser *p);
/* Marks the brace at this place as one that opens a block. */
void crud_mark_block(struct crud_parser *p, struct span brace);
/* The innermost brace around the token that opens a block, or CRUD_NONE. */
uint32_t crud_block_of(const struct crud_parser *p, uint32_t at);
/* The token that says what a block is: `entity`, `workflow`, `get`, `transact`, ...; or CRUD_NONE.
 */
uint32_t crud_head_of(const struct crud_parser *p, uint32_t block);
/* Chooses where the parser goes on after an error at token `at`; sets `inject` and `next`.
   `boundary`: a new statement could have started at that token, so that it is wrong by itself. */
void crud_resync(struct crud_parser *p, uint32_t at, bool boundary);
/* Gives the parser the token at that index again as the word that was meant. */
void crud_retry_as(struct crud_parser *p, uint32_t at, int kind);
bool crud_starts_declaration(int kind);
bool crud_is_word(int kind); /* one of words.def */

/* ---- errors ---- */

/* Reports a syntax error at token `at`, where one of `expected` could have stood, and chooses where
   the parser goes on. */
void crud_syntax_error(struct crud_parser *p, uint32_t at, const int *expected, int count);
void crud_too_deep(struct crud_parser *p, struct span at);
/* Begins a diagnostic of the parser and counts it. */
struct diag *crud_report(struct crud_parser *p, enum diag_code code, struct span at,
                         const char *format, ...) DIAG_PRINTF(4, 5);
/* What a token looks like in a message: 'get', the end of the file. */
const char *crud_show(struct crud_parser *p, uint32_t token);

/* ---- constructors (ast.c) ---- */

/* Lists grow at their end: while the parser builds one it holds the last element, whose `next` is
   the first.  CRUD_CLOSE gives the first. */
#define CRUD_APPEND(result, list, node)                                                            \
    do {                                                                                           \
        if ((list) != NULL) {                                                                      \
            (node)->next = (list)->next;                                                           \
            (list)->next = (node);                                                                 \
        } else {                                                                                   \
            (node)->next = (node);                                                                 \
        }                                                                                          \
        (result) = (node);                                                                         \
    } while (0)
#define CRUD_CLOSE(result, list)                                                                   \
    do {                                                                                           \
        (result) = NULL;                                                                           \
        if ((list) != NULL) {                                                                      \
            (result) = (list)->next;                                                               \
            (list)->next = NULL;                                                                   \
        }                                                                                          \
    } while (0)

struct ast_name ast_name(const struct crud_token *token);
/* The text of a negative number in a range. */
const char *ast_minus(struct crud_parser *p, const struct crud_token *number);
struct ast_names *ast_names(struct crud_parser *p, struct ast_name name);

struct ast_expr *ast_literal(struct crud_parser *p, enum ast_expr_kind kind,
                             const struct crud_token *token);
struct ast_expr *ast_name_expr(struct crud_parser *p, struct ast_name name);
struct ast_expr *ast_all(struct crud_parser *p, struct span at, struct ast_name name);
struct ast_expr *ast_member(struct crud_parser *p, struct span at, struct ast_expr *left,
                            struct ast_name name);
struct ast_expr *ast_index(struct crud_parser *p, struct span at, struct ast_expr *left,
                           struct ast_expr *right);
struct ast_expr *ast_call(struct crud_parser *p, struct span at, struct ast_expr *left,
                          struct ast_arg *args);
struct ast_expr *ast_unary(struct crud_parser *p, struct span at, enum ast_expr_kind kind,
                           struct ast_expr *operand);
struct ast_expr *ast_binary(struct crud_parser *p, struct span at, struct ast_expr *left,
                            enum ast_op op, struct span op_span, struct ast_expr *right);
struct ast_expr *ast_object(struct crud_parser *p, struct span at, struct ast_entry *entries);
struct ast_expr *ast_list(struct crud_parser *p, struct span at, struct ast_arg *items);
struct ast_arg *ast_arg(struct crud_parser *p, struct span at, const struct ast_name *name,
                        struct ast_expr *value);
struct ast_entry *ast_entry(struct crud_parser *p, struct span at, enum ast_entry_kind kind,
                            const struct ast_name *name, struct ast_expr *value);

struct ast_type *ast_type(struct crud_parser *p, struct span at, enum ast_type_kind kind);
struct ast_anno *ast_anno(struct crud_parser *p, struct span at, struct ast_name name,
                          bool has_args, struct ast_arg *args);
struct ast_field *ast_field(struct crud_parser *p, struct span at, struct ast_name name,
                            struct ast_type *type, struct ast_expr *value, struct ast_anno *annos);
struct ast_setting *ast_setting(struct crud_parser *p, struct span at, struct ast_name name,
                                struct ast_expr *value);
struct ast_param *ast_param(struct crud_parser *p, struct span at, struct ast_name name,
                            struct ast_type *type, struct ast_expr *value);
struct ast_member *ast_new_member(struct crud_parser *p, struct span at, enum ast_member_kind kind);
struct ast_op_item *ast_op_item(struct crud_parser *p, struct span at, enum ast_op_item_kind kind);
struct ast_stmt *ast_stmt(struct crud_parser *p, struct span at, enum ast_stmt_kind kind);
struct ast_stmt *ast_if(struct crud_parser *p, struct span at, struct ast_expr *condition,
                        struct ast_stmt *then, struct span body);
struct ast_finish *ast_finish(struct crud_parser *p, struct span at, enum ast_finish_kind kind);
struct ast_clause *ast_clause(struct crud_parser *p, struct span at, enum ast_clause_kind kind);
struct ast_action *ast_action(struct crud_parser *p, struct span at, enum ast_action_kind kind);
struct ast_tx *ast_tx(struct crud_parser *p, struct span at, const struct ast_action *action);
struct ast_assign *ast_assign(struct crud_parser *p, struct span at, struct ast_name name, char op,
                              struct ast_expr *value);
struct ast_branch *ast_branch(struct crud_parser *p, struct span at, struct ast_name name,
                              struct ast_stmt *stmts);
struct ast_tstmt *ast_tstmt(struct crud_parser *p, struct span at, enum ast_tstmt_kind kind);
struct ast_decl *ast_decl(struct crud_parser *p, struct span at, enum ast_decl_kind kind,
                          struct ast_name name);
/* The /// text that stands before the token at this offset, or NULL. */
const char *ast_doc(const struct crud_parser *p, uint32_t start);

#endif
