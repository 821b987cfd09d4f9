/*
 * crud.y - the grammar of the CRUD language; linked into compiler/front.
 *
 * In: the tokens of a struct crud_parser.  Out: its struct ast_unit, made by the constructors of
 * compiler/front/ast.c.  doc/language.md explains the language section by section.
 * Spans are byte offsets.  Lists are left recursive, so that the stack grows with nesting only; where
 * it ends (scan.h) the input is "nested too deeply".  After an error the scanner's side hands out
 * RESYNC (the next statement of the block) or BODY (the block of a declaration whose head is wrong);
 * see compiler/front/parse_layout.c.
 */
%define api.pure full
%define api.prefix {crud_yy}
%define api.token.prefix {CRUD_}
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%define parse.lac.es-capacity-initial {2000}
%expect 0
%param {struct crud_parser *p}

%code requires {
#include "compiler/front/parse_int.h"
#include "runtime/base/scan.h"
}

%code {
#define YYINITDEPTH ASLRT_PARSE_STACK
#define YYMAXDEPTH  ASLRT_PARSE_STACK

/* From the first part of the rule that is not empty to its last; an empty rule stands behind what
   came before it. */
static struct span span_of(const struct span *parts, int count)
{
    struct span s = parts[0];
    if (count == 0) {
        s.start = s.end;
        return s;
    }
    int first = 1;
    while (first < count && parts[first].start == parts[first].end)
        first++;
    s = parts[first];
    s.end = parts[count].end;
    return s;
}
#define YYLLOC_DEFAULT(Current, Rhs, N) ((Current) = span_rhs(&YYRHSLOC(Rhs, 0), (N)))
#define span_rhs(parts, count)          span_of((parts), (int)(count))

static int crud_yylex(CRUD_YYSTYPE *value, struct span *at, struct crud_parser *p);
static void crud_yyerror(const struct span *at, struct crud_parser *p, const char *message);
}

%token END 0
%token RESYNC BODY
%token <const struct crud_token *> ID INT NUM STRING DURATION
%token EQ NE LE GE PLUS_SET MINUS_SET ARROW THEN DOTS SPREAD
%token <const struct crud_token *>
  AND AS BY CATCH CHECK CONTINUE ELSE ENUM FAIL FALSE FOR IF IN LET NOT NULL OR PARALLEL
  PUBLISH REMOVE REPLY TRANSACT TRUE UNDO WAIT
  ALL CALL CREATE DELETE FIND GET IDEMPOTENT REPLACE RETRY START STEP TIMEOUT UNTIL UPDATE
  ADVANCE APPLIED AT BRANCH EACH ENTITY ERROR EXPECT FUNCTION GIVEN HEADERS INDEX INVARIANT KEY LIST
  MISSING MOST NEXT ON PATCH POLICY POST PUT RAISES RETURNS SERVICE SORT TEST TYPE WHEN WITH WORKFLOW

%left OR
%left AND
%precedence NOT
%nonassoc EQ NE '<' '>' LE GE IN
%left '+' '-'
%left '*' '/' '%'
%precedence MINUS

%type <struct ast_name> id name word on_entity as_name
%type <struct ast_names *> ids ids_ names names_ choices choices_ raises
%type <struct ast_anno *> annos annos_ anno
%type <struct ast_decl *> decls decl decl_
%type <struct ast_setting *> settings settings_ setting
%type <struct ast_member *> members members_ member fields fields_
%type <struct ast_field *> field
%type <struct ast_type *> type base result
%type <struct ast_range> range
%type <const char *> bound
%type <struct ast_expr *> expr postfix primary object value_opt when object_opt caller headers
%type <struct ast_arg *> args args_ arg
%type <struct ast_entry *> entries entries_ entry
%type <struct ast_op_item *> op_items op_items_ op_item op_body
%type <struct ast_failure> failure
%type <struct ast_check *> check
%type <struct ast_catch *> catch_head
%type <struct ast_param *> params params_ param
%type <struct ast_stmt *> block stmts stmt if_stmt
%type <struct ast_finish *> finish
%type <struct ast_clause *> clauses clauses_ clause
%type <struct ast_action *> action write write_ tx_action
%type <struct ast_tx *> txs tx
%type <struct ast_assign *> assigns assign
%type <struct ast_branch *> branches branch
%type <struct ast_tstmt *> tstmts tstmt
%type <const struct crud_token *> string_opt at_most method
%type <enum ast_verb> verb
%type <bool> applied

%%

unit: decls END { CRUD_CLOSE(p->unit->decls, $1); };

decls:
  %empty              { $$ = NULL; }
| decls annos decl    { $3->annos = $2; $3->span = @$; $3->span.start = $2 ? $2->span.start : @3.start;
                        if ($3->doc == NULL) $3->doc = ast_doc(p, $3->span.start);
                        CRUD_APPEND($$, $1, $3); }
| decls error RESYNC  { yyerrok; $$ = $1; };

decl: decl_ { $$ = $1; $$->doc = ast_doc(p, @1.start); };

decl_:
  SERVICE id open settings '}'
    { $$ = ast_decl(p, @$, AST_DECL_SERVICE, $2); $$->settings = $4; $$->body_span = span_join(@3, @5); }
| SERVICE error BODY open settings '}'
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_SERVICE, (struct ast_name){0}); }
| ENTITY id AT STRING open members '}'
    { $$ = ast_decl(p, @$, AST_DECL_ENTITY, $2);
      $$->at = $4->text; $$->at_span = @4; $$->members = $6; $$->body_span = span_join(@5, @7); }
| ENTITY id open members '}'
    { $$ = ast_decl(p, @$, AST_DECL_ENTITY, $2); $$->members = $4;
      $$->body_span = span_join(@3, @5); }
| ENTITY error BODY open members '}'
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_ENTITY, (struct ast_name){0}); }
| TYPE id open fields '}'
    { $$ = ast_decl(p, @$, AST_DECL_TYPE, $2); $$->fields = $4;
      $$->body_span = span_join(@3, @5); }
| TYPE error BODY open fields '}'
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_TYPE, (struct ast_name){0}); }
| ENUM id '{' choices '}'
    { $$ = ast_decl(p, @$, AST_DECL_ENUM, $2); $$->names = $4;
      $$->body_span = span_join(@3, @5); }
| ERROR id INT string_opt
    { $$ = ast_decl(p, @$, AST_DECL_ERROR, $2); $$->status = $3->text; $$->status_span = @3;
      if ($4 != NULL) { $$->text = $4->text; $$->text_span = @4; } }
| FUNCTION id '(' params ')' result raises open settings '}'
    { $$ = ast_decl(p, @$, AST_DECL_FUNCTION, $2);
      $$->params = $4; $$->result = $6; $$->raises = $7; $$->settings = $9;
      $$->body_span = span_join(@8, @10); }
| FUNCTION error BODY open settings '}'
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_FUNCTION, (struct ast_name){0}); }
| POLICY id open settings '}'
    { $$ = ast_decl(p, @$, AST_DECL_POLICY, $2); $$->settings = $4;
      $$->body_span = span_join(@3, @5); }
| POLICY error BODY open settings '}'
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_POLICY, (struct ast_name){0}); }
| WORKFLOW id '(' params ')' block
    { $$ = ast_decl(p, @$, AST_DECL_WORKFLOW, $2); $$->params = $4; $$->body = $6;
      $$->body_span = @6; }
| WORKFLOW id '(' params ')' ON name STRING block
    { $$ = ast_decl(p, @$, AST_DECL_WORKFLOW, $2);
      $$->params = $4; $$->method = $7; $$->at = $8->text; $$->at_span = @8; $$->body = $9;
      $$->body_span = @9; }
| WORKFLOW error BODY block
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_WORKFLOW, (struct ast_name){0}); }
| TEST STRING open tstmts '}'
    { $$ = ast_decl(p, @$, AST_DECL_TEST, (struct ast_name){0});
      $$->text = $2->text; $$->text_span = @2; CRUD_CLOSE($$->tests, $4);
      $$->body_span = span_join(@3, @5); }
| TEST error BODY open tstmts '}'
    { yyerrok; $$ = ast_decl(p, @$, AST_DECL_TEST, (struct ast_name){0}); }
| INVARIANT id '{' expr '}'
    { $$ = ast_decl(p, @$, AST_DECL_INVARIANT, $2); $$->invariant = $4;
      $$->body_span = span_join(@3, @5); };

open: '{' { crud_mark_block(p, @1); };

/* ---- names ---- */

id: ID { $$ = ast_name($1); };

/* Names that are declared or set: the words of words.def with use 1 and 2. */
name:
  ID           { $$ = ast_name($1); }
| ADVANCE      { $$ = ast_name($1); }
| ALL          { $$ = ast_name($1); }
| APPLIED      { $$ = ast_name($1); }
| AT           { $$ = ast_name($1); }
| BRANCH       { $$ = ast_name($1); }
| CALL         { $$ = ast_name($1); }
| CREATE       { $$ = ast_name($1); }
| DELETE       { $$ = ast_name($1); }
| EACH         { $$ = ast_name($1); }
| ENTITY       { $$ = ast_name($1); }
| ERROR        { $$ = ast_name($1); }
| EXPECT       { $$ = ast_name($1); }
| FIND         { $$ = ast_name($1); }
| FUNCTION     { $$ = ast_name($1); }
| GET          { $$ = ast_name($1); }
| GIVEN        { $$ = ast_name($1); }
| HEADERS      { $$ = ast_name($1); }
| IDEMPOTENT   { $$ = ast_name($1); }
| INDEX        { $$ = ast_name($1); }
| INVARIANT    { $$ = ast_name($1); }
| KEY          { $$ = ast_name($1); }
| LIST         { $$ = ast_name($1); }
| MISSING      { $$ = ast_name($1); }
| MOST         { $$ = ast_name($1); }
| NEXT         { $$ = ast_name($1); }
| ON           { $$ = ast_name($1); }
| PATCH        { $$ = ast_name($1); }
| POLICY       { $$ = ast_name($1); }
| POST         { $$ = ast_name($1); }
| PUT          { $$ = ast_name($1); }
| RAISES       { $$ = ast_name($1); }
| REPLACE      { $$ = ast_name($1); }
| RETRY        { $$ = ast_name($1); }
| RETURNS      { $$ = ast_name($1); }
| SERVICE      { $$ = ast_name($1); }
| SORT         { $$ = ast_name($1); }
| START        { $$ = ast_name($1); }
| STEP         { $$ = ast_name($1); }
| TEST         { $$ = ast_name($1); }
| TIMEOUT      { $$ = ast_name($1); }
| TYPE         { $$ = ast_name($1); }
| UNTIL        { $$ = ast_name($1); }
| UPDATE       { $$ = ast_name($1); }
| WHEN         { $$ = ast_name($1); }
| WITH         { $$ = ast_name($1); }
| WORKFLOW     { $$ = ast_name($1); };

/* Names in expressions: the words with use 2. */
word:
  ID           { $$ = ast_name($1); }
| ADVANCE      { $$ = ast_name($1); }
| APPLIED      { $$ = ast_name($1); }
| AT           { $$ = ast_name($1); }
| BRANCH       { $$ = ast_name($1); }
| EACH         { $$ = ast_name($1); }
| ENTITY       { $$ = ast_name($1); }
| ERROR        { $$ = ast_name($1); }
| EXPECT       { $$ = ast_name($1); }
| FUNCTION     { $$ = ast_name($1); }
| GIVEN        { $$ = ast_name($1); }
| HEADERS      { $$ = ast_name($1); }
| INDEX        { $$ = ast_name($1); }
| INVARIANT    { $$ = ast_name($1); }
| KEY          { $$ = ast_name($1); }
| LIST         { $$ = ast_name($1); }
| MISSING      { $$ = ast_name($1); }
| MOST         { $$ = ast_name($1); }
| NEXT         { $$ = ast_name($1); }
| ON           { $$ = ast_name($1); }
| PATCH        { $$ = ast_name($1); }
| POLICY       { $$ = ast_name($1); }
| POST         { $$ = ast_name($1); }
| PUT          { $$ = ast_name($1); }
| RAISES       { $$ = ast_name($1); }
| RETURNS      { $$ = ast_name($1); }
| SERVICE      { $$ = ast_name($1); }
| SORT         { $$ = ast_name($1); }
| TEST         { $$ = ast_name($1); }
| TYPE         { $$ = ast_name($1); }
| WHEN         { $$ = ast_name($1); }
| WITH         { $$ = ast_name($1); }
| WORKFLOW     { $$ = ast_name($1); };

ids: ids_ { CRUD_CLOSE($$, $1); };
ids_:
  id           { struct ast_names *n = ast_names(p, $1); CRUD_APPEND($$, (struct ast_names *)NULL, n); }
| ids_ ',' id  { struct ast_names *n = ast_names(p, $3); CRUD_APPEND($$, $1, n); };

names: names_ { CRUD_CLOSE($$, $1); };
names_:
  name            { struct ast_names *n = ast_names(p, $1); CRUD_APPEND($$, (struct ast_names *)NULL, n); }
| names_ ',' name { struct ast_names *n = ast_names(p, $3); CRUD_APPEND($$, $1, n); };

/* Members of an enum: commas may be left out. */
choices:
  choices_        { CRUD_CLOSE($$, $1); }
| choices_ ','    { CRUD_CLOSE($$, $1); };
choices_:
  name              { struct ast_names *n = ast_names(p, $1); CRUD_APPEND($$, (struct ast_names *)NULL, n); }
| choices_ name     { struct ast_names *n = ast_names(p, $2); CRUD_APPEND($$, $1, n); }
| choices_ ',' name { struct ast_names *n = ast_names(p, $3); CRUD_APPEND($$, $1, n); };

/* ---- annotations, settings, fields, types ---- */

annos: annos_ { CRUD_CLOSE($$, $1); };
annos_:
  %empty       { $$ = NULL; }
| annos_ anno  { CRUD_APPEND($$, $1, $2); };
anno:
  '@' id              { $$ = ast_anno(p, @$, $2, false, NULL); }
| '@' id '(' args ')' { $$ = ast_anno(p, @$, $2, true, $4); };

settings: settings_ { CRUD_CLOSE($$, $1); };
settings_:
  %empty                  { $$ = NULL; }
| settings_ setting       { CRUD_APPEND($$, $1, $2); }
| settings_ error RESYNC  { yyerrok; $$ = $1; };
setting: name '=' expr { $$ = ast_setting(p, @$, $1, $3); };

fields: fields_ { CRUD_CLOSE($$, $1); };
fields_:
  %empty                { $$ = NULL; }
| fields_ field         { struct ast_member *m = ast_new_member(p, @2, AST_MEMBER_FIELD);
                          m->field = *$2; CRUD_APPEND($$, $1, m); }
| fields_ error RESYNC  { yyerrok; $$ = $1; };
field: name ':' type value_opt annos { $$ = ast_field(p, @$, $1, $3, $4, $5); };

value_opt:
  %empty    { $$ = NULL; }
| '=' expr  { $$ = $2; };

type:
  base      { $$ = $1; }
| base '?'  { $$ = $1; $$->optional = true; $$->span = @$; };

base:
  id                       { $$ = ast_type(p, @$, AST_TYPE_NAME); $$->name = $1; }
| id '(' range ')'         { $$ = ast_type(p, @$, AST_TYPE_NAME); $$->name = $1;
                             $$->has_range = true; $$->range = $3; }
| id '(' INT ',' INT ')'   { $$ = ast_type(p, @$, AST_TYPE_NAME); $$->name = $1;
                             $$->has_digits = true; $$->digits[0] = $3->text; $$->digits[1] = $5->text; }
| id '(' type ')'          { $$ = ast_type(p, @$, AST_TYPE_NAME); $$->name = $1; $$->element = $3; }
| id '.' id                { $$ = ast_type(p, @$, AST_TYPE_KEY_OF); $$->name = $1; $$->field = $3; }
| '[' type ']'             { $$ = ast_type(p, @$, AST_TYPE_LIST); $$->element = $2; }
| '[' type ']' '(' range ')'
    { $$ = ast_type(p, @$, AST_TYPE_LIST); $$->element = $2; $$->has_range = true; $$->range = $5; }
| ENUM '(' choices ')'     { $$ = ast_type(p, @$, AST_TYPE_ENUM); $$->members = $3; };

range:
  bound             { $$ = (struct ast_range){$1, $1, @$}; }
| bound DOTS        { $$ = (struct ast_range){$1, NULL, @$}; }
| bound DOTS bound  { $$ = (struct ast_range){$1, $3, @$}; }
| DOTS bound        { $$ = (struct ast_range){NULL, $2, @$}; };
bound:
  INT       { $$ = $1->text; }
| NUM       { $$ = $1->text; }
| '-' INT   { $$ = ast_minus(p, $2); }
| '-' NUM   { $$ = ast_minus(p, $2); };

/* ---- entities ---- */

members: members_ { CRUD_CLOSE($$, $1); };
members_:
  %empty                 { $$ = NULL; }
| members_ member        { CRUD_APPEND($$, $1, $2); }
| members_ error RESYNC  { yyerrok; $$ = $1; };

member:
  field            { $$ = ast_new_member(p, @$, AST_MEMBER_FIELD); $$->field = *$1; }
| KEY field        { $$ = ast_new_member(p, @$, AST_MEMBER_KEY); $$->field = *$2;
                     if ($2->doc == NULL) $$->field.doc = ast_doc(p, @1.start); }
| SORT field       { $$ = ast_new_member(p, @$, AST_MEMBER_SORT); $$->field = *$2;
                     if ($2->doc == NULL) $$->field.doc = ast_doc(p, @1.start); }
| setting          { $$ = ast_new_member(p, @$, AST_MEMBER_SETTING); $$->setting = *$1; }
| INDEX id '(' names ')' annos
    { $$ = ast_new_member(p, @$, AST_MEMBER_INDEX);
      $$->index = $2; $$->index_fields = $4; $$->index_annos = $6; }
| check            { $$ = ast_new_member(p, @$, AST_MEMBER_CHECK); $$->check = *$1; }
| verb op_body
    { $$ = ast_new_member(p, @$, AST_MEMBER_OPERATION);
      $$->operation = (struct ast_operation){.verb = $1, .verb_span = @1,
        .has_body = @2.start != @2.end, .body = @2, .items = $2, .doc = ast_doc(p, @1.start), .span = @$}; }
| verb BY id '(' args ')' op_body
    { $$ = ast_new_member(p, @$, AST_MEMBER_OPERATION);
      $$->operation = (struct ast_operation){.verb = $1, .verb_span = @1, .by = $3, .args = $5,
        .has_body = @7.start != @7.end, .body = @7, .items = $7, .doc = ast_doc(p, @1.start), .span = @$}; }
| INVARIANT expr   { $$ = ast_new_member(p, @$, AST_MEMBER_INVARIANT); $$->invariant = $2; };

verb:
  CREATE   { $$ = AST_CREATE; }
| GET      { $$ = AST_GET; }
| UPDATE   { $$ = AST_UPDATE; }
| REPLACE  { $$ = AST_REPLACE; }
| DELETE   { $$ = AST_DELETE; }
| LIST     { $$ = AST_LIST_VERB; };

op_body:
  %empty             { $$ = NULL; }
| open op_items '}'  { $$ = $2; };
op_items: op_items_ { CRUD_CLOSE($$, $1); };
op_items_:
  %empty                  { $$ = NULL; }
| op_items_ op_item       { CRUD_APPEND($$, $1, $2); }
| op_items_ error RESYNC  { yyerrok; $$ = $1; };
op_item:
  setting  { $$ = ast_op_item(p, @$, AST_OP_SETTING); $$->setting = *$1; }
| check    { $$ = ast_op_item(p, @$, AST_OP_CHECK); $$->check = *$1; }
| catch_head THEN failure
    { $$ = ast_op_item(p, @$, AST_OP_CATCH); $$->catch_ = *$1; $$->catch_.span = @$;
      $$->catch_.finish = (struct ast_finish){.kind = AST_FINISH_FAIL, .failure = $3, .span = @3}; };

catch_head: CATCH ids on_entity as_name
    { $$ = ASLRT_NEW(p->arena, struct ast_catch);
      *$$ = (struct ast_catch){.errors = $2, .on = $3, .as = $4, .span = @$}; };
on_entity:
  %empty  { $$ = (struct ast_name){0}; }
| ON id   { $$ = $2; };
as_name:
  %empty  { $$ = (struct ast_name){0}; }
| AS id   { $$ = $2; };

check: CHECK expr ELSE failure
    { $$ = ASLRT_NEW(p->arena, struct ast_check); *$$ = (struct ast_check){$2, $4, @$}; };
failure:
  FAIL id               { $$ = (struct ast_failure){.error = $2, .span = @$}; }
| FAIL id '(' args ')'  { $$ = (struct ast_failure){$2, $4, true, @$}; };

/* ---- functions and workflows ---- */

params:
  %empty      { $$ = NULL; }
| params_     { CRUD_CLOSE($$, $1); }
| params_ ',' { CRUD_CLOSE($$, $1); };
params_:
  param              { CRUD_APPEND($$, (struct ast_param *)NULL, $1); }
| params_ ',' param  { CRUD_APPEND($$, $1, $3); };
param: name ':' type value_opt { $$ = ast_param(p, @$, $1, $3, $4); };

result:
  %empty    { $$ = NULL; }
| ':' type  { $$ = $2; };
raises:
  %empty      { $$ = NULL; }
| RAISES ids  { $$ = $2; };
string_opt:
  %empty  { $$ = NULL; }
| STRING  { $$ = $1; };

block: open stmts '}' { CRUD_CLOSE($$, $2); };
stmts:
  %empty              { $$ = NULL; }
| stmts stmt          { CRUD_APPEND($$, $1, $2); }
| stmts error RESYNC  { yyerrok; $$ = $1; };

stmt:
  LET word '=' expr { $$ = ast_stmt(p, @$, AST_STMT_LET); $$->name = $2; $$->value = $4; }
| STEP word '=' action clauses
    { $$ = ast_stmt(p, @$, AST_STMT_ACTION); $$->name = $2; $$->action = *$4; $$->clauses = $5; }
| action clauses    { $$ = ast_stmt(p, @$, AST_STMT_ACTION); $$->action = *$1; $$->clauses = $2; }
| check             { $$ = ast_stmt(p, @$, AST_STMT_CHECK); $$->check = *$1; }
| if_stmt           { $$ = $1; }
| FOR EACH word IN expr at_most block
    { $$ = ast_stmt(p, @$, AST_STMT_FOR); $$->name = $3; $$->value = $5;
      $$->at_most = $6 == NULL ? NULL : $6->text; $$->then = $7; $$->body = @7; }
| PARALLEL open branches '}' clauses
    { $$ = ast_stmt(p, @$, AST_STMT_PARALLEL); CRUD_CLOSE($$->branches, $3); $$->clauses = $5;
      $$->body = span_join(@2, @4); }
| WAIT expr         { $$ = ast_stmt(p, @$, AST_STMT_WAIT); $$->value = $2; }
| WAIT UNTIL expr   { $$ = ast_stmt(p, @$, AST_STMT_WAIT_UNTIL); $$->value = $3; }
| IDEMPOTENT BY expr FOR DURATION
    { $$ = ast_stmt(p, @$, AST_STMT_IDEMPOTENT); $$->value = $3;
      $$->duration = ast_literal(p, AST_DURATION, $5); }
| finish            { $$ = ast_stmt(p, @$, AST_STMT_FINISH); $$->finish = *$1; };

if_stmt:
  IF expr block               { $$ = ast_if(p, @$, $2, $3, @3); }
| IF expr block ELSE block    { $$ = ast_if(p, @$, $2, $3, @3);
                                $$->has_else = true; $$->otherwise = $5; $$->else_body = @5; }
| IF expr block ELSE if_stmt  { $$ = ast_if(p, @$, $2, $3, @3);
                                $$->has_else = $$->else_if = true; $$->otherwise = $5; };

at_most:
  %empty       { $$ = NULL; }
| AT MOST INT  { $$ = $3; };

branches:
  %empty                 { $$ = NULL; }
| branches branch        { CRUD_APPEND($$, $1, $2); }
| branches error RESYNC  { yyerrok; $$ = $1; };
branch: BRANCH id block { $$ = ast_branch(p, @$, $2, $3); $$->body = @3; };

finish:
  failure         { $$ = ast_finish(p, @$, AST_FINISH_FAIL); $$->failure = $1; }
| REPLY INT       { $$ = ast_finish(p, @$, AST_FINISH_REPLY);
                    $$->status = $2->text; $$->status_span = @2; }
| REPLY INT expr  { $$ = ast_finish(p, @$, AST_FINISH_REPLY);
                    $$->status = $2->text; $$->status_span = @2; $$->value = $3; }
| CONTINUE        { $$ = ast_finish(p, @$, AST_FINISH_CONTINUE); };

clauses: clauses_ { CRUD_CLOSE($$, $1); };
clauses_:
  %empty           { $$ = NULL; }
| clauses_ clause  { CRUD_APPEND($$, $1, $2); };
clause:
  TIMEOUT expr            { $$ = ast_clause(p, @$, AST_CLAUSE_TIMEOUT); $$->timeout = $2; }
| RETRY ids               { $$ = ast_clause(p, @$, AST_CLAUSE_RETRY); $$->policies = $2; }
| UNDO block              { $$ = ast_clause(p, @$, AST_CLAUSE_UNDO); $$->undo = $2; $$->body = @2; }
| catch_head THEN finish  { $$ = ast_clause(p, @$, AST_CLAUSE_CATCH); $$->catch_ = *$1;
                            $$->catch_.finish = *$3; $$->catch_.span = @$; }
| catch_head block        { $$ = ast_clause(p, @$, AST_CLAUSE_CATCH); $$->catch_ = *$1;
                            $$->catch_.has_block = true; $$->catch_.block = $2; $$->catch_.body = @2;
                            $$->catch_.span = @$; };

action:
  write                     { $$ = $1; }
| GET id '(' args ')'       { $$ = ast_action(p, @$, AST_ACT_GET); $$->target = $2; $$->args = $4; }
| FIND id '.' id '(' args ')'
    { $$ = ast_action(p, @$, AST_ACT_FIND); $$->target = $2; $$->index = $4; $$->args = $6; }
| CALL id '(' args ')'      { $$ = ast_action(p, @$, AST_ACT_CALL); $$->target = $2; $$->args = $4; }
| START id '(' args ')'     { $$ = ast_action(p, @$, AST_ACT_START); $$->target = $2; $$->args = $4; }
| PUBLISH id expr           { $$ = ast_action(p, @$, AST_ACT_PUBLISH); $$->target = $2; $$->value = $3; }
| TRANSACT open txs '}'     { $$ = ast_action(p, @$, AST_ACT_TRANSACT); CRUD_CLOSE($$->parts, $3);
                              $$->body = span_join(@2, @4); };

write: write_ when { $$ = $1; $$->when = $2; $$->span = @$; };
write_:
  CREATE id object           { $$ = ast_action(p, @$, AST_ACT_CREATE); $$->target = $2; $$->value = $3; }
| UPDATE id '(' args ')' open assigns '}'
    { $$ = ast_action(p, @$, AST_ACT_UPDATE); $$->target = $2; $$->args = $4;
      CRUD_CLOSE($$->assigns, $7); $$->body = span_join(@6, @8); }
| DELETE id '(' args ')'     { $$ = ast_action(p, @$, AST_ACT_DELETE); $$->target = $2; $$->args = $4; };
when:
  %empty     { $$ = NULL; }
| WHEN expr  { $$ = $2; };

txs:
  %empty            { $$ = NULL; }
| txs tx            { CRUD_APPEND($$, $1, $2); }
| txs error RESYNC  { yyerrok; $$ = $1; };
tx:
  tx_action                          { $$ = ast_tx(p, @$, $1); }
| EACH word IN expr ':' tx_action    { $$ = ast_tx(p, @$, $6); $$->each = $2; $$->in = $4; };
tx_action:
  write                              { $$ = $1; }
| CHECK id '(' args ')' WHEN expr    { $$ = ast_action(p, @$, AST_ACT_CHECK);
                                       $$->target = $2; $$->args = $4; $$->when = $7; };

assigns:
  %empty                { $$ = NULL; }
| assigns assign        { CRUD_APPEND($$, $1, $2); }
| assigns error RESYNC  { yyerrok; $$ = $1; };
assign:
  name '=' expr        { $$ = ast_assign(p, @$, $1, '=', $3); }
| name PLUS_SET expr   { $$ = ast_assign(p, @$, $1, '+', $3); }
| name MINUS_SET expr  { $$ = ast_assign(p, @$, $1, '-', $3); }
| REMOVE name          { $$ = ast_assign(p, @$, $2, 'r', NULL); };

/* ---- tests ---- */

tstmts:
  %empty               { $$ = NULL; }
| tstmts tstmt         { CRUD_APPEND($$, $1, $2); }
| tstmts error RESYNC  { yyerrok; $$ = $1; };

tstmt:
  LET word '=' expr { $$ = ast_tstmt(p, @$, AST_T_LET); $$->name = $2; $$->value = $4; }
| method STRING object_opt caller headers ARROW INT object_opt
    { $$ = ast_tstmt(p, @$, AST_T_REQUEST); $$->verb = ast_name($1);
      $$->path = $2->text; $$->path_span = @2; $$->body = $3; $$->caller = $4; $$->headers = $5;
      $$->status = $7->text; $$->status_span = @7; $$->expected = $8; }
| FAIL NEXT id '.' id WITH ids applied
    { $$ = ast_tstmt(p, @$, AST_T_FAIL_NEXT); $$->name = $3; $$->verb = $5; $$->errors = $7;
      $$->applied = $8; }
| GIVEN id RETURNS expr  { $$ = ast_tstmt(p, @$, AST_T_GIVEN_RETURNS); $$->name = $2; $$->value = $4; }
| GIVEN id RAISES ids    { $$ = ast_tstmt(p, @$, AST_T_GIVEN_RAISES); $$->name = $2; $$->errors = $4; }
| ADVANCE DURATION       { $$ = ast_tstmt(p, @$, AST_T_ADVANCE);
                           $$->value = ast_literal(p, AST_DURATION, $2); }
| EXPECT id '(' args ')' object
    { $$ = ast_tstmt(p, @$, AST_T_EXPECT); $$->name = $2; $$->args = $4; $$->expected = $6; }
| EXPECT id '(' args ')' MISSING
    { $$ = ast_tstmt(p, @$, AST_T_EXPECT_MISSING); $$->name = $2; $$->args = $4; };

method: GET { $$ = $1; } | POST { $$ = $1; } | PUT { $$ = $1; } | PATCH { $$ = $1; } | DELETE { $$ = $1; };
caller:
  %empty         { $$ = NULL; }
| AS object      { $$ = $2; };
headers:
  %empty          { $$ = NULL; }
| HEADERS object  { $$ = $2; };
object_opt:
  %empty  { $$ = NULL; }
| object  { $$ = $1; };
applied:
  %empty   { $$ = false; }
| APPLIED  { $$ = true; };

/* ---- expressions ---- */

expr:
  postfix             { $$ = $1; }
| NOT expr            { $$ = ast_unary(p, @$, AST_NOT, $2); }
| '-' expr %prec MINUS { $$ = ast_unary(p, @$, AST_NEGATE, $2); }
| expr OR expr        { $$ = ast_binary(p, @$, $1, AST_OR, @2, $3); }
| expr AND expr       { $$ = ast_binary(p, @$, $1, AST_AND, @2, $3); }
| expr EQ expr        { $$ = ast_binary(p, @$, $1, AST_EQ, @2, $3); }
| expr NE expr        { $$ = ast_binary(p, @$, $1, AST_NE, @2, $3); }
| expr '<' expr       { $$ = ast_binary(p, @$, $1, AST_LT, @2, $3); }
| expr '>' expr       { $$ = ast_binary(p, @$, $1, AST_GT, @2, $3); }
| expr LE expr        { $$ = ast_binary(p, @$, $1, AST_LE, @2, $3); }
| expr GE expr        { $$ = ast_binary(p, @$, $1, AST_GE, @2, $3); }
| expr IN expr        { $$ = ast_binary(p, @$, $1, AST_IN, @2, $3); }
| expr '+' expr       { $$ = ast_binary(p, @$, $1, AST_ADD, @2, $3); }
| expr '-' expr       { $$ = ast_binary(p, @$, $1, AST_SUB, @2, $3); }
| expr '*' expr       { $$ = ast_binary(p, @$, $1, AST_MUL, @2, $3); }
| expr '/' expr       { $$ = ast_binary(p, @$, $1, AST_DIV, @2, $3); }
| expr '%' expr       { $$ = ast_binary(p, @$, $1, AST_MOD, @2, $3); };

postfix:
  primary               { $$ = $1; }
| postfix '.' id        { $$ = ast_member(p, @$, $1, $3); }
| postfix '[' expr ']'  { $$ = ast_index(p, @$, $1, $3); }
| postfix '(' args ')'  { $$ = ast_call(p, @$, $1, $3); };

primary:
  INT           { $$ = ast_literal(p, AST_INT, $1); }
| NUM           { $$ = ast_literal(p, AST_NUMBER, $1); }
| STRING        { $$ = ast_literal(p, AST_STRING, $1); }
| TRUE          { $$ = ast_literal(p, AST_BOOL, $1); $$->boolean = true; }
| FALSE         { $$ = ast_literal(p, AST_BOOL, $1); }
| NULL          { $$ = ast_literal(p, AST_NULL, $1); }
| DURATION      { $$ = ast_literal(p, AST_DURATION, $1); }
| word          { $$ = ast_name_expr(p, $1); }
| ALL id        { $$ = ast_all(p, @$, $2); }
| object        { $$ = $1; }
| '[' args ']'  { $$ = ast_list(p, @$, $2); }
| '(' expr ')'  { $$ = $2; $$->parens = true; };

object: '{' entries '}' { $$ = ast_object(p, @$, $2); };
entries:
  %empty        { $$ = NULL; }
| entries_      { CRUD_CLOSE($$, $1); }
| entries_ ','  { CRUD_CLOSE($$, $1); };
entries_:
  entry               { CRUD_APPEND($$, (struct ast_entry *)NULL, $1); }
| entries_ ',' entry  { CRUD_APPEND($$, $1, $3); };
entry:
  name ':' expr  { $$ = ast_entry(p, @$, AST_ENTRY_PAIR, &$1, $3); }
| STRING ':' expr { struct ast_name key = {crud_intern(p, $1->text, (uint32_t)strlen($1->text)), @1, true};
                    $$ = ast_entry(p, @$, AST_ENTRY_PAIR, &key, $3); }
| word           { $$ = ast_entry(p, @$, AST_ENTRY_SHORT, &$1, NULL); }
| SPREAD expr    { $$ = ast_entry(p, @$, AST_ENTRY_SPREAD, NULL, $2); };

args:
  %empty     { $$ = NULL; }
| args_      { CRUD_CLOSE($$, $1); }
| args_ ','  { CRUD_CLOSE($$, $1); };
args_:
  arg            { CRUD_APPEND($$, (struct ast_arg *)NULL, $1); }
| args_ ',' arg  { CRUD_APPEND($$, $1, $3); };
arg:
  name ':' expr  { $$ = ast_arg(p, @$, &$1, $3); }
| expr           { $$ = ast_arg(p, @$, NULL, $1); };

%%

static int crud_yylex(CRUD_YYSTYPE *value, struct span *at, struct crud_parser *p)
{
    int kind = p->inject;
    const struct crud_token *t = &p->tokens[p->next];
    *at = t->span;
    p->current = p->next;
    if (kind != 0) { /* stands in front of the token, and has no width */
        p->inject = 0;
        at->end = at->start;
        return kind;
    }
    if (t->kind != 0)
        p->next++;
    value->CRUD_ID = t;
    return t->kind;
}

/* Bison calls this for one thing only: its stack is full. */
static void crud_yyerror(const struct span *at, struct crud_parser *p, const char *message)
{
    (void)message;
    crud_too_deep(p, *at);
}

/* The token that a symbol of the parser's tables stands for. */
static int token_of(yysymbol_kind_t symbol)
{
    int token = 0;
    while (token < YYMAXUTOK && YYTRANSLATE(token) != symbol)
        token++;
    return token;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct crud_parser *p)
{
    enum { EXPECTED_MAX = 128 };
    yysymbol_kind_t symbols[EXPECTED_MAX];
    int tokens[EXPECTED_MAX];
    int count = yypcontext_expected_tokens(context, symbols, EXPECTED_MAX);
    for (int i = 0; i < count; i++)
        tokens[i] = token_of(symbols[i]);
    crud_syntax_error(p, p->current, tokens, count);
    return 0;
}
