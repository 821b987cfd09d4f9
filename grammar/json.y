/*
 * json.y - JSON (RFC 8259) with spans, and what people write instead of it.
 *
 * In: the tokens of json.l.  Out: a tree (compiler/base/jnode.h) that json_read.c made, and a
 * diagnostic for each mistake.  Beside JSON itself the grammar knows the usual mistakes (a comma too
 * many or too few, a missing colon or value), each with its own message, and goes on behind them.
 * Anything else is a syntax error, after which parsing goes on at the next ',' or closing bracket.
 */
%code requires {
#include "compiler/front/json_read.h"
}

%code {
#include "compiler/front/json_parser.h"
#include "runtime/base/scan.h"

#define YYINITDEPTH ASLRT_PARSE_STACK
#define YYMAXDEPTH  ASLRT_PARSE_STACK
#define YYLLOC_DEFAULT(whole, parts, n)                                                            \
    ((whole) = (n) != 0 ? span_join(YYRHSLOC(parts, 1), YYRHSLOC(parts, n))                        \
                        : json_point_after(YYRHSLOC(parts, 0)))

int json_lex(JSON_STYPE *value, JSON_LTYPE *at, struct json_reader *r);
static void json_error(struct span *at, struct json_reader *r, const char *message);
}

%define api.pure full
%define api.prefix {json_}
%define api.token.raw
%define api.token.prefix {JSON_}
%define api.location.type {struct span}
%define api.value.type {struct jnode *}
%define parse.error custom
%define parse.lac full
%define parse.lac.es-capacity-initial {2000}
%locations
%expect 0
%param {struct json_reader *r}

%initial-action {
    @$ = json_point(r, 0);
}

%token STRING "a string" NUMBER "a number" LITERAL "a value" WORD "a word"
%token COMMA "," COLON ":" OPEN_OBJECT "{" CLOSE_OBJECT "}" OPEN_ARRAY "["
%token CLOSE_ARRAY "]"
%token END 0 "the end of the file"

/* After "key:" a string is the value, not the next key. */
%precedence MISSING_VALUE
%precedence STRING WORD

%%

document:
  value END             { r->root = $value; }
| value error END       { r->root = $value; }
| error END
;

value:
  STRING | NUMBER | LITERAL | object | array
| WORD                  { json_bad_word(r, $WORD, false); $$ = $WORD; }
;

object:
  "{" "}"               { $$ = json_object(r, @$); }
| "{" members "}"       { $$ = json_end_object(r, $members, @$); }
| "{" members "," "}"   { json_extra_comma(r, @3, @4); $$ = json_end_object(r, $members, @$); }
;

members:
  member                { $$ = json_object(r, @$); json_take_member(r, $$); }
| members "," member    { $$ = $1; json_take_member(r, $$); }
| members[list] member  { if (r->member.key != NULL)
                            json_missing_comma(r, @list, r->member.key_span, "members");
                          $$ = $list; json_take_member(r, $$); }
| members "," "," member { json_extra_comma(r, @3, @4); $$ = $1; json_take_member(r, $$); }
;

/* A member is handed over through the reader: it is taken before the next one is read. */
member:
  key ":" value         { json_member(r, $key, $value); }
| key ":" %prec MISSING_VALUE
                        { json_missing_value(r, $key, @2); json_member(r, $key, NULL); }
| key value             { json_missing_colon(r, $key, @value); json_member(r, $key, $value); }
| error                 { json_member(r, NULL, NULL); }
;

key:
  STRING
| WORD                  { json_bad_word(r, $WORD, true); $$ = $WORD; }
;

array:
  "[" "]"               { $$ = json_array(r, @$); }
| "[" items "]"         { $$ = json_end_array($items, @$); }
| "[" items "," "]"     { json_extra_comma(r, @3, @4); $$ = json_end_array($items, @$); }
;

items:
  item                  { $$ = json_array(r, @$); json_take_item(r, $$); }
| items "," item        { $$ = $1; json_take_item(r, $$); }
| items[list] item      { if (r->item != NULL)
                            json_missing_comma(r, @list, @item, "items");
                          $$ = $list; json_take_item(r, $$); }
| items "," "," item    { json_extra_comma(r, @3, @4); $$ = $1; json_take_item(r, $$); }
;

item:
  value                 { json_item(r, $value); }
| error                 { json_item(r, NULL); }
;

%%

/* What can begin a value is one thing to the reader of a message: "a value" (LITERAL's name). */
static bool is_other_value(yysymbol_kind_t kind)
{
    return kind == YYSYMBOL_STRING || kind == YYSYMBOL_NUMBER || kind == YYSYMBOL_OPEN_OBJECT ||
           kind == YYSYMBOL_OPEN_ARRAY;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct json_reader *r)
{
    enum { EXPECTED_MAX = 10 };
    yysymbol_kind_t kinds[EXPECTED_MAX];
    const char *names[EXPECTED_MAX];
    int n = yypcontext_expected_tokens(context, kinds, EXPECTED_MAX);
    bool any_value = false;
    for (int i = 0; i < n; i++)
        any_value |= kinds[i] == YYSYMBOL_LITERAL;
    uint32_t count = 0;
    for (int i = 0; i < n; i++) {
        if (kinds[i] != YYSYMBOL_WORD && !(any_value && is_other_value(kinds[i])))
            names[count++] = yysymbol_name(kinds[i]);
    }
    json_syntax_error(r, *yypcontext_location(context),
                      yysymbol_name(yypcontext_token(context)), names, count);
    return 0;
}

/* Called only when the parser's stack is full, which the bound on nesting rules out. */
static void json_error(struct span *at, struct json_reader *r, const char *message)
{
    json_syntax_error(r, *at, message, NULL, 0);
}
