/*
 * test_btree.c - the memory backend's tree against a plain array: any sequence of puts and
 * removals, walks in both directions from everywhere, and nothing lost when memory runs out.
 */
#include "runtime/store/btree.h"
#include "tests/unit/faulty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

enum { KEYS = 5000, KEY_BYTES = 12 };

struct bench {
    struct faulty faulty;
    struct aslrt_memory *memory;
    struct aslrt_btree tree;
    struct aslrt_record *there[KEYS]; /* what the tree should have */
    int count;
    uint32_t seed;
};

static uint32_t below(struct bench *b, uint32_t n)
{
    b->seed = b->seed * 1664525u + 1013904223u;
    return (b->seed >> 8) % n;
}

/* Keys that differ behind the eight bytes that an entry has of them, and some shorter than those.
 */
static struct aslrt_bytes key_of(int n, char *room)
{
    snprintf(room, KEY_BYTES + 1, n % 3 == 0 ? "%04d" : "%04dxxxxxxxx", n / 3);
    if (n % 3 == 2)
        room[KEY_BYTES - 1] = 'y';
    return aslrt_bytes_of(room, strlen(room));
}

static struct aslrt_record *new_record(struct bench *b, int n)
{
    char room[KEY_BYTES + 1];
    struct aslrt_bytes key = key_of(n, room);
    struct aslrt_record *r = aslrt_memory_resize(b->memory, NULL, 0, sizeof *r + key.count);
    if (r == NULL)
        return NULL;
    r->key_count = key.count;
    r->value_count = 0;
    memcpy(r->bytes, key.at, key.count);
    return r;
}

static void free_record(struct aslrt_memory *memory, struct aslrt_record *r)
{
    if (r != NULL)
        aslrt_memory_resize(memory, r, sizeof *r + r->key_count, 0);
}

static void open_bench(struct bench *b)
{
    memset(b, 0, sizeof *b);
    b->seed = 3;
    b->memory = faulty_memory(&b->faulty, INT_MAX);
    b->tree.memory = b->memory;
}

static void close_bench(struct bench *b)
{
    aslrt_btree_clear(&b->tree, free_record);
    aslrt_memory_close(b->memory);
}

/* Puts key n in; false without memory, and then the tree must be as it was. */
static bool put(struct bench *b, int n)
{
    struct aslrt_record *old = NULL, *r = new_record(b, n);
    if (r == NULL)
        return false;
    if (!aslrt_btree_put(&b->tree, r, &old)) {
        assert_null(b->there[n]); /* replacing needs no memory */
        free_record(b->memory, r);
        return false;
    }
    assert_ptr_equal(old, b->there[n]);
    b->count += old == NULL;
    free_record(b->memory, old);
    b->there[n] = r;
    return true;
}

static void take(struct bench *b, int n)
{
    char room[KEY_BYTES + 1];
    struct aslrt_record *gone = aslrt_btree_remove(&b->tree, key_of(n, room));
    assert_ptr_equal(gone, b->there[n]);
    b->count -= gone != NULL;
    free_record(b->memory, gone);
    b->there[n] = NULL;
}

static int next_there(const struct bench *b, int n)
{
    while (n < KEYS && b->there[n] == NULL)
        n++;
    return n;
}

static int last_there(const struct bench *b, int n)
{
    while (n >= 0 && b->there[n] == NULL)
        n--;
    return n;
}

/* Walks `steps` records up from key n, and down from before it. */
static void check_from(struct bench *b, int n, int steps)
{
    char room[KEY_BYTES + 1];
    struct aslrt_btree_walk walk;
    struct aslrt_bytes key = key_of(n, room);
    assert_ptr_equal(aslrt_btree_find(&b->tree, key), b->there[n]);
    aslrt_btree_seek(&b->tree, key, &walk);
    for (int i = 0, at = next_there(b, n); i < steps; i++, at = next_there(b, at + 1)) {
        assert_ptr_equal(aslrt_btree_here(&walk), at == KEYS ? NULL : b->there[at]);
        if (at == KEYS)
            break;
        aslrt_btree_forward(&walk);
    }
    aslrt_btree_seek_last(&b->tree, key, &walk);
    for (int i = 0, at = last_there(b, n - 1); i < steps; i++, at = last_there(b, at - 1)) {
        assert_ptr_equal(aslrt_btree_here(&walk), at < 0 ? NULL : b->there[at]);
        if (at < 0)
            break;
        aslrt_btree_backward(&walk);
    }
}

static void check_all(struct bench *b)
{
    struct aslrt_btree_walk walk;
    struct aslrt_bytes start = {NULL, 0};
    int seen = 0;
    check_from(b, 0, KEYS + 1);
    aslrt_btree_seek(&b->tree, start, &walk);
    for (; aslrt_btree_here(&walk) != NULL; aslrt_btree_forward(&walk))
        seen++;
    assert_int_equal(seen, b->count);
    aslrt_btree_seek_last(&b->tree, start, &walk);
    for (seen = 0; aslrt_btree_here(&walk) != NULL; aslrt_btree_backward(&walk))
        seen++;
    assert_int_equal(seen, b->count);
}

static void test_random_changes(void **state)
{
    (void)state;
    static struct bench b;
    open_bench(&b);
    for (int phase = 0; phase < 8; phase++) {
        /* The tree grows in even phases and shrinks in odd ones, once to nothing. */
        for (int i = 0; i < 6000; i++) {
            int n = (int)below(&b, KEYS);
            if (below(&b, 10) < (phase % 2 == 0 ? 8u : 2u))
                assert_true(put(&b, n));
            else
                take(&b, n);
            if (i % 50 == 0)
                check_from(&b, (int)below(&b, KEYS), 40);
        }
        check_all(&b);
    }
    for (int n = 0; n < KEYS; n++)
        take(&b, n);
    assert_null(b.tree.root);
    close_bench(&b);
}

/* Rising and falling keys, and holes. */
static void test_orderly_changes(void **state)
{
    (void)state;
    static struct bench b;
    open_bench(&b);
    for (int n = 0; n < KEYS; n++)
        assert_true(put(&b, n));
    check_all(&b);
    size_t full = b.memory->used;
    for (int n = 0; n < KEYS; n++) {
        if (n % 40 != 0)
            take(&b, n);
    }
    check_all(&b);
    assert_true(b.memory->used < full / 8); /* the nodes were joined */
    for (int n = KEYS - 1; n >= 0; n--)
        assert_true(put(&b, n));
    check_all(&b);
    for (int n = KEYS - 1; n >= 0; n--)
        take(&b, n);
    assert_null(b.tree.root);
    close_bench(&b);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    static struct bench b;
    int failures = 0;
    open_bench(&b);
    for (int i = 0; i < 20000; i++) {
        int n = (int)below(&b, KEYS);
        b.faulty.left = below(&b, 3) == 0 ? (int)below(&b, 3) : INT_MAX;
        failures += !put(&b, n);
        b.faulty.left = INT_MAX;
        if (i % 500 == 0)
            check_all(&b);
    }
    assert_true(failures > 100);
    check_all(&b);
    close_bench(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_changes),
        cmocka_unit_test(test_orderly_changes),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
