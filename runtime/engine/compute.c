/*
 * compute.c - the helpers of generated functions that are too long to be inlined.
 *
 * In: a view and values.  Out: values in the view's arena.  An escape for want of memory leaves
 * through the trap of the step that called the function.
 */
#include "runtime/base/arena.h"
#include "runtime/base/limits.h"
#include "runtime/expr/decimal.h"

struct aslrt_member *aslrt_new_members(struct aslrt_view *view, uint32_t count)
{
    return aslrt_alloc(view->arena, count * sizeof(struct aslrt_member));
}

struct aslrt_value *aslrt_new_items(struct aslrt_view *view, uint32_t count)
{
    return aslrt_alloc(view->arena, count * sizeof(struct aslrt_value));
}

double aslrt_text_real(struct aslrt_value number)
{
    return number.kind == ASLRT_NUMBER ? aslrt_decimal_read(number.as.bytes, number.count)
                                       : aslrt_to_double(number);
}

void aslrt_found_grow(struct aslrt_view *view, struct aslrt_found *list, uint32_t more)
{
    uint32_t room = (list->count + more) * 2 + 6;
    if (room < more)
        aslrt_escape(view->arena->memory, ASLRT_LIMIT);
    list->items = aslrt_resize(view->arena, list->items, list->room * sizeof *list->items,
                               room * sizeof *list->items);
    list->room = room;
}

/* JSONata writes numbers with 15 digits; below that an integer is what it looks like. */
static bool small_integer(struct aslrt_value v, int64_t *out)
{
    static const int64_t limit = 1000000000000000;
    return aslrt_is_number(v) && aslrt_to_int(v, out) && *out > -limit && *out < limit;
}

/* Writes the digits before `end` and gives where they begin. */
static char *digits_before(char *end, int64_t n)
{
    uint64_t rest = n < 0 ? (uint64_t)-n : (uint64_t)n;
    do {
        *--end = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (n < 0)
        *--end = '-';
    return end;
}

/* The text of a part that is no string: digits or a word.  NULL: not of the common kinds. */
static const char *part_text(struct aslrt_value v, char *room, size_t room_size, size_t *count)
{
    const char *word = v.kind == ASLRT_UNDEFINED ? ""
                       : v.kind == ASLRT_NULL    ? "null"
                       : v.kind != ASLRT_BOOL    ? NULL
                       : v.as.boolean            ? "true"
                                                 : "false";
    int64_t n;
    if (word != NULL) {
        *count = strlen(word);
        return word;
    }
    if (!small_integer(v, &n))
        return NULL;
    const char *start = digits_before(room + room_size, n);
    *count = (size_t)(room + room_size - start);
    return start;
}

bool aslrt_concat(struct aslrt_view *view, const struct aslrt_value *parts, uint32_t count,
                  struct aslrt_value *out)
{
    char room[24];
    size_t total = 0, n;
    for (uint32_t i = 0; i < count; i++) {
        n = parts[i].count;
        if (parts[i].kind != ASLRT_STRING && part_text(parts[i], room, sizeof room, &n) == NULL)
            return false;
        total += n;
    }
    if (total > ASLRT_HELD_MAX) /* the evaluator says so */
        return false;
    char *bytes = aslrt_alloc(view->arena, total);
    char *to = bytes;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = parts[i].as.bytes;
        n = parts[i].count;
        if (parts[i].kind != ASLRT_STRING)
            text = part_text(parts[i], room, sizeof room, &n);
        if (n != 0)
            memcpy(to, text, n);
        to += n;
    }
    *out = aslrt_string(bytes, (uint32_t)(to - bytes));
    return true;
}
