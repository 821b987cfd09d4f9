/*
 * test_store.c - the store's operations: scripts of requests and answers, and what scripts can't
 * say.
 */
#include "tests/unit/store_script.h"

#include "runtime/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *const scripts[] = {"ddb/items.txt", "ddb/writes.txt", "ddb/queries.txt"};

static void test_scripts_in_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
        struct script s = {.file = scripts[i], .arena = aslrt_arena_open(m)};
        assert_int_equal(aslrt_store_memory(m, &s.store), ASLRT_OK);
        assert_true(script_run(&s));
        assert_true(s.requests > 10);
        aslrt_store_close(s.store);
        aslrt_arena_close(s.arena);
        aslrt_memory_close(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
