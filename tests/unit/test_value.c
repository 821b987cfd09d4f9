/*
 * test_value.c - builders, lookup with and without an index, equality, copies, hashing.
 */
#include "runtime/base/hash.h"
#include "runtime/base/limits.h"
#include "runtime/base/value.h"
#include "tests/unit/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct aslrt_value key_of(unsigned i)
{
    char text[32];
    int n = snprintf(text, sizeof text, "key %u", i);
    return aslrt_string_copy(arena, text, (size_t)n);
}

/* An object of that many members, each of which was set twice; key i is i. */
static struct aslrt_value object_of(unsigned count)
{
    struct aslrt_object_builder b = aslrt_object_in(arena);
    for (unsigned i = 0; i < count; i++)
        aslrt_object_set(&b, key_of(i), aslrt_null());
    for (unsigned i = count; i-- > 0;)
        aslrt_object_set(&b, key_of(i), aslrt_int(i));
    return aslrt_object_done(&b);
}

static void check_object(struct aslrt_value v, unsigned count)
{
    assert_int_equal(v.kind, ASLRT_OBJECT);
    assert_int_equal(v.count, count);
    assert_int_equal(v.flags, count >= ASLRT_INDEX_MIN ? ASLRT_FLAG_INDEXED : 0);
    for (unsigned i = 0; i < count; i++) {
        struct aslrt_value key = key_of(i);
        assert_true(aslrt_equal(v.as.members[i].key, key));
        struct aslrt_value got = aslrt_get(v, key.as.bytes, key.count);
        assert_int_equal(got.kind, ASLRT_INT);
        assert_int_equal(got.as.integer, i);
    }
    struct aslrt_value absent = key_of(count);
    assert_int_equal(aslrt_get(v, absent.as.bytes, absent.count).kind, ASLRT_UNDEFINED);
    assert_int_equal(aslrt_field(v, "").kind, ASLRT_UNDEFINED);
    assert_int_equal(aslrt_field(v, "key").kind, ASLRT_UNDEFINED);
}

static void test_objects(void **state)
{
    (void)state;
    for (unsigned count = 0; count < 70; count++)
        check_object(object_of(count), count);
    check_object(object_of(5000), 5000);
}

static void test_object_of(void **state)
{
    (void)state;
    for (unsigned count = 0; count < 70; count++) {
        struct aslrt_member members[140];
        for (unsigned i = 0; i < count; i++) {
            members[i] = (struct aslrt_member){key_of(i), aslrt_null()};
            members[2 * count - 1 - i] = (struct aslrt_member){key_of(i), aslrt_int(i)};
        }
        check_object(aslrt_object_of(arena, members, 2 * count), count);
    }
}

static void test_object_at(void **state)
{
    (void)state;
    struct aslrt_object_builder b = aslrt_object_in(arena);
    for (unsigned i = 0; i < 40; i++) {
        assert_null(aslrt_object_at(&b, key_of(i)));
        aslrt_object_set(&b, key_of(i), aslrt_null());
        *aslrt_object_at(&b, key_of(i)) = aslrt_int(i);
    }
    check_object(aslrt_object_done(&b), 40);
}

static void test_odd_keys(void **state)
{
    (void)state;
    struct aslrt_object_builder b = aslrt_object_in(arena);
    aslrt_object_set(&b, aslrt_string("", 0), aslrt_int(1));
    aslrt_object_set(&b, aslrt_string("\0", 1), aslrt_int(2));
    aslrt_object_set(&b, aslrt_string("a\0b", 3), aslrt_int(3));
    aslrt_object_set(&b, aslrt_string("a\0c", 3), aslrt_int(4));
    struct aslrt_value v = aslrt_object_done(&b);
    assert_int_equal(v.count, 4);
    assert_int_equal(aslrt_get(v, "", 0).as.integer, 1);
    assert_int_equal(aslrt_get(v, "\0", 1).as.integer, 2);
    assert_int_equal(aslrt_get(v, "a\0b", 3).as.integer, 3);
    assert_int_equal(aslrt_get(v, "a\0c", 3).as.integer, 4);
    assert_int_equal(aslrt_get(aslrt_int(1), "a", 1).kind, ASLRT_UNDEFINED);
}

static void test_arrays(void **state)
{
    (void)state;
    for (unsigned count = 0; count < 200; count++) {
        struct aslrt_array_builder b = aslrt_array_in(arena);
        for (unsigned i = 0; i < count; i++) {
            aslrt_array_add(&b, aslrt_int(i));
            if (count % 3 == 0)
                aslrt_alloc(arena, 1); /* so that it can't grow in place */
        }
        struct aslrt_value v = aslrt_array_done(&b);
        assert_int_equal(v.count, count);
        for (unsigned i = 0; i < count; i++)
            assert_int_equal(v.as.items[i].as.integer, i);
    }
}

/* An array that grew in place gives back the room that it didn't use. */
static void test_no_waste(void **state)
{
    (void)state;
    struct aslrt_arena a;
    aslrt_arena_init(&a, memory);
    char *before = aslrt_alloc(&a, 16);
    struct aslrt_array_builder b = aslrt_array_in(&a);
    for (unsigned i = 0; i < 100; i++)
        aslrt_array_add(&b, aslrt_null());
    aslrt_array_done(&b);
    char *after = aslrt_alloc(&a, 16);
    assert_int_equal(after - before, 16 + 100 * sizeof(struct aslrt_value));
    aslrt_arena_clear(&a);
}

static void test_equal(void **state)
{
    (void)state;
    struct aslrt_value values[] = {
        aslrt_undefined(),
        aslrt_null(),
        aslrt_bool(false),
        aslrt_bool(true),
        aslrt_int(0),
        aslrt_int(1),
        aslrt_double(0.5),
        aslrt_text(""),
        aslrt_text("0"),
        aslrt_text("a"),
        aslrt_text("b"),
        aslrt_array(NULL, 0),
        aslrt_array(&(struct aslrt_value){.kind = ASLRT_NULL}, 1),
        aslrt_object(NULL, 0),
        object_of(1),
        object_of(2),
        object_of(20),
        object_of(21),
    };
    size_t count = sizeof values / sizeof values[0];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            assert_int_equal(aslrt_equal(values[i], values[k]), i == k);
    assert_true(aslrt_equal(aslrt_int(1), aslrt_double(1)));
}

/* Member order doesn't count, neither in small objects nor in indexed ones. */
static void test_equal_in_any_order(void **state)
{
    (void)state;
    for (unsigned count = 1; count < 60; count++) {
        struct aslrt_object_builder b = aslrt_object_in(arena);
        for (unsigned i = count; i-- > 0;)
            aslrt_object_set(&b, key_of(i), aslrt_int(i));
        struct aslrt_value v = aslrt_object_done(&b);
        struct aslrt_value w = object_of(count);
        assert_true(aslrt_equal(v, w));
        *aslrt_object_at(&b, key_of(0)) = aslrt_text("0");
        assert_false(aslrt_equal(aslrt_object_done(&b), w));
        assert_false(aslrt_equal(w, aslrt_object_done(&b)));
    }
}

static void test_copy(void **state)
{
    (void)state;
    struct aslrt_memory *other = aslrt_memory_open(NULL, 0);
    struct aslrt_arena *from = aslrt_arena_open(other);
    struct aslrt_object_builder b = aslrt_object_in(from);
    for (unsigned i = 0; i < 30; i++)
        aslrt_object_set(&b, aslrt_copy(from, key_of(i)), aslrt_int(i));
    struct aslrt_value big = aslrt_object_done(&b);
    struct aslrt_value number = aslrt_of_kind(ASLRT_NUMBER);
    number.as.bytes = aslrt_copy_text(from, "1.50", 4);
    number.count = 4;
    struct aslrt_value items[] = {big, number, aslrt_copy(from, aslrt_text("text")),
                                  aslrt_array(NULL, 0), aslrt_null()};
    struct aslrt_value v;
    assert_int_equal(aslrt_value_copy(arena, aslrt_array(items, 5), &v), ASLRT_OK);
    assert_true(aslrt_equal(v, aslrt_array(items, 5)));
    aslrt_arena_close(from); /* the copy doesn't need it */
    aslrt_memory_close(other);
    check_object(v.as.items[0], 30);
    assert_int_equal(v.as.items[1].kind, ASLRT_NUMBER);
    assert_memory_equal(v.as.items[1].as.bytes, "1.50", 4);
    assert_true(aslrt_is(v.as.items[2], "text"));
}

static void test_string_flags(void **state)
{
    (void)state;
    assert_int_equal(aslrt_string_copy(arena, "plain", 5).flags,
                     ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN);
    assert_int_equal(aslrt_string_copy(arena, "", 0).flags, ASLRT_FLAG_ASCII | ASLRT_FLAG_CLEAN);
    assert_int_equal(aslrt_string_copy(arena, "a\"b", 3).flags, ASLRT_FLAG_ASCII);
    assert_int_equal(aslrt_string_copy(arena, "caf\xc3\xa9", 5).flags, ASLRT_FLAG_CLEAN);
    assert_int_equal(aslrt_string_copy(arena, "\xc3\xa9\n", 3).flags, 0);
    assert_int_equal(aslrt_string_copy(arena, "\xed\x9f\xbf", 3).flags, ASLRT_FLAG_CLEAN);
    assert_int_equal(aslrt_string_copy(arena, "x\xed\xa0\x80", 4).flags, 0);
}

static void test_kind_names(void **state)
{
    (void)state;
    assert_string_equal(aslrt_kind_name(aslrt_undefined()), "undefined");
    assert_string_equal(aslrt_kind_name(aslrt_null()), "null");
    assert_string_equal(aslrt_kind_name(aslrt_bool(true)), "boolean");
    assert_string_equal(aslrt_kind_name(aslrt_int(1)), "number");
    assert_string_equal(aslrt_kind_name(aslrt_double(1)), "number");
    assert_string_equal(aslrt_kind_name(aslrt_of_kind(ASLRT_NUMBER)), "number");
    assert_string_equal(aslrt_kind_name(aslrt_text("")), "string");
    assert_string_equal(aslrt_kind_name(aslrt_array(NULL, 0)), "array");
    assert_string_equal(aslrt_kind_name(aslrt_object(NULL, 0)), "object");
    assert_string_equal(aslrt_kind_name(aslrt_of_kind(ASLRT_FUNCTION)), "function");
}

/* Every byte and the length count, and the key does, too: 4096 hashes spread over 4096 slots as
   chance would have it. */
static void test_hash(void **state)
{
    (void)state;
    struct aslrt_hash_key key = aslrt_hash_secret(state);
    struct aslrt_hash_key other = key;
    other.word[0] ^= 1;
    char bytes[64] = {0};
    for (size_t n = 0; n < sizeof bytes; n++) {
        uint64_t h = aslrt_hash(&key, bytes, n);
        assert_true(h != aslrt_hash(&other, bytes, n));
        assert_true(h != aslrt_hash(&key, bytes, n + 1 < sizeof bytes ? n + 1 : 0));
        for (size_t i = 0; i < n; i++) {
            bytes[i] = 1;
            assert_true(h != aslrt_hash(&key, bytes, n));
            bytes[i] = 0;
        }
    }
    static uint8_t slots[4096];
    unsigned most = 0;
    unsigned used = 0;
    for (unsigned i = 0; i < 4096; i++) {
        char text[16];
        int n = snprintf(text, sizeof text, "k%u", i);
        uint8_t *slot = &slots[aslrt_hash(&key, text, (size_t)n) & 4095];
        used += *slot == 0;
        ++*slot;
        if (*slot > most)
            most = *slot;
    }
    assert_in_range(used, 2400, 2800); /* 4096 * (1 - 1/e) = 2589 */
    assert_in_range(most, 3, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),    cmocka_unit_test(test_object_of),
        cmocka_unit_test(test_object_at),  cmocka_unit_test(test_odd_keys),
        cmocka_unit_test(test_arrays),     cmocka_unit_test(test_no_waste),
        cmocka_unit_test(test_equal),      cmocka_unit_test(test_equal_in_any_order),
        cmocka_unit_test(test_copy),       cmocka_unit_test(test_string_flags),
        cmocka_unit_test(test_kind_names), cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
