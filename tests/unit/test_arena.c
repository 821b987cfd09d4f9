/*
 * test_arena.c - arenas: alignment, growth, the limit, failing allocations, nothing lost.
 */
#include "runtime/base/arena.h"
#include "runtime/base/buffer.h"
#include "runtime/base/limits.h"
#include "tests/unit/memory.h"

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
        struct faulty f;
        struct aslrt_memory *m = faulty_memory(&f, n);
        if (m == NULL)
            continue;
        struct aslrt_arena *a = aslrt_arena_open(m);
        enum aslrt_status status = a == NULL ? ASLRT_NOMEM : aslrt_protect(m, build_text, a);
        aslrt_arena_close(a);
        aslrt_memory_close(m);
        assert_int_equal(f.held, 0);
        if (status == ASLRT_OK) {
            assert_true(n > 4);
            return;
        }
        assert_int_equal(status, ASLRT_NOMEM);
    }
}

static void fill_bytes(char *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        p[i] = (char)(i * 7 + i / 256);
}

static void check_bytes(const char *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(p[i], (char)(i * 7 + i / 256));
}

/* In place where that goes, else a copy; never a byte lost, and never on top of what came later. */
static void test_resize(void **state)
{
    (void)state;
    struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *a = aslrt_arena_open(m);
    char *p = aslrt_resize(a, NULL, 0, 100);
    fill_bytes(p, 100);
    char *same = aslrt_resize(a, p, 100, 1000);
    assert_ptr_equal(same, p);
    fill_bytes(p, 1000);
    assert_ptr_equal(aslrt_resize(a, p, 1000, 500), p);
    char *later = aslrt_alloc(a, 16);
    assert_ptr_equal(later, p + 512);
    memset(later, 0x55, 16);
    assert_ptr_equal(aslrt_resize(a, p, 500, 400), p); /* shrinks in the middle: nothing moves */
    char *copy = aslrt_resize(a, p, 400, 2000);
    assert_ptr_not_equal(copy, p);
    check_bytes(copy, 400);
    for (int i = 0; i < 16; i++)
        assert_int_equal(later[i], 0x55);
    aslrt_arena_close(a);
    aslrt_memory_close(m);
}

/* A large piece has a block of its own, which grows as a whole: what it was leaves nothing behind.
 */
static void test_resize_large(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) { /* as the arena's first piece, and as a later one */
        struct aslrt_memory *m = aslrt_memory_open(NULL, 0);
        struct aslrt_arena *a = aslrt_arena_open(m);
        char *small = first ? NULL : aslrt_alloc(a, 16);
        if (small != NULL)
            memset(small, 0x55, 16);
        size_t size = ASLRT_BLOCK_MAX + 16;
        char *p = aslrt_alloc(a, size);
        fill_bytes(p, size);
        for (int i = 0; i < 4; i++) {
            p = aslrt_resize(a, p, size, size * 2);
            check_bytes(p, size);
            size *= 2;
            fill_bytes(p, size);
        }
        assert_true(aslrt_arena_size(a) < size + (1u << 20));
        for (int i = 0; small != NULL && i < 16; i++)
            assert_int_equal(small[i], 0x55);
        /* Once it has shrunk, other pieces may stand behind it; it must not take them along. */
        p = aslrt_resize(a, p, size, 1000);
        char *behind = aslrt_alloc(a, 16);
        memset(behind, 0x66, 16);
        p = aslrt_resize(a, p, 1000, size * 2);
        check_bytes(p, 1000);
        for (int i = 0; i < 16; i++)
            assert_int_equal(behind[i], 0x66);
        aslrt_arena_close(a);
        aslrt_memory_close(m);
    }
}

/* A reset arena keeps its largest block, unless that is huge, and asks for no memory for the same
 * work. */
static void test_reset(void **state)
{
    (void)state;
    struct faulty f;
    struct aslrt_memory *m = faulty_memory(&f, 1000);
    struct aslrt_arena *a = aslrt_arena_open(m);
    aslrt_arena_reset(a);
    assert_int_equal(aslrt_arena_size(a), 0);
    aslrt_alloc(a, 100);
    aslrt_alloc(a, 1u << 20);
    aslrt_arena_reset(a);
    assert_true(aslrt_arena_size(a) > 1u << 20);
    f.left = 0;
    for (int i = 0; i < 100; i++) {
        aslrt_alloc(a, 100);
        aslrt_alloc(a, 1000000);
        aslrt_arena_reset(a);
    }
    f.left = 1;
    aslrt_alloc(a, 10u << 20);
    aslrt_arena_reset(a);
    assert_true(aslrt_arena_size(a) <= ASLRT_BLOCK_MAX);
    aslrt_arena_close(a);
    aslrt_memory_close(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment_and_growth),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_resize_large),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
