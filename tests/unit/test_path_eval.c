/*
 * test_path_eval.c - what paths and intrinsic functions give: the lines of paths.txt.
 */
#include "runtime/base/json.h"
#include "runtime/base/value.h"
#include "runtime/expr/path_eval.h"
#include "tests/unit/datafile.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct aslrt_value read(struct aslrt_arena *arena, const char *text)
{
    struct aslrt_value v;
    assert_int_equal(aslrt_json_read(arena, text, strlen(text), &v, NULL), ASLRT_OK);
    return v;
}

static struct aslrt_value context(void *data)
{
    return read(data, "{\"Execution\":{\"Name\":\"run\"}}");
}

static struct aslrt_value variable(void *data, const char *name, uint32_t count)
{
    return count == 1 && name[0] == 'v' ? read(data, "[10,20]") : aslrt_undefined();
}

static uint64_t random_bits(void *data)
{
    (void)data;
    return 0x0123456789abcdefu;
}

/* One line: what it gives, or "!! " and the fault. */
static const char *evaluate(struct aslrt_arena *arena, struct aslrt_value input, const char *text)
{
    struct aslrt_path_error error;
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    const struct aslrt_term *term = aslrt_path_parse(arena, text, (uint32_t)strlen(text), &error);
    if (term == NULL) {
        aslrt_buffer_format(&b, "?? %s", error.message);
        return aslrt_buffer_close(&b);
    }
    const struct aslrt_path_scope scope = {arena, input, arena, context, variable, random_bits};
    struct aslrt_path_fault fault;
    struct aslrt_value out;
    if (!aslrt_path_eval(term, &scope, &out, &fault)) {
        aslrt_buffer_format(&b, "!! %s", fault.message);
    } else {
        aslrt_buffer_text(&b, "=> ");
        aslrt_json_put(&b, out, ASLRT_JSON_MINIFIED);
    }
    return aslrt_buffer_close(&b);
}

static void test_lines(void **state)
{
    (void)state;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    struct aslrt_value input = aslrt_null();
    char *text = read_data("paths.txt");
    char *rest = text, *line;
    int count = 0, wrong = 0;
    while ((line = next_line(&rest)) != NULL) {
        if (line[0] == '#' || line[0] == '\0')
            continue;
        if (strncmp(line, "input ", 6) == 0) {
            input = read(arena, line + 6);
            continue;
        }
        char *expected = strstr(line, " => ");
        if (expected == NULL)
            expected = strstr(line, " !! ");
        assert_non_null(expected);
        *expected++ = '\0';
        const char *actual = evaluate(arena, input, line);
        count++;
        if (strcmp(actual, expected) != 0) {
            wrong++;
            print_error("%s\n  expected %s\n  got      %s\n", line, expected, actual);
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(count > 80);
    free(text);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
}

static void check_put(struct aslrt_arena *arena, const char *path, const char *target,
                      const char *expected)
{
    struct aslrt_path_error error;
    const struct aslrt_term *t = aslrt_path_parse(arena, path, (uint32_t)strlen(path), &error);
    struct aslrt_value out;
    struct aslrt_path_conflict found = {NULL, aslrt_undefined()};
    assert_non_null(t);
    bool done = aslrt_path_put(arena, t->path, read(arena, target), aslrt_int(7), &out, &found);
    if (expected == NULL) {
        assert_false(done);
        assert_non_null(found.step);
        return;
    }
    assert_true(done);
    const char *text;
    size_t count;
    assert_int_equal(aslrt_json_write(arena, out, &text, &count), ASLRT_OK);
    assert_string_equal(text, expected);
}

static void test_put(void **state)
{
    (void)state;
    struct aslrt_memory *memory = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *arena = aslrt_arena_open(memory);
    check_put(arena, "$", "{\"a\":1}", "7");
    check_put(arena, "$.b", "{\"a\":1}", "{\"a\":1,\"b\":7}");
    check_put(arena, "$.a", "{\"a\":1,\"b\":2}", "{\"a\":7,\"b\":2}");
    check_put(arena, "$.x.y.z", "{\"a\":1}", "{\"a\":1,\"x\":{\"y\":{\"z\":7}}}");
    check_put(arena, "$.l[1]", "{\"l\":[1,2,3]}", "{\"l\":[1,7,3]}");
    check_put(arena, "$.l[3]", "{\"l\":[1,2,3]}", NULL);
    check_put(arena, "$.a.b", "{\"a\":1}", NULL);
    check_put(arena, "$.a", "[1]", NULL);
    aslrt_arena_close(arena);
    aslrt_memory_close(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
