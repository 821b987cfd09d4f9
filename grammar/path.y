/*
 * path.y - paths in the dialect of Jayway's JSONPath, and intrinsic functions.
 *
 * In: the tokens of path.l.  Out: the tree of runtime/expr/path.h, built by path.c.
 * The first problem ends the parse: a path is one line.
 */
%code requires {
#include "runtime/expr/path_parser.h"
}

%code {
#include "runtime/base/scan.h"

#define YYINITDEPTH ASLRT_PARSE_STACK
#define YYMAXDEPTH  ASLRT_PARSE_STACK
#define YYLLOC_DEFAULT(whole, parts, n)                                                            \
    do {                                                                                           \
        (whole).start = (n) != 0 ? YYRHSLOC(parts, 1).start : YYRHSLOC(parts, 0).end;              \
        (whole).end = YYRHSLOC(parts, n).end;                                                      \
    } while (0)

int aslrt_path_yylex(ASLRT_PATH_YYSTYPE *value, ASLRT_PATH_YYLTYPE *at, struct aslrt_path_reader *r);
static void aslrt_path_yyerror(struct aslrt_path_span *at, struct aslrt_path_reader *r,
                             const char *message);

/* A leaf of that kind whose text is the token's. */
static const struct aslrt_term *leaf(struct aslrt_path_reader *r, enum aslrt_term_kind kind,
                                     struct aslrt_path_span at, struct aslrt_path_text text)
{
    struct aslrt_term *t = aslrt_term_new(r, kind, at);
    t->text = text;
    return t;
}
static const struct aslrt_path_text no_text = {"", 0};
}

%define api.pure full
%define api.prefix {aslrt_path_yy}
%define api.token.raw
%define api.token.prefix {PATH_}
%define api.location.type {struct aslrt_path_span}
%define api.value.type {union aslrt_path_value}
%define parse.error custom
%define parse.lac full
%define parse.lac.es-capacity-initial {2000}
%locations
%expect 0
%param {struct aslrt_path_reader *r}

%initial-action {
    @$ = (struct aslrt_path_span){0, 0};
}

%token INPUT "'$'" CONTEXT "'$$'" ITEM "'@'" DOT "'.'" DEEP "'..'" STAR "'*'" COMMA "','"
%token COLON "':'" OPEN "'('" CLOSE "')'" OPEN_BRACKET "'['" CLOSE_BRACKET "']'" FILTER "'?('"
%token OR "'||'" AND "'&&'" NOT "'!'" TRUE "true" FALSE "false" NULL "null" BAD "character"
%token <text> VARIABLE "a variable" NAME "a name" STRING "a string" NUMBER "a number"
%token <text> SCRIPT "a script" PATTERN "a pattern" OPERATOR "an operator" WORD "a word"
%token <text> CALL "a function"
%token <integer> INT "an index"
%token END 0 "the end"

%type <path> root path
%type <step> dotted bracketed names indexes slice bounds
%type <filter> filter conjunction condition
%type <term> argument operand call
%type <list> arguments argument_list operands

%%

start:
  path END                  { struct aslrt_term *t = aslrt_term_new(r, ASLRT_TERM_PATH, @path);
                              t->path = $path; r->result = t; }
| call END                  { r->result = $call; }
;

/* ---- paths ---- */

root:
  INPUT                     { $$ = aslrt_path_new(r, ASLRT_ROOT_INPUT, no_text); }
| CONTEXT                   { $$ = aslrt_path_new(r, ASLRT_ROOT_CONTEXT, no_text); }
| VARIABLE                  { $$ = aslrt_path_new(r, ASLRT_ROOT_VARIABLE, $1); }
| ITEM                      { $$ = aslrt_path_new(r, ASLRT_ROOT_ITEM, no_text); }
;

path:
  root
| path DOT dotted           { $$ = $1; aslrt_path_append($$, $dotted, false); }
| path DOT bracketed        { $$ = $1; aslrt_path_append($$, $bracketed, false); }
| path DEEP dotted          { $$ = $1; aslrt_path_append($$, $dotted, true); }
| path DEEP bracketed       { $$ = $1; aslrt_path_append($$, $bracketed, true); }
| path bracketed            { $$ = $1; aslrt_path_append($$, $bracketed, false); }
;

dotted:
  NAME                      { $$ = aslrt_step_new(r, ASLRT_STEP_NAMES); aslrt_step_name(r, $$, $1); }
| STAR                      { $$ = aslrt_step_new(r, ASLRT_STEP_ALL); }
| NAME OPEN arguments CLOSE { $$ = aslrt_step_new(r, ASLRT_STEP_FUNCTION); $$->text = $1;
                              $$->arguments = $arguments->terms;
                              $$->argument_count = $arguments->count; }
;

bracketed:
  OPEN_BRACKET STAR CLOSE_BRACKET
                            { $$ = aslrt_step_new(r, ASLRT_STEP_ALL); }
| OPEN_BRACKET names CLOSE_BRACKET
                            { $$ = $names; }
| OPEN_BRACKET indexes CLOSE_BRACKET
                            { $$ = $indexes; }
| OPEN_BRACKET slice CLOSE_BRACKET
                            { $$ = $slice; }
| OPEN_BRACKET FILTER filter CLOSE CLOSE_BRACKET
                            { $$ = aslrt_step_new(r, ASLRT_STEP_FILTER); $$->filter = $filter; }
| OPEN_BRACKET SCRIPT CLOSE_BRACKET
                            { $$ = aslrt_step_new(r, ASLRT_STEP_SCRIPT); $$->text = $SCRIPT; }
;

names:
  STRING                    { $$ = aslrt_step_new(r, ASLRT_STEP_NAMES); aslrt_step_name(r, $$, $1); }
| names COMMA STRING        { $$ = $1; aslrt_step_name(r, $$, $STRING); }
;

indexes:
  INT                       { $$ = aslrt_step_new(r, ASLRT_STEP_INDEXES); aslrt_step_index(r, $$, $1); }
| indexes COMMA INT         { $$ = $1; aslrt_step_index(r, $$, $INT); }
;

slice:
  COLON                     { $$ = aslrt_step_new(r, ASLRT_STEP_SLICE); }
| bounds
| bounds COLON INT          { $$ = $bounds; /* the library takes a step and ignores it */ }
;

bounds:
  INT COLON                 { $$ = aslrt_step_new(r, ASLRT_STEP_SLICE);
                              $$->has_from = true; $$->from = $1; }
| COLON INT                 { $$ = aslrt_step_new(r, ASLRT_STEP_SLICE);
                              $$->has_to = true; $$->to = $2; }
| INT[from] COLON INT[to]   { $$ = aslrt_step_new(r, ASLRT_STEP_SLICE);
                              $$->has_from = $$->has_to = true; $$->from = $from; $$->to = $to; }
;

/* ---- filters ---- */

filter:
  conjunction
| filter OR conjunction     { $$ = aslrt_filter_new(r, ASLRT_FILTER_OR, $1, $3); }
;

conjunction:
  condition
| conjunction AND condition { $$ = aslrt_filter_new(r, ASLRT_FILTER_AND, $1, $3); }
;

condition:
  operand                   { $$ = aslrt_filter_compare(r, $1, no_text, NULL); }
| operand OPERATOR operand[right]
                            { $$ = aslrt_filter_compare(r, $1, $OPERATOR, $right); }
| NOT condition             { $$ = aslrt_filter_new(r, ASLRT_FILTER_NOT, $2, NULL); }
| OPEN filter CLOSE         { $$ = $filter; }
;

operand:
  path                      { struct aslrt_term *t = aslrt_term_new(r, ASLRT_TERM_PATH, @$);
                              t->path = $path; $$ = t; }
| STRING                    { $$ = leaf(r, ASLRT_TERM_STRING, @$, $1); }
| NUMBER                    { $$ = leaf(r, ASLRT_TERM_NUMBER, @$, $1); }
| WORD                      { $$ = leaf(r, ASLRT_TERM_WORD, @$, $1); }
| PATTERN                   { $$ = leaf(r, ASLRT_TERM_PATTERN, @$, $1); }
| TRUE                      { $$ = leaf(r, ASLRT_TERM_TRUE, @$, no_text); }
| FALSE                     { $$ = leaf(r, ASLRT_TERM_FALSE, @$, no_text); }
| NULL                      { $$ = leaf(r, ASLRT_TERM_NULL, @$, no_text); }
| OPEN_BRACKET operands CLOSE_BRACKET
                            { struct aslrt_term *t = aslrt_term_new(r, ASLRT_TERM_LIST, @$);
                              t->arguments = $operands->terms;
                              t->argument_count = $operands->count; $$ = t; }
;

operands:
  operand                   { $$ = aslrt_list_add(r, NULL, $1); }
| operands COMMA operand    { $$ = aslrt_list_add(r, $1, $3); }
;

/* ---- intrinsic functions ---- */

call:
  CALL OPEN arguments CLOSE { $$ = aslrt_call_new(r, $CALL, @CALL, $arguments, @$); }
;

arguments:
  %empty                    { $$ = aslrt_list_add(r, NULL, NULL); }
| argument_list
;

argument_list:
  argument                  { $$ = aslrt_list_add(r, NULL, $1); }
| argument_list COMMA argument
                            { $$ = aslrt_list_add(r, $1, $3); }
;

argument:
  path                      { struct aslrt_term *t = aslrt_term_new(r, ASLRT_TERM_PATH, @$);
                              t->path = $path; $$ = t; }
| call
| STRING                    { $$ = leaf(r, ASLRT_TERM_STRING, @$, $1); }
| NUMBER                    { $$ = leaf(r, ASLRT_TERM_NUMBER, @$, $1); }
| TRUE                      { $$ = leaf(r, ASLRT_TERM_TRUE, @$, no_text); }
| FALSE                     { $$ = leaf(r, ASLRT_TERM_FALSE, @$, no_text); }
| NULL                      { $$ = leaf(r, ASLRT_TERM_NULL, @$, no_text); }
;

%%

static int yyreport_syntax_error(const yypcontext_t *context, struct aslrt_path_reader *r)
{
    enum { EXPECTED_MAX = 4 };
    yysymbol_kind_t kinds[EXPECTED_MAX];
    struct aslrt_path_span at = *yypcontext_location(context);
    yysymbol_kind_t found = yypcontext_token(context);
    struct aslrt_buffer b = aslrt_buffer_in(r->arena);
    if (found == YYSYMBOL_BAD)
        aslrt_buffer_format(&b, "unexpected '%.*s'", (int)(at.end - at.start), r->text + at.start);
    else if (found == YYSYMBOL_YYEOF)
        aslrt_buffer_text(&b, "it ends too early");
    else
        aslrt_buffer_format(&b, "unexpected %s", yysymbol_name(found));
    int n = yypcontext_expected_tokens(context, kinds, EXPECTED_MAX);
    for (int i = 0; i < n; i++)
        aslrt_buffer_format(&b, "%s%s", i == 0 ? ", expected " : i + 1 == n ? " or " : ", ",
                            yysymbol_name(kinds[i]));
    aslrt_path_fail(r, ASLRT_PATH_SYNTAX, at, "%s", aslrt_buffer_close(&b));
    return 0;
}

/* Called only when the parser's stack is full, which the bound on nesting rules out. */
static void aslrt_path_yyerror(struct aslrt_path_span *at, struct aslrt_path_reader *r,
                             const char *message)
{
    aslrt_path_fail(r, ASLRT_PATH_DEPTH, *at, "%s", message);
}
