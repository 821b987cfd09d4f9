/*
 * test_sema.c - the model that names and types make of a file; the table of built-in functions, run
 * through the JSONata engine; patterns, against the regular expressions of that engine; large
 * files. What is wrong with a file is tested by tests/ui; here everything is right.
 */
#include "compiler/front/builtins.h"
#include "compiler/front/parse.h"
#include "compiler/front/sema.h"
#include "compiler/front/sema_int.h"
#include "runtime/base/buffer.h"
#include "tests/unit/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct model *model(struct world *w, const char *text)
{
    struct ast_unit *unit = crud_parse(w->arena, &w->cx, add_text(w, text));
    struct model *m = unit == NULL ? NULL : sema_model(w->arena, &w->cx, unit);
    for (uint32_t i = 0; i < w->cx.count; i++)
        print_message("%s: %s\n", diag_table[w->cx.diags[i]->code].code, w->cx.diags[i]->message);
    assert_non_null(m);
    return m;
}

/* ---- the model ---- */

static void test_entity(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct model *m = model(
        &w,
        "service s { path = \"/v1\"  auth = cognito(pool: var.pool)  timeout = 20s\n"
        "  throttle = rate(100, per: 2s, burst: 7)  logs = retain(90d, level: \"all\", data: "
        "true)\n"
        "  alarms = [errors(3, within: 10m), latency(p95: 2s)]  cors = [\"https://a.example\"] }\n"
        "enum Color { red, green }\n"
        "entity Note at \"/books/{book}/notes\" {\n"
        "  key book: Book.isbn\n  sort id: ulid = ulid()\n"
        "  title: string(1..20) @pattern(\"[a-z]+\")\n"
        "  owner: string @from(caller.sub) @hidden\n"
        "  color: Color? = red\n  version: int = 1 @version\n"
        "  tags: [string](..3) = [] @distinct\n  gone: timestamp @ttl(2d)\n"
        "  seen: timestamp @touch\n  made: timestamp = now() @readonly\n"
        "  index byTitle(title, made) @project(color)\n"
        "  create { only = [title, color] }\n  get { consistency = eventual }\n"
        "  list { page = 7  max = 70  order = newest  filter = [color] }\n"
        "  list by byTitle(title: query(\"t\")) { throttle = rate(3) }\n}\n"
        "entity Book { key isbn: string(10..13) }\n");
    assert_string_equal(m->service.path, "/v1");
    assert_int_equal(m->service.auth, AUTH_COGNITO);
    assert_int_equal(m->service.timeout_s, 20);
    assert_true(m->service.throttle_rate == 50 && m->service.throttle_burst == 7);
    assert_int_equal(m->service.log_retain_d, 90);
    assert_true(m->service.log_data);
    assert_int_equal(m->service.alarm_count, 2);
    assert_int_equal(m->service.alarms[0].within_s, 600);
    assert_true(m->service.alarms[1].threshold == 2000);
    assert_int_equal(m->service.cors_count, 1);
    assert_int_equal(m->variable_count, 1);
    assert_string_equal(m->variables[0]->name, "pool");

    const struct entity *e = m->entities[0];
    assert_int_equal(e->field_count, 10);
    assert_string_equal(e->key->name, "book");
    assert_int_equal(e->key->type->kind, TYPE_STRING);
    assert_true(e->key->type->low == 10 && e->key->type->high == 13);
    assert_ptr_equal(e->key->type->entity, m->entities[1]);
    assert_true(e->sort->generated && e->sort->is_sort);
    assert_string_equal(e->fields[2]->type->pattern, "[a-z]+");
    assert_true(e->fields[3]->hidden && e->fields[3]->from != NULL);
    assert_int_equal(e->fields[4]->type->kind, TYPE_ENUM);
    assert_true(e->fields[4]->type->optional);
    assert_ptr_equal(e->fields[4]->type->enumeration, m->enums[0]);
    assert_int_equal(e->fields[4]->value->ref->kind, BIND_ENUM_MEMBER);
    assert_ptr_equal(e->version, e->fields[5]);
    assert_string_equal(e->fields[6]->type->distinct_by, "");
    assert_ptr_equal(e->ttl, e->fields[7]);
    assert_int_equal(e->ttl->ttl_s, 2 * 86400);
    assert_true(e->fields[8]->touch && e->fields[9]->readonly && e->fields[9]->generated);
    assert_int_equal(e->path_param_count, 1);
    assert_string_equal(e->indexes[0]->sort->name, "made");
    assert_int_equal(e->indexes[0]->project_count, 1);

    assert_int_equal(e->operation_count, 4);
    assert_string_equal(e->operations[0]->id, "createNote");
    assert_int_equal(e->operations[0]->only_count, 2);
    assert_true(e->operations[1]->eventual);
    const struct operation *list = e->operations[2], *by = e->operations[3];
    assert_true(list->page == 7 && list->max == 70 && list->newest && list->page_given);
    assert_int_equal(list->filter_count, 1);
    assert_string_equal(by->id, "listNoteByTitle");
    assert_ptr_equal(by->index, e->indexes[0]);
    assert_true(by->page == 25 && by->max == 100 && !by->page_given && by->throttle_rate == 3);
    close_world(&w);
}

/* A text that is a key has at least one character, and a bound that fits the service's bytes. */
static void test_key_bounds(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct model *m = model(&w, "entity A at \"/a\" { key k: string  sort s: string  x: string\n"
                                "  index byX(x, k)  get }\nentity B { key k: string }\n");
    const struct entity *a = m->entities[0], *b = m->entities[1];
    assert_true(a->key->type->low == 1 && a->key->type->high == 2048);
    assert_true(a->sort->type->low == 1 && a->sort->type->high == 1024);
    assert_true(a->fields[2]->type->low == 1 && a->fields[2]->type->high == 512);
    assert_int_equal(b->key->type->high, 512);
    close_world(&w);
}

static void test_names(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct model *m = model(
        &w, "service s { auth = iam }\n"
            "entity A at \"/a\" { key id: uuid = uuid()  n: int  t: string?  d: decimal(4, 2)\n"
            "  check d > 1.5 and n < var.limit else fail BadRequest\n"
            "  create { check n > input.n else fail Conflict }\n"
            "  update { check n >= 3 and item.n != input.n and t == caller.arn else fail Stale\n"
            "           catch ConditionFailed => fail Conflict } }\n"
            "error Conflict 418 \"short and stout\"\n");
    const struct entity *e = m->entities[0];
    const struct ast_expr *check = e->checks[0].condition;
    assert_int_equal(check->left->right->type->kind, TYPE_DECIMAL); /* 1.5 beside a decimal */
    assert_int_equal(check->right->right->type->kind, TYPE_INT);    /* var.limit beside an int */
    assert_int_equal(m->variables[0]->type->kind, TYPE_NUMBER);

    check = e->operations[0]->checks[0].condition;
    assert_int_equal(check->left->ref->kind, BIND_FIELD);
    assert_ptr_equal(check->left->ref->field, e->fields[1]);
    assert_int_equal(check->right->left->ref->kind, BIND_INPUT);
    assert_false(check->right->type->optional);
    assert_int_equal(e->operations[0]->checks[0].error->status, 418); /* replaces the built-in */

    check = e->operations[1]->checks[0].condition; /* (a and b) and c */
    const struct ast_expr *b = check->left->right;
    assert_int_equal(b->left->left->ref->kind, BIND_ITEM);
    assert_ptr_equal(b->left->left->ref->entity, e);
    assert_true(b->right->type->optional); /* a PATCH may leave it out */
    assert_int_equal(check->right->right->left->ref->kind, BIND_CALLER);
    assert_string_equal(e->operations[1]->catches[0].names[0], "ConditionFailed");
    close_world(&w);
}

static void test_policies(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct model *m = model(&w, "policy Slow { on = [Throttled, Busy]  first = 5s  most = 9 }\n"
                                "policy default { factor = 1.5  limit = 20s  jitter = none }\n"
                                "function f(a: int = 3, b: [string](..2)): int raises Busy, Bad\n"
                                "  { arn = var.f  idempotent = a }\n");
    assert_string_equal(m->policies[0]->name, "default");
    assert_true(m->policies[0]->factor == 1.5 && m->policies[0]->limit_s == 20);
    assert_false(m->policies[0]->jitter);
    assert_int_equal(m->policies[1]->on_count, 2);
    assert_int_equal(m->policies[1]->first_s, 5);
    const struct function *f = m->functions[0];
    assert_int_equal(f->param_count, 2);
    assert_int_equal(f->raise_count, 2);
    assert_int_equal(f->timeout_s, 6);
    assert_int_equal(f->idempotent->ref->kind, BIND_PARAM);
    close_world(&w);
}

static void test_workflow(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct model *m =
        model(&w, "service s { auth = cognito(pool: var.p) }\n"
                  "type T { ids: [uuid](..9)  note: string? }\n"
                  "entity A { key id: uuid = uuid()  n: int  index byN(n) }\n"
                  "@async workflow go(input: T, q: string, id: uuid) on POST \"/go/{id}\" {\n"
                  "  idempotent by header(\"Idempotency-Key\") for 24h\n"
                  "  let k = request.key\n  step a = get A(id)\n  step p = find A.byN(a.n)\n"
                  "  let first = p.items[0].n\n  let names = p.items.n\n"
                  "  for each i in input.ids { update A(i) { n += 1 } }\n"
                  "  reply 200 { k, n: a.n, text: \"x\" + q }\n}\n");
    const struct workflow *f = m->workflows[0];
    assert_true(f->async && f->idempotent);
    assert_string_equal(f->method, "POST");
    assert_string_equal(f->body->name, "input");
    const struct ast_stmt *s = f->decl->body->next;
    assert_int_equal(s->value->type->kind, TYPE_UUID);
    s = s->next->next->next; /* let first */
    assert_int_equal(s->value->type->kind, TYPE_INT);
    assert_true(s->value->type->optional);
    s = s->next;
    assert_int_equal(s->value->type->kind, TYPE_LIST);
    s = s->next->next;
    assert_int_equal(s->finish.value->type->kind, TYPE_RECORD);
    assert_int_equal(s->finish.value->type->record->fields[2]->type->kind, TYPE_STRING);
    close_world(&w);
}

/* ---- built-in functions ---- */

static const char *fill(struct world *w, const char *template, const char *const *args)
{
    struct aslrt_buffer b = aslrt_buffer_in(w->arena);
    for (const char *p = template; *p != '\0'; p++) {
        if (p[0] == '$' && p[1] >= '1' && p[1] <= '9') {
            aslrt_buffer_text(&b, args[*++p - '1']);
        } else if (strncmp(p, "$request", 8) == 0) {
            aslrt_buffer_text(&b, "$states.input");
            p += 7;
        } else {
            aslrt_buffer_char(&b, *p);
        }
    }
    return aslrt_buffer_close(&b);
}

/* The value of an expression as JSON, "undefined", or the error's code. */
static const char *evaluate(struct world *w, const char *expr)
{
    const struct aslrt_jsonata_options asl = {.dialect = ASLRT_JSONATA_ASL};
    const struct aslrt_jsonata *program;
    struct aslrt_expr_error error;
    struct aslrt_value input, out;
    const char *text = "{\"headers\":{\"x-a\":\"h\"},\"query\":{\"q\":\"v\"}}";
    assert_int_equal(aslrt_json_read(w->arena, text, strlen(text), &input, NULL), ASLRT_OK);
    struct aslrt_member states = {aslrt_text("input"), input};
    struct aslrt_binding binding = {"states", aslrt_object(&states, 1)};
    struct aslrt_jsonata_eval eval = {
        .bindings = &binding, .binding_count = 1, .now_ms = 1469918176385};
    if (aslrt_jsonata_compile(w->arena, expr, strlen(expr), &asl, &program, &error) != ASLRT_OK)
        return error.message;
    if (aslrt_jsonata_eval(program, &eval, w->arena, &out, &error) != ASLRT_OK)
        return error.message;
    size_t count;
    if (out.kind == ASLRT_UNDEFINED)
        return "undefined";
    assert_int_equal(aslrt_json_write(w->arena, out, &text, &count), ASLRT_OK);
    return text;
}

static void test_templates(void **state)
{
    (void)state;
    static const struct {
        enum builtin_id id;
        const char *args[2];
        const char *expected;
    } cases[] = {
        {BUILTIN_NOW, {NULL}, "\"2016-07-30T22:36:16.385Z\""},
        {BUILTIN_HEADER, {"'X-A'"}, "\"h\""},
        {BUILTIN_HEADER, {"'X-B'"}, "undefined"},
        {BUILTIN_QUERY, {"'q'"}, "\"v\""},
        {BUILTIN_EXISTS, {"$states.input.query"}, "true"},
        {BUILTIN_EXISTS, {"$states.input.body"}, "false"},
        {BUILTIN_LENGTH, {"'h\xc3\xa9'"}, "2"},
        {BUILTIN_SIZE, {"[1, 2, 3]"}, "3"},
        {BUILTIN_SIZE, {"[]"}, "0"},
        {BUILTIN_CONTAINS_TEXT, {"'abc'", "'bc'"}, "true"},
        {BUILTIN_CONTAINS_LIST, {"['a', 'b']", "'b'"}, "true"},
        {BUILTIN_CONTAINS_LIST, {"['a', 'b']", "'c'"}, "false"},
        {BUILTIN_STARTS_WITH, {"'abc'", "'ab'"}, "true"},
        {BUILTIN_STARTS_WITH, {"'abc'", "'abcd'"}, "false"},
        {BUILTIN_STARTS_WITH, {"'abc'", "''"}, "true"},
        {BUILTIN_ENDS_WITH, {"'abc'", "'bc'"}, "true"},
        {BUILTIN_ENDS_WITH, {"'abc'", "''"}, "true"},
        {BUILTIN_ENDS_WITH, {"'bc'", "'abc'"}, "false"},
        {BUILTIN_LOWER, {"'AbC'"}, "\"abc\""},
        {BUILTIN_UPPER, {"'AbC'"}, "\"ABC\""},
        {BUILTIN_TRIM, {"'  a  b '"}, "\"a b\""},
        {BUILTIN_TEXT, {"1.5"}, "\"1.5\""},
        {BUILTIN_SUM, {"[1, 2, 3.5]"}, "6.5"},
        {BUILTIN_SUM, {"[]"}, "0"},
        {BUILTIN_MIN, {"[3, 1, 2]"}, "1"},
        {BUILTIN_MIN, {"[]"}, "undefined"},
        {BUILTIN_MIN_TWO, {"3", "-1"}, "-1"},
        {BUILTIN_MAX, {"[3, 1, 2]"}, "3"},
        {BUILTIN_MAX_TWO, {"3", "-1"}, "3"},
        {BUILTIN_AVERAGE, {"[1, 2]"}, "1.5"},
        {BUILTIN_ROUND, {"2.5"}, "2"},
        {BUILTIN_FLOOR, {"-1.5"}, "-2"},
        {BUILTIN_CEIL, {"1.2"}, "2"},
        {BUILTIN_ABS, {"-3"}, "3"},
    };
    bool tried[BUILTIN_COUNT] = {[BUILTIN_UUID] = true, [BUILTIN_ULID] = true};
    struct world w;
    open_world(&w);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *expr = fill(&w, builtin_table[cases[i].id].jsonata, cases[i].args);
        const char *got = evaluate(&w, expr);
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("%s is %s, not %s", expr, got, cases[i].expected);
        /* As an operand it needs no parentheses of its own. */
        got = evaluate(&w, fill(&w, "[$1 = $1, false]", &expr));
        if (strcmp(cases[i].expected, "undefined") != 0 && strcmp(got, "[true,false]") != 0)
            fail_msg("%s is no operand: %s", expr, got);
        tried[cases[i].id] = true;
    }
    for (int i = 0; i < BUILTIN_COUNT; i++)
        assert_true(tried[i]);
    const char *uuid = evaluate(&w, builtin_table[BUILTIN_UUID].jsonata);
    assert_true(strlen(uuid) == 38 &&
                sema_text_is(TYPE_UUID, aslrt_copy_text(w.arena, uuid + 1, 36)));
    close_world(&w);
}

/* 10 characters of time, 16 that differ each time, all of Crockford's alphabet. */
static void test_ulid(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    const char *seen[20];
    for (int i = 0; i < 20; i++) {
        char expr[1000];
        /* The engine's own random sequence is the same each time: draw further in each round. */
        snprintf(expr, sizeof expr, "($map([0..%d], function($i) { $uuid() }); %s)", i,
                 builtin_table[BUILTIN_ULID].jsonata);
        const char *text = evaluate(&w, expr);
        assert_int_equal(strlen(text), 28);
        seen[i] = aslrt_copy_text(w.arena, text + 1, 26);
        assert_true(sema_text_is(TYPE_ULID, seen[i]));
        assert_memory_equal(seen[i], "01ARYZ6S41", 10); /* 1469918176385, as the ULID spec has it */
        for (int k = 0; k < i; k++)
            assert_string_not_equal(seen[i] + 10, seen[k] + 10);
    }
    close_world(&w);
}

/* ---- patterns ---- */

/* Whatever is taken as a pattern is a regular expression for the engine, too. */
static void test_patterns(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",     "b",     ".",        "[a-z]", "[^0-9]", "\\\\d",
                                         "\\\\w", "(",     ")",        "(?:",   "|",      "*",
                                         "+",     "?",     "{2}",      "{1,}",  "{2,3}",  "\\\\.",
                                         "^",     "$",     "[",        "]",     "{",      "}",
                                         "-",     "\\\\-", "[\\\\]x]", "/"};
    uint64_t seed = 7;
    uint32_t taken = 0;
    struct world w;
    open_world(&w);
    for (int round = 0; round < 20000; round++) {
        char pattern[64] = "";
        struct aslrt_buffer expr = aslrt_buffer_in(w.arena);
        for (int n = 0; n < 6; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            const char *piece = pieces[(seed >> 33) % (sizeof pieces / sizeof pieces[0])];
            for (const char *p = piece; *p != '\0'; p++) { /* "\\\\d" stands for \d */
                size_t at = strlen(pattern);
                pattern[at] = *p;
                pattern[at + 1] = '\0';
                p += p[0] == '\\' && p[1] == '\\';
            }
        }
        uint32_t at;
        if (sema_pattern_problem(pattern, &at) != NULL)
            continue;
        taken++;
        aslrt_buffer_text(&expr, "$contains('x', /^(?:");
        /* as the lowering writes it */
        for (const char *p = sema_pattern_plain(w.arena, pattern); *p != '\0'; p++) {
            if (*p == '\\')
                aslrt_buffer_char(&expr, *p++);
            else if (*p == '/')
                aslrt_buffer_char(&expr, '\\');
            aslrt_buffer_char(&expr, *p);
        }
        aslrt_buffer_text(&expr, ")$/)");
        const char *got = evaluate(&w, aslrt_buffer_close(&expr));
        if (strcmp(got, "true") != 0 && strcmp(got, "false") != 0)
            fail_msg("pattern %s: %s gives %s", pattern, expr.bytes, got);
    }
    assert_true(taken > 500);
    close_world(&w);
}

/* ---- size ---- */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Ten thousand entities: the quota of the API is named, and it takes no time worth mentioning. */
static void test_many(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct aslrt_buffer b = aslrt_buffer_in(w.arena);
    for (int i = 0; i < 10000; i++)
        aslrt_buffer_format(
            &b,
            "entity Entity%d at \"/entities%d\" {\n  key id: uuid = uuid()\n"
            "  name: string(1..80)\n  size: int(0..9) = 3\n"
            "  check name != \"x\" else fail BadRequest\n  create  get  update\n}\n",
            i, i);
    double start = seconds();
    uint32_t id = source_add(&w.sources, "many.crud", aslrt_buffer_close(&b), (uint32_t)b.count);
    struct ast_unit *unit = crud_parse(w.arena, &w.cx, id);
    assert_non_null(unit);
    assert_null(sema_model(w.arena, &w.cx, unit));
    assert_int_equal(w.cx.count, 1);
    assert_int_equal(w.cx.diags[0]->code, DIAG_CRUD_QUOTA);
    assert_true(seconds() - start < 5);
    print_message("10000 entities: %.2f s, %zu MiB\n", seconds() - start,
                  aslrt_arena_size(w.arena) >> 20);
    close_world(&w);
}

/* A file full of mistakes is no reason to think for long. */
static void test_many_mistakes(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct aslrt_buffer b = aslrt_buffer_in(w.arena);
    aslrt_buffer_text(&b, "entity E at \"/e\" {\n  key id: uuid\n");
    for (int i = 0; i < 20000; i++)
        aslrt_buffer_format(&b,
                            "  field%d: strng = fild%d @nope\n  check nam%d == x%d else fail E%d\n",
                            i, i, i, i, i);
    aslrt_buffer_text(&b, "}\n");
    double start = seconds();
    uint32_t id = source_add(&w.sources, "bad.crud", aslrt_buffer_close(&b), (uint32_t)b.count);
    struct ast_unit *unit = crud_parse(w.arena, &w.cx, id);
    assert_non_null(unit);
    assert_null(sema_model(w.arena, &w.cx, unit));
    assert_true(w.cx.count > 1000);
    assert_true(seconds() - start < 10);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entity),   cmocka_unit_test(test_key_bounds),
        cmocka_unit_test(test_names),    cmocka_unit_test(test_policies),
        cmocka_unit_test(test_workflow), cmocka_unit_test(test_templates),
        cmocka_unit_test(test_ulid),     cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_many),     cmocka_unit_test(test_many_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
