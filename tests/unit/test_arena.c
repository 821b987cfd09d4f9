/*
 * test_arena.c - arenas: alignment, growth, the limit, failing allocations, nothing lost.
 */
#include "runtime/base/arena.h"
#include "runtime/base/buffer.h"
#include "runtime/base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void test_alignment_and_growth(void **state)
{
    (void)state;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *a = aslrt_arena_open(m);
    for (size_t i = 1; i < 3000; i++) {
        char *p = aslrt_alloc(a, i);
        assert_int_equal((uintptr_t)p % 16, 0);
        memset(p, 0xaa, i);
    }
    char *large = aslrt_alloc(a, 10u << 20);
    memset(large, 1, 10u << 20);
    assert_true(aslrt_arena_size(a) >= (10u << 20));
    aslrt_arena_close(a);
    aslrt_memory_close(m);
}

static enum aslrt_status fill(void *data)
{
    for (int i = 0; i < 1000; i++)
        aslrt_alloc(data, 10000);
    return ASLRT_OK;
}

static void test_limit(void **state)
{
    (void)state;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 1u << 20);
    struct aslrt_arena *a = aslrt_arena_open(m);
    assert_int_equal(aslrt_protect(m, fill, a), ASLRT_LIMIT);
    aslrt_arena_reset(a);
    size_t kept = aslrt_arena_size(a); /* one block, from which the next use starts */
    assert_true(kept > 0 && kept <= 1u << 19);
    aslrt_alloc(a, 1000);
    assert_int_equal(aslrt_arena_size(a), kept);
    aslrt_arena_close(a);
    aslrt_memory_close(m);
}

struct faulty {
    int left;
};

static void *faulty_resize(void *data, void *block, size_t old_size, size_t new_size)
{
    (void)old_size;
    struct faulty *f = data;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    return f->left-- > 0 ? realloc(block, new_size) : NULL;
}

static enum aslrt_status build_text(void *data)
{
    struct aslrt_buffer b = aslrt_buffer_in(data);
    for (int i = 0; i < 100000; i++)
        aslrt_buffer_format(&b, "%d,", i);
    return strlen(aslrt_buffer_close(&b)) == b.count ? ASLRT_OK : ASLRT_FAILED;
}

/* Fails the n-th allocation for every n until the work goes through. */
static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    for (int n = 0;; n++) {
        struct faulty f = {n};
        struct aslrt_allocator allocator = {faulty_resize, &f};
        struct aslrt_memory *m = aslrt_memory_open(&allocator, 0);
        if (m == NULL)
            continue;
        struct aslrt_arena *a = aslrt_arena_open(m);
        enum aslrt_status status = a == NULL ? ASLRT_NOMEM : aslrt_protect(m, build_text, a);
        f.left = 1000;
        aslrt_arena_close(a);
        aslrt_memory_close(m);
        if (status == ASLRT_OK) {
            assert_true(n > 4);
            return;
        }
        assert_int_equal(status, ASLRT_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment_and_growth),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
