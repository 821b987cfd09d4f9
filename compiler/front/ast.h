/*
 * ast.h - the syntax tree of the CRUD language, as the parser builds it and `aslc fmt` prints it.
 *
 * In: grammar/crud.y calls the constructors of ast.c.  Out: a struct ast_unit.
 * The tree holds what was written: names are not resolved, words are not checked.  model.h is what
 * names-and-types (sema) makes of it.  Each node carries its span; comments are kept apart, in
 * order, so that fmt can put them back. Ownership: everything lives in the arena that the parser
 * was given; lists are singly linked in the order of the source, because the parser appends and
 * everybody else walks.
 */
#ifndef ASLC_AST_H
#define ASLC_AST_H

#include "compiler/base/source.h"

/* A name as written; `text` is interned (equal names have equal pointers) and has no back quotes.
 */
struct ast_name {
    const char *text;
    struct span span;
    bool quoted; /* written in back quotes */
};

/* ---- expressions ---- */

enum ast_expr_kind {
    AST_INT,    /* text: digits without _ */
    AST_NUMBER, /* text: as written, with a point */
    AST_STRING, /* text: unescaped */
    AST_BOOL,
    AST_NULL,
    AST_DURATION, /* text: digits, unit: s m h d */
    AST_NAME,
    AST_MEMBER, /* left . name */
    AST_INDEX,  /* left [ right ] */
    AST_CALL,   /* left ( args ) */
    AST_NOT,
    AST_NEGATE,
    AST_BINARY, /* left op right */
    AST_OBJECT, /* entries */
    AST_LIST,   /* args */
    AST_ALL,    /* all NAME: every item of an entity, in invariants */
};

enum ast_op {
    AST_OR,
    AST_AND,
    AST_EQ,
    AST_NE,
    AST_LT,
    AST_GT,
    AST_LE,
    AST_GE,
    AST_IN,
    AST_ADD,
    AST_SUB,
    AST_MUL,
    AST_DIV,
    AST_MOD,
};

struct ast_arg {
    struct ast_name name; /* text NULL: positional */
    struct ast_expr *value;
    struct span span;
    struct ast_arg *next;
};

enum ast_entry_kind { AST_ENTRY_PAIR, AST_ENTRY_SHORT, AST_ENTRY_SPREAD };
struct ast_entry {
    enum ast_entry_kind kind;
    struct ast_name name;   /* pair, short */
    struct ast_expr *value; /* pair, spread */
    struct span span;
    struct ast_entry *next;
};

struct ast_expr {
    enum ast_expr_kind kind;
    struct span span;
    bool parens;    /* written in parentheses */
    uint32_t depth; /* of its deepest part; ASLRT_DEPTH_MAX at most */
    enum ast_op op;
    struct span op_span;
    bool boolean;
    const char *text; /* literals */
    char unit;        /* duration */
    struct ast_name name;
    struct ast_expr *left;
    struct ast_expr *right;
    struct ast_arg *args;
    struct ast_entry *entries;
    const struct type *type;   /* set by sema: what it evaluates to */
    const struct binding *ref; /* set by sema: what a name, or the root of a path, stands for */
};

/* ---- types and fields ---- */

struct ast_range { /* a..b; a single number is its own upper bound; text NULL: open */
    const char *low;
    const char *high;
    struct span span;
};

enum ast_type_kind { AST_TYPE_NAME, AST_TYPE_KEY_OF, AST_TYPE_LIST, AST_TYPE_ENUM };
struct ast_type {
    enum ast_type_kind kind;
    struct span span;
    struct ast_name name;  /* string, Line, ... ; for KEY_OF the entity */
    struct ast_name field; /* KEY_OF: Project.id */
    bool has_range;
    struct ast_range range; /* string(1..40), int(0..), [T](..20) */
    bool has_digits;        /* decimal(10, 2) */
    const char *digits[2];
    struct ast_type *element;  /* list; also NAME(type), as in optional wrappers */
    struct ast_names *members; /* enum(...) */
    bool optional;             /* trailing ? */
};

struct ast_names {
    struct ast_name name;
    struct ast_names *next;
};

struct ast_anno { /* @name(args) */
    struct ast_name name;
    bool has_args;
    struct ast_arg *args;
    struct span span;
    struct ast_anno *next;
};

struct ast_field {
    struct ast_name name;
    struct ast_type *type;
    struct ast_expr *value; /* = expr, or NULL */
    struct ast_anno *annos;
    const char *doc; /* text of the /// comment before it, or NULL */
    struct span span;
};

struct ast_setting { /* name = expr */
    struct ast_name name;
    struct ast_expr *value;
    struct span span;
    struct ast_setting *next;
};

/* ---- failures, checks, catches ---- */

struct ast_failure { /* fail X(args) */
    struct ast_name error;
    struct ast_arg *args;
    bool has_args;
    struct span span;
};

struct ast_check { /* check expr else failure */
    struct ast_expr *condition;
    struct ast_failure failure;
    struct span span;
};

enum ast_finish_kind { AST_FINISH_FAIL, AST_FINISH_REPLY, AST_FINISH_CONTINUE };
struct ast_finish {
    enum ast_finish_kind kind;
    struct ast_failure failure;
    const char *status; /* reply 200 */
    struct span status_span;
    struct ast_expr *value; /* reply's body, or NULL */
    struct span span;
};

struct ast_catch { /* catch A, B on Entity as e => finish | block */
    struct ast_names *errors;
    struct ast_name on; /* text NULL: none */
    struct ast_name as;
    bool has_block;
    struct ast_finish finish;
    struct ast_stmt *block;
    struct span body;
    struct span span;
};

/* ---- members of an entity ---- */

enum ast_verb { AST_CREATE, AST_GET, AST_UPDATE, AST_REPLACE, AST_DELETE, AST_LIST_VERB };

enum ast_op_item_kind { AST_OP_SETTING, AST_OP_CHECK, AST_OP_CATCH };
struct ast_op_item {
    enum ast_op_item_kind kind;
    struct ast_setting setting;
    struct ast_check check;
    struct ast_catch catch_;
    struct span span;
    struct ast_op_item *next;
};

struct ast_operation {
    enum ast_verb verb;
    struct span verb_span;
    struct ast_name by; /* list by INDEX; text NULL: none */
    struct ast_arg *args;
    bool has_body;
    struct span body; /* from brace to brace; so in all that follows */
    struct ast_op_item *items;
    const char *doc;
    struct span span;
};

enum ast_member_kind {
    AST_MEMBER_FIELD,
    AST_MEMBER_KEY,
    AST_MEMBER_SORT,
    AST_MEMBER_SETTING,
    AST_MEMBER_INDEX,
    AST_MEMBER_CHECK,
    AST_MEMBER_OPERATION,
    AST_MEMBER_INVARIANT,
};
struct ast_member {
    enum ast_member_kind kind;
    struct ast_field field; /* FIELD, KEY, SORT */
    struct ast_setting setting;
    struct ast_name index; /* INDEX */
    struct ast_names *index_fields;
    struct ast_anno *index_annos;
    struct ast_check check;
    struct ast_operation operation;
    struct ast_expr *invariant;
    struct span span;
    struct ast_member *next;
};

/* ---- workflows ---- */

enum ast_action_kind {
    AST_ACT_CREATE,
    AST_ACT_UPDATE,
    AST_ACT_DELETE,
    AST_ACT_GET,
    AST_ACT_FIND,
    AST_ACT_CALL,
    AST_ACT_START,
    AST_ACT_PUBLISH,
    AST_ACT_TRANSACT,
    AST_ACT_CHECK /* in a transaction only */,
};

struct ast_assign { /* name = e, name += e, name -= e, remove name */
    struct ast_name name;
    char op; /* '=', '+', '-', 'r' */
    struct ast_expr *value;
    struct span span;
    struct ast_assign *next;
};

struct ast_action {
    enum ast_action_kind kind;
    struct ast_name target; /* entity, function, workflow, topic */
    struct ast_name index;  /* find E.index */
    struct ast_arg *args;
    struct ast_expr *value;     /* create's object, publish's expression */
    struct ast_assign *assigns; /* update */
    struct ast_expr *when;      /* or NULL */
    struct ast_tx *parts;       /* transact */
    struct span body;           /* of update and transact */
    struct span span;
};

struct ast_tx {           /* one part of a transaction */
    struct ast_name each; /* text NULL: none */
    struct ast_expr *in;
    struct ast_action action;
    struct span span;
    struct ast_tx *next;
};

enum ast_clause_kind { AST_CLAUSE_TIMEOUT, AST_CLAUSE_RETRY, AST_CLAUSE_UNDO, AST_CLAUSE_CATCH };
struct ast_clause {
    enum ast_clause_kind kind;
    struct ast_expr *timeout;
    struct ast_names *policies; /* retry */
    struct ast_stmt *undo;
    struct span body;
    struct ast_catch catch_;
    struct span span;
    struct ast_clause *next;
};

enum ast_stmt_kind {
    AST_STMT_LET,
    AST_STMT_ACTION /* step NAME = action, or a bare action */,
    AST_STMT_CHECK,
    AST_STMT_IF,
    AST_STMT_FOR,
    AST_STMT_PARALLEL,
    AST_STMT_WAIT,
    AST_STMT_WAIT_UNTIL,
    AST_STMT_IDEMPOTENT,
    AST_STMT_FINISH,
};
struct ast_branch {
    struct ast_name name;
    struct ast_stmt *stmts;
    struct span body;
    struct span span;
    struct ast_branch *next;
};
struct ast_stmt {
    enum ast_stmt_kind kind;
    struct ast_name name;   /* let, step (text NULL: bare), for each */
    struct ast_expr *value; /* let, if, for's list, wait, idempotent by */
    struct ast_action action;
    struct ast_clause *clauses; /* action, parallel */
    struct ast_check check;
    struct ast_stmt *then;      /* if, for */
    struct span body;           /* of if, for, parallel */
    struct ast_stmt *otherwise; /* else block, or the one if-statement */
    bool has_else;
    bool else_if;
    struct span else_body;
    const char *at_most; /* for each ... at most N */
    struct ast_branch *branches;
    struct ast_expr *duration; /* idempotent ... for */
    struct ast_finish finish;
    struct span span;
    struct ast_stmt *next;
};

/* ---- tests ---- */

enum ast_tstmt_kind {
    AST_T_LET,
    AST_T_REQUEST,
    AST_T_FAIL_NEXT,
    AST_T_GIVEN_RETURNS,
    AST_T_GIVEN_RAISES,
    AST_T_ADVANCE,
    AST_T_EXPECT,
    AST_T_EXPECT_MISSING,
};
struct ast_tstmt {
    enum ast_tstmt_kind kind;
    struct ast_name name; /* let, given's function, expect's entity, fail next E.op */
    struct ast_name verb; /* get post put patch delete; for FAIL_NEXT the operation's word */
    const char *path;     /* request */
    struct span path_span;
    struct ast_expr *body;    /* request's body, or NULL */
    struct ast_expr *caller;  /* as {...} */
    struct ast_expr *headers; /* headers {...} */
    const char *status;       /* -> 201 */
    struct span status_span;
    struct ast_expr *expected; /* object after the status; expect's object */
    struct ast_names *errors;  /* fail next ... with A, B; given raises X */
    bool applied;
    struct ast_expr *value; /* let, given returns, advance */
    struct ast_arg *args;   /* expect E(args) */
    struct span span;
    struct ast_tstmt *next;
};

/* ---- declarations ---- */

enum ast_decl_kind {
    AST_DECL_SERVICE,
    AST_DECL_ENTITY,
    AST_DECL_TYPE,
    AST_DECL_ENUM,
    AST_DECL_ERROR,
    AST_DECL_FUNCTION,
    AST_DECL_POLICY,
    AST_DECL_WORKFLOW,
    AST_DECL_TEST,
    AST_DECL_INVARIANT,
};
struct ast_param {
    struct ast_name name;
    struct ast_type *type;
    struct ast_expr *value; /* default, or NULL */
    struct span span;
    struct ast_param *next;
};
struct ast_decl {
    enum ast_decl_kind kind;
    struct ast_anno *annos;
    struct ast_name name;
    const char *at; /* entity at "..."; workflow's path; NULL: none */
    struct span at_span;
    struct ast_setting *settings; /* service, function, policy */
    struct ast_member *members;   /* entity */
    struct ast_member *fields;    /* type: members of kind FIELD */
    struct ast_names *names;      /* enum */
    const char *status;           /* error */
    struct span status_span;
    const char *text; /* error's text, test's title */
    struct span text_span;
    struct ast_param *params; /* function, workflow */
    struct ast_type *result;  /* function */
    struct ast_names *raises;
    struct ast_name method;  /* workflow on POST "..."; text NULL: none */
    struct ast_stmt *body;   /* workflow */
    struct ast_tstmt *tests; /* test */
    struct ast_expr *invariant;
    const char *doc;
    struct span body_span; /* from brace to brace; none for errors */
    struct span span;
    struct ast_decl *next;
};

struct ast_comment { /* // and block comments, for fmt; /// comments are `doc` of what follows */
    struct span span;
    bool own_line; /* nothing but blanks before it on its line */
    bool doc;
    struct ast_comment *next;
};

struct ast_unit {
    uint32_t source;
    struct ast_decl *decls;
    struct ast_comment *comments;
    bool holes;         /* there were syntax errors: statements may be missing */
    bool lost_declared; /* among them whole declarations */
};

#endif
