/*
 * test_expression.c - expressions: parsed, checked, evaluated; from data files.
 *
 * A data file is lines:
 *     item|key|names|values JSON     what the expressions below it are used with; "none": nothing
 *     condition EXPRESSION -> true|false
 *     update EXPRESSION -> JSON      the item after it
 *     project EXPRESSION -> JSON     the parts of the item
 *     key EXPRESSION -> name operator value, …
 * An outcome that begins with "! " is the error's message, without "Invalid …Expression: " where it
 * begins so.
 */
#include "runtime/ddb/expression.h"
#include "runtime/ddb/path_tree.h"
#include "runtime/ddb/wire.h"
#include "tests/unit/datafile.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

struct bench {
    struct aslrt_memory *memory;
    struct aslrt_arena *inputs; /* the four below live here */
    struct aslrt_arena *arena;
    struct aslrt_value item, key, names, values;
    /* one case */
    struct aslrt_ddb cx;
    enum aslrt_expression_kind kind;
    const char *text;
    const char *outcome;
};

static struct aslrt_value read_json(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_value v = aslrt_undefined();
    struct aslrt_json_error error;
    if (strcmp(text, "none") == 0)
        return v;
    if (aslrt_json_read(arena, text, strlen(text), &v, &error) != ASLRT_OK)
        fail_msg("%s: %s", error.message, text);
    return v;
}

static struct aslrt_attr item_of(struct bench *b, struct aslrt_value json)
{
    return json.kind == ASLRT_UNDEFINED ? aslrt_attr_missing() : aslrt_attr_read_item(&b->cx, json);
}

static const char *show_item(struct bench *b, struct aslrt_attr item)
{
    const char *text;
    size_t count;
    if (item.at == NULL)
        return "none";
    assert_true(aslrt_attr_valid(item.at, aslrt_attr_form(item).count));
    aslrt_json_write(b->arena, aslrt_attr_write_item(b->arena, item), &text, &count);
    return text;
}

static const char *show_key_conditions(struct bench *b, const struct aslrt_expression *e)
{
    static const char *const operators[] = {"", "", "begins_with",
#define ASLRT_X(id, text) text,
                                            ASLRT_OPERATORS(ASLRT_X)
#undef ASLRT_X
    };
    struct aslrt_key_condition k[2];
    struct aslrt_buffer out = aslrt_buffer_in(b->arena);
    uint32_t count = aslrt_key_conditions(&b->cx, e, k);
    for (uint32_t i = 0; i < count; i++) {
        aslrt_buffer_format(&out, "%s%.*s %s %s", i == 0 ? "" : ", ", (int)k[i].name.count,
                            (const char *)k[i].name.at, operators[k[i].op],
                            aslrt_attr_show(b->arena, k[i].values[0]));
        if (k[i].values[1].at != NULL)
            aslrt_buffer_format(&out, " %s", aslrt_attr_show(b->arena, k[i].values[1]));
    }
    return aslrt_buffer_close(&out);
}

static enum aslrt_status run_case(void *data)
{
    struct bench *b = data;
    struct aslrt_placeholders p;
    struct aslrt_attr item = item_of(b, b->item);
    aslrt_placeholders_read(&b->cx, b->names, b->values, &p);
    struct aslrt_expression *e =
        aslrt_expression_parse(&b->cx, b->kind, aslrt_bytes_of(b->text, strlen(b->text)));
    aslrt_expression_bind(&b->cx, e, &p);
    switch (b->kind) {
    case ASLRT_EXPRESSION_UPDATE:
        b->outcome = show_item(b, aslrt_update_apply(&b->cx, e, item, item_of(b, b->key)));
        break;
    case ASLRT_EXPRESSION_PROJECTION:
        b->outcome = show_item(b, aslrt_project(b->arena, e->tree, item));
        break;
    case ASLRT_EXPRESSION_KEY_CONDITION:
        b->outcome = show_key_conditions(b, e);
        break;
    default:
        b->outcome = aslrt_condition_holds(&b->cx, e, item) ? "true" : "false";
        break;
    }
    return ASLRT_OK;
}

static bool matches(struct bench *b, const char *expected)
{
    if (expected[0] != '{')
        return strcmp(b->outcome, expected) == 0;
    return b->outcome[0] == '{' &&
           aslrt_equal(read_json(b->arena, b->outcome), read_json(b->arena, expected));
}

/* Runs one case; gives what came out. */
static void run(struct bench *b, enum aslrt_expression_kind kind, const char *text)
{
    b->cx = (struct aslrt_ddb){.arena = b->arena, .scratch = b->arena};
    b->kind = kind;
    b->text = text;
    enum aslrt_status status = aslrt_protect(b->memory, run_case, b);
    if (status == ASLRT_OK)
        return;
    assert_int_equal(status, ASLRT_FAILED);
    const char *message = b->cx.message, *rest = strstr(message, "Expression: ");
    if (strncmp(message, "Invalid ", 8) == 0 && strncmp(message, "Invalid operator", 16) != 0 &&
        strncmp(message, "Invalid condition", 17) != 0 && rest != NULL)
        message = rest + 12;
    struct aslrt_buffer out = aslrt_buffer_in(b->arena);
    aslrt_buffer_format(&out, "! %s", message);
    b->outcome = aslrt_buffer_close(&out);
}

static int run_file(const char *file)
{
    static const struct {
        const char *word;
        enum aslrt_expression_kind kind;
    } kinds[] = {{"condition", ASLRT_EXPRESSION_CONDITION},
                 {"update", ASLRT_EXPRESSION_UPDATE},
                 {"project", ASLRT_EXPRESSION_PROJECTION},
                 {"key", ASLRT_EXPRESSION_KEY_CONDITION}};
    char *data = read_data(file), *rest = data, *line;
    struct bench b = {.memory = aslrt_memory_open(NULL, 0)};
    int number = 0, cases = 0, failures = 0;
    b.inputs = aslrt_arena_open(b.memory);
    b.arena = aslrt_arena_open(b.memory);
    while ((line = next_line(&rest)) != NULL) {
        number++;
        char *space = strchr(line, ' '), *arrow = strstr(line, " -> ");
        if (line[0] == '#' || space == NULL)
            continue;
        *space = '\0';
        if (arrow == NULL && strchr("{n", space[1]) != NULL) {
            *(strcmp(line, "item") == 0    ? &b.item
              : strcmp(line, "key") == 0   ? &b.key
              : strcmp(line, "names") == 0 ? &b.names
                                           : &b.values) = read_json(b.inputs, space + 1);
            continue;
        }
        const char *expression = space + 1, *expected = arrow != NULL ? arrow + 4 : space + 1;
        if (arrow != NULL)
            *arrow = '\0';
        else
            expression = ""; /* "condition ! message": the empty expression */
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            if (strcmp(line, kinds[k].word) != 0)
                continue;
            run(&b, kinds[k].kind, expression);
            cases++;
            if (!matches(&b, expected)) {
                failures++;
                fprintf(stderr, "%s:%d: %s\n  expected %s\n  got      %s\n", file, number,
                        expression, expected, b.outcome);
            }
        }
        aslrt_arena_reset(b.arena);
    }
    assert_int_equal(failures, 0);
    aslrt_arena_close(b.arena);
    aslrt_arena_close(b.inputs);
    aslrt_memory_close(b.memory);
    free(data);
    return cases;
}

static void test_conditions(void **state)
{
    (void)state;
    assert_true(run_file("ddb/conditions.txt") > 120);
}

static void test_updates(void **state)
{
    (void)state;
    assert_true(run_file("ddb/updates.txt") > 60);
}

static void test_projections_and_keys(void **state)
{
    (void)state;
    assert_true(run_file("ddb/projections.txt") > 35);
}

/* ---- limits, which no data file should spell out ---- */

static const char *inspect(struct bench *b, enum aslrt_expression_kind kind, const char *text)
{
    struct aslrt_expression_report report;
    assert_int_equal(aslrt_expression_inspect(b->arena, kind, text, strlen(text), aslrt_undefined(),
                                              aslrt_undefined(), &report),
                     ASLRT_OK);
    return report.message;
}

static char *repeated(const char *first, const char *part, int times, const char *last)
{
    size_t room = strlen(first) + strlen(part) * (size_t)times + strlen(last) + 1;
    char *text = malloc(room);
    size_t n = (size_t)snprintf(text, room, "%s", first);
    for (int i = 0; i < times; i++)
        n += (size_t)snprintf(text + n, room - n, "%s", part);
    snprintf(text + n, room - n, "%s", last);
    return text;
}

static void expect(struct bench *b, char *text, const char *message)
{
    const char *got = inspect(b, ASLRT_EXPRESSION_FILTER, text);
    if (message == NULL)
        assert_null(got);
    else
        assert_string_equal(got, message);
    free(text);
    aslrt_arena_reset(b->arena);
}

static void test_limits(void **state)
{
    (void)state;
    struct bench b = {.memory = aslrt_memory_open(NULL, 0)};
    b.arena = aslrt_arena_open(b.memory);
    expect(&b, repeated("a=:a", " OR a=:a", 149, ""), NULL); /* 299 operators */
    expect(&b, repeated("NOT a=:a", " OR a=:a", 150, ""),
           "Invalid FilterExpression: The expression contains too many operators; operator count: "
           "302");
    expect(&b, repeated("a=:a", " ", 4092, ""), NULL);
    expect(&b, repeated("a=:a", " ", 4093, ""),
           "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; "
           "expression size: 4097");
    expect(&b, repeated("a IN (:a", ",:a", 99, ")"), NULL);
    expect(&b, repeated("a IN (:a", ",:a", 100, ")"),
           "Invalid FilterExpression: The IN operator is provided with too many operands; number "
           "of operands: 101");
    expect(&b, repeated("", "(", 4096, ""),
           "Invalid FilterExpression: Syntax error; token: \"(\", near: \"(((\"");
    expect(&b, repeated("", "NOT ", 250, "a=:a"), NULL);
    expect(&b, repeated("a", ".a", 31, "=:a"), NULL);
    expect(&b, repeated("a", ".a", 32, "=:a"),
           "Invalid FilterExpression: The document path has too many nesting levels; nesting "
           "levels: 33");
    aslrt_arena_close(b.arena);
    aslrt_memory_close(b.memory);
}

/* Without names and values the compiler can still check an expression, and is told where. */
static void test_inspection(void **state)
{
    (void)state;
    struct bench b = {.memory = aslrt_memory_open(NULL, 0)};
    struct aslrt_expression_report r;
    b.arena = aslrt_arena_open(b.memory);
    assert_null(inspect(&b, ASLRT_EXPRESSION_UPDATE, "SET #a = :v ADD n :one"));
    assert_null(inspect(&b, ASLRT_EXPRESSION_KEY_CONDITION, "#a = :v AND begins_with(b, :p)"));
    assert_null(inspect(&b, ASLRT_EXPRESSION_CONDITION, "attribute_type(a, :t) AND a < :v"));
    const char *text = "id = :v AND status = :s";
    aslrt_expression_inspect(b.arena, ASLRT_EXPRESSION_CONDITION, text, strlen(text),
                             aslrt_undefined(), aslrt_undefined(), &r);
    assert_string_equal(r.message, "Invalid ConditionExpression: Attribute name is a reserved "
                                   "keyword; reserved keyword: status");
    assert_int_equal(r.at.start, 12);
    assert_int_equal(r.at.end, 18);
    text = "id = :v AND";
    aslrt_expression_inspect(b.arena, ASLRT_EXPRESSION_CONDITION, text, strlen(text),
                             aslrt_undefined(), aslrt_undefined(), &r);
    assert_int_equal(r.at.start, 11);
    aslrt_arena_close(b.arena);
    aslrt_memory_close(b.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),           cmocka_unit_test(test_updates),
        cmocka_unit_test(test_projections_and_keys), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_inspection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
