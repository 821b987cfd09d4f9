/*
 * dynamodb.y - DynamoDB's expressions: conditions, updates, projections.
 *
 * In: the tokens of dynamodb.l, before them one that says which kind of expression it is.  Out: a
 * tree (runtime/ddb/expression.h) that expression.c's constructors made.  The first syntax error ends
 * the parse, in the words of the service.
 *
 * A call may be an operand (size) or a condition (attribute_exists); which of the two a function is,
 * the grammar does not know.  So a call, in parentheses or not, is neither until what follows it
 * decides: `call` below.
 */
%code requires {
#include "runtime/ddb/expression.h"
struct aslrt_expression_parser;
}

%code {
#include "runtime/base/scan.h"
#include "runtime/ddb/expression_parser.h"

#define YYINITDEPTH ASLRT_PARSE_STACK
#define YYMAXDEPTH  ASLRT_PARSE_STACK
#define YYLLOC_DEFAULT(whole, parts, n)                                                            \
    ((whole) = (n) != 0 ? (struct aslrt_extent){YYRHSLOC(parts, 1).start, YYRHSLOC(parts, n).end}  \
                        : (struct aslrt_extent){YYRHSLOC(parts, 0).end, YYRHSLOC(parts, 0).end})

#define TWO(kind, at, a, b) aslrt_expr_two(p, ASLRT_EXPR_##kind, at, a, b)

int ddb_lex(DDB_STYPE *value, DDB_LTYPE *at, struct aslrt_expression_parser *p);
static void ddb_error(DDB_LTYPE *at, struct aslrt_expression_parser *p, const char *message);
}

%define api.pure full
%define api.prefix {ddb_}
%define api.token.raw
%define api.token.prefix {DDB_}
%define api.location.type {struct aslrt_extent}
%define api.value.type {struct aslrt_expr *}
%define parse.error custom
%define parse.lac full
%define parse.lac.es-capacity-initial {2000}
%locations
%expect 0
%param {struct aslrt_expression_parser *p}

%initial-action {
    @$ = (struct aslrt_extent){0, 0};
}

%token CONDITION UPDATE PROJECTION
%token NAME ALIAS VALUE INDEX STRAY
%token EQUAL "=" NOT_EQUAL "<>" LESS "<" LESS_EQUAL "<=" GREATER ">" GREATER_EQUAL ">="
%token PLUS "+" MINUS "-" OPEN "(" CLOSE ")" OPEN_INDEX "[" CLOSE_INDEX "]" COMMA "," DOT "."
%token BETWEEN IN SET REMOVE ADD DELETE
%token END 0 "<EOF>"

%left OR
%left AND
%precedence NOT

%%

expression:
  CONDITION condition END   { p->expression->root = $condition; }
| UPDATE clauses END        { p->expression->root = $clauses; }
| PROJECTION paths END      { p->expression->root = $paths; }
;

/* ---- conditions ---- */

condition:
  test
| call
;

test:
  operand "=" operand       { p->operators++; $$ = TWO(EQUAL, @$, $1, $3); }
| operand "<>" operand      { $$ = TWO(NOT_EQUAL, @$, $1, $3); }
| operand "<" operand       { $$ = TWO(LESS, @$, $1, $3); }
| operand "<=" operand      { $$ = TWO(LESS_EQUAL, @$, $1, $3); }
| operand ">" operand       { $$ = TWO(GREATER, @$, $1, $3); }
| operand ">=" operand      { $$ = TWO(GREATER_EQUAL, @$, $1, $3); }
| operand BETWEEN operand AND operand
                            { p->operators--; $$ = aslrt_expr_add(TWO(BETWEEN, @$, $1, $3), $5); }
| operand IN "(" operands ")"
                            { $$ = aslrt_expr_new(p, ASLRT_EXPR_IN, @$); $1->next = $operands->first;
                              $$->first = $1; $$->last = $operands->last; }
| condition AND condition   { $$ = TWO(AND, @$, $1, $3); }
| condition OR condition    { $$ = TWO(OR, @$, $1, $3); }
| NOT condition             { $$ = aslrt_expr_add(aslrt_expr_new(p, ASLRT_EXPR_NOT, @$), $2); }
| "(" test ")"              { $$ = aslrt_expr_parens(p, $2, @$); }
;

call:
  NAME "(" operands ")"     { $$ = aslrt_expr_call(p, @NAME, $operands, @$); }
| "(" call ")"              { $$ = aslrt_expr_parens(p, $2, @$); }
;

operand:
  path
| group
| value
| call
;

/* A path in parentheses, which may go on behind them. */
group:
  "(" path ")"              { $$ = aslrt_expr_parens(p, $2, @$); }
| "(" group ")"             { $$ = aslrt_expr_parens(p, $2, @$); }
| group "." name            { $$ = aslrt_expr_member(p, $1, @name); $$->parens = false; }
| group "[" INDEX "]"       { $$ = aslrt_expr_element(p, $1, @INDEX); $$->parens = false; }
;

value:
  VALUE                     { $$ = aslrt_expr_value(p, @$); }
| "(" value ")"             { $$ = aslrt_expr_parens(p, $2, @$); }
;

operands:
  operand                   { $$ = aslrt_expr_add(aslrt_expr_new(p, ASLRT_EXPR_CALL, @$), $1); }
| operands "," operand      { $$ = aslrt_expr_add($1, $3); }
;

/* ---- paths ---- */

path:
  name                      { $$ = aslrt_expr_path(p, @$); }
| path "." name             { $$ = aslrt_expr_member(p, $1, @name); }
| path "[" INDEX "]"        { $$ = aslrt_expr_element(p, $1, @INDEX); }
;

name:
  NAME
| ALIAS
;

paths:
  path
| paths "," path            { $$ = aslrt_expr_join($1, $3); }
;

/* ---- updates ---- */

clauses:
  clause
| clauses clause            { $$ = aslrt_expr_join($1, $2); }
;

clause:
  SET sets                  { $$ = aslrt_expr_clause(p, ASLRT_EXPR_SET, @1, $2); }
| REMOVE removes            { $$ = aslrt_expr_clause(p, ASLRT_EXPR_REMOVE, @1, $2); }
| ADD changes               { $$ = aslrt_expr_clause(p, ASLRT_EXPR_ADD, @1, $2); }
| DELETE changes            { $$ = aslrt_expr_clause(p, ASLRT_EXPR_DELETE, @1, $2); }
;

sets:
  set
| sets "," set              { $$ = aslrt_expr_join($1, $3); }
;

set:
  path "=" operand          { $$ = TWO(SET, @$, $1, $3); }
| path "=" sum              { $$ = TWO(SET, @$, $1, $3); }
| path "=" "(" sum ")"      { $$ = TWO(SET, @$, $1, $4); }
;

sum:
  operand "+" operand       { $$ = TWO(PLUS, @$, $1, $3); }
| operand "-" operand       { $$ = TWO(MINUS, @$, $1, $3); }
;

removes:
  remove
| removes "," remove        { $$ = aslrt_expr_join($1, $3); }
;

remove:
  path                      { $$ = aslrt_expr_add(aslrt_expr_new(p, ASLRT_EXPR_REMOVE, @$), $1); }
;

changes:
  change
| changes "," change        { $$ = aslrt_expr_join($1, $3); }
;

change:
  path VALUE                { $$ = TWO(ADD, @$, $1, aslrt_expr_value(p, @2)); }
;

%%

static int yyreport_syntax_error(const yypcontext_t *context, struct aslrt_expression_parser *p)
{
    (void)context;
    (void)yypcontext_expected_tokens; /* the service's message doesn't say what was expected */
    aslrt_expression_syntax_error(p);
}

/* Only the end of the parser's stack comes here. */
static void ddb_error(DDB_LTYPE *at, struct aslrt_expression_parser *p, const char *message)
{
    (void)at;
    (void)message;
    aslrt_expression_syntax_error(p);
}
