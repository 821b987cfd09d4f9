/*
 * json_read.c - a strict reader of JSON (RFC 8259); see aslrt_json_read in aslc/runtime.h.
 *
 * In: a text.  Out: a value in the arena that borrows strings and number text from the text.
 * One loop over the text, no recursion: what is open stands in `frames`, and the values read so far
 * on a scratch stack, an object's as key, value, key, value.  When a container closes, its part of
 * the stack is copied into the arena at its final size, and it takes the place of its first part.
 * The stack starts on the C stack and grows in a spare arena that lives as long as the call.
 */
#include "runtime/base/json.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/limits.h"
#include "runtime/base/number_scan.h"
#include "runtime/base/utf8.h"
#include "runtime/base/value.h"

enum { STACK_FIRST = 128 };

#define TEXT_OF(macro)        TEXT_OF_TOKENS(macro)
#define TEXT_OF_TOKENS(macro) #macro

struct frame {
    size_t start; /* where the container's values begin on the stack */
    bool object;
};

struct reader {
    struct aslrt_arena *arena;
    const char *text;
    const char *end;
    struct aslrt_value *stack;
    struct aslrt_value *top;   /* behind the last value on the stack */
    struct aslrt_value *limit; /* a top below it has room for a key and a value */
    size_t depth;
    const char *message; /* what is wrong, and where; NULL: nothing so far */
    const char *at;
    enum aslrt_status status;
    struct aslrt_arena spare;
    struct frame frames[ASLRT_DEPTH_MAX];
    struct aslrt_value first[STACK_FIRST];
};

static ASLRT_COLD const char *fail(struct reader *r, const char *at, const char *message)
{
    r->message = message;
    r->at = at;
    r->status = ASLRT_SYNTAX;
    return NULL;
}

static ASLRT_COLD const char *fail_limit(struct reader *r, const char *at, const char *message)
{
    fail(r, at, message);
    r->status = ASLRT_LIMIT;
    return NULL;
}

/* Makes room for a key and a value. */
static ASLRT_COLD void grow(struct reader *r)
{
    size_t used = (size_t)(r->top - r->stack);
    size_t room = (size_t)(r->limit - r->stack) + 2;
    struct aslrt_value *stack =
        aslrt_resize(&r->spare, r->stack == r->first ? NULL : r->stack,
                     r->stack == r->first ? 0 : room * sizeof *stack, room * 2 * sizeof *stack);
    if (r->stack == r->first)
        memcpy(stack, r->first, used * sizeof *stack);
    r->stack = stack;
    r->top = stack + used;
    r->limit = stack + room * 2 - 2;
}

/* Fills a slot of the stack in one write: the value will be read again as a whole soon, which is
   slow when its parts are still on their way to memory. */
static inline void put(struct aslrt_value *slot, struct aslrt_value v)
{
#if ASLRT_SSE2
    int64_t head = (int64_t)((uint64_t)v.count << 32 | (unsigned)v.flags << 8 | v.kind);
    _mm_storeu_si128((__m128i *)(void *)slot, _mm_set_epi64x(v.as.integer, head));
#else
    *slot = v;
#endif
}

/* ---- strings ------------------------------------------------------------------------------- */

/* Moves over text that needs no decoding.  Stops at a quote, a backslash, a control character, the
   end, or a byte that isn't UTF-8. */
static const char *skip_plain(const char *p, const char *end, bool *ascii)
{
    for (;;) {
        p = aslrt_find_special(p, end);
        if (p == end || (unsigned char)*p < 0x80)
            return p;
        *ascii = false;
        do {
            unsigned n = aslrt_utf8_sequence(p, (size_t)(end - p));
            if (n == 0)
                return p;
            p += n;
        } while (p < end && (unsigned char)*p >= 0x80);
    }
}

/* Says why a string can't go on at p. */
static ASLRT_COLD const char *fail_string(struct reader *r, const char *p)
{
    if (p == r->end)
        return fail(r, p, "the text ends inside a string");
    if ((unsigned char)*p < 0x20)
        return fail(r, p, "a control character in a string must be written as an escape");
    return fail(r, p, "the text is not UTF-8 here");
}

/* Decodes the escape at p (a backslash) to *to, which moves on.  Gives the place behind the escape,
   or NULL. */
static const char *read_escape(struct reader *r, const char *p, char **to)
{
    if (r->end - p < 2)
        return fail(r, r->end, "the text ends inside a string");
    char c = 0;
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
        c = p[1];
        break;
    case 'b':
        c = '\b';
        break;
    case 'f':
        c = '\f';
        break;
    case 'n':
        c = '\n';
        break;
    case 'r':
        c = '\r';
        break;
    case 't':
        c = '\t';
        break;
    case 'u': {
        int32_t unit = aslrt_hex4(p + 2, (size_t)(r->end - p) - 2);
        if (unit < 0)
            return fail(r, p, "'\\u' needs four hexadecimal digits");
        uint32_t character = (uint32_t)unit;
        p += 6;
        if (aslrt_is_high_surrogate(character) && r->end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
            int32_t low = aslrt_hex4(p + 2, (size_t)(r->end - p) - 2);
            if (low >= 0 && aslrt_is_low_surrogate((uint32_t)low)) {
                character = aslrt_from_surrogates(character, (uint32_t)low);
                p += 6;
            }
        }
        *to += aslrt_utf8_put(character, *to);
        return p;
    }
    default:
        return fail(r, p, "no such escape; '\\\\' is a backslash");
    }
    *(*to)++ = c;
    return p + 2;
}

/* Reads a string with escapes.  `start` is behind the quote, p at the first backslash.  The text
   between quotes is at least as long as what it stands for. */
static const char *read_escaped(struct reader *r, const char *start, const char *p, bool ascii,
                                struct aslrt_value *slot)
{
    const char *close = p;
    while (close < r->end && *close != '"') {
        if (*close == '\\')
            close++;
        if (close < r->end)
            close++;
    }
    size_t room = (size_t)(close - start);
    char *bytes = aslrt_alloc(r->arena, room);
    char *to = bytes;
    for (;;) {
        memcpy(to, start, (size_t)(p - start));
        to += p - start;
        if (p == r->end || (*p != '\\' && *p != '"'))
            return fail_string(r, p);
        if (*p == '"')
            break;
        start = read_escape(r, p, &to);
        if (start == NULL)
            return NULL;
        p = skip_plain(start, r->end, &ascii);
    }
    size_t count = (size_t)(to - bytes);
    bytes = aslrt_resize(r->arena, bytes, room, count);
    if ((uint64_t)count > UINT32_MAX)
        return fail_limit(r, p, "a string of more than 4 GiB");
    struct aslrt_value v = aslrt_string(bytes, (uint32_t)count);
    v.flags = ascii && aslrt_utf8_ascii(bytes, count) == count ? ASLRT_FLAG_ASCII : 0;
    put(slot, v);
    return p + 1;
}

/* Reads the string that starts behind the quote at p[-1].  Gives the place behind it, or NULL. */
static ASLRT_ALWAYS_INLINE const char *read_string(struct reader *r, const char *p,
                                                   struct aslrt_value *slot)
{
    const char *start = p;
    unsigned flags = ASLRT_FLAG_CLEAN | ASLRT_FLAG_ASCII;
    p = aslrt_find_special(p, r->end);
    if (p == r->end || *p != '"') {
        bool ascii = true;
        p = skip_plain(p, r->end, &ascii);
        if (p == r->end || (*p != '"' && *p != '\\'))
            return fail_string(r, p);
        if (*p == '\\')
            return read_escaped(r, start, p, ascii, slot);
        if (!ascii)
            flags = ASLRT_FLAG_CLEAN;
    }
    if ((uint64_t)(p - start) > UINT32_MAX)
        return fail_limit(r, start, "a string of more than 4 GiB");
    struct aslrt_value v = aslrt_string(start, (uint32_t)(p - start));
    v.flags = (uint8_t)flags;
    put(slot, v);
    return p + 1;
}

/* ---- other values -------------------------------------------------------------------------- */

static ASLRT_COLD const char *fail_value(struct reader *r, const char *p)
{
    if (p == r->end)
        return fail(r, p, "the text ends where a value is expected");
    if (r->depth == 0 && p == r->text && r->end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        return fail(r, p, "a byte order mark must not stand before the text");
    return fail(r, p, "a value is expected here");
}

/* Says why a number that ends at p can't go on there. */
static ASLRT_COLD const char *fail_number(struct reader *r, const char *p)
{
    if (aslrt_is_digit(*p))
        return fail(r, p - 1, "a number must not start with a superfluous zero");
    return fail(r, p,
                *p == '.' ? "a digit must follow the point of a number"
                          : "a digit must follow the exponent of a number");
}

static ASLRT_ALWAYS_INLINE const char *read_number(struct reader *r, const char *p,
                                                   struct aslrt_value *slot)
{
    struct aslrt_number_scan s = aslrt_scan_number(p, r->end);
    if (s.end == NULL)
        return fail(r, p, "a digit must follow the minus sign");
    if (s.end < r->end && (aslrt_is_digit(*s.end) || *s.end == '.' || (*s.end | 0x20) == 'e'))
        return fail_number(r, s.end);
    if ((uint64_t)(s.end - p) > UINT32_MAX)
        return fail_limit(r, p, "a number of more than 4 GiB");
    put(slot, aslrt_scanned_number(&s, p));
    return s.end;
}

static ASLRT_ALWAYS_INLINE const char *read_word(struct reader *r, const char *p, const char *word,
                                                 size_t n, struct aslrt_value *slot,
                                                 struct aslrt_value v)
{
    if ((size_t)(r->end - p) < n || memcmp(p, word, n) != 0)
        return fail_value(r, p);
    put(slot, v);
    return p + n;
}

/* Reads `"key" :` at p onto the stack.  Gives the place behind the colon, or NULL. */
static ASLRT_ALWAYS_INLINE const char *read_key(struct reader *r, const char *p)
{
    if (p == r->end || *p != '"')
        return fail(r, p,
                    p == r->end ? "the text ends inside an object"
                                : "a member name in double quotes is expected here");
    p = read_string(r, p + 1, r->top);
    if (p == NULL)
        return NULL;
    r->top++;
    p = aslrt_skip_space(p, r->end);
    if (p == r->end || *p != ':')
        return fail(r, p, "':' must follow a member name");
    return aslrt_skip_space(p + 1, r->end);
}

/* Reads a value that isn't a container onto the stack.  Gives the place behind it, or NULL. */
static ASLRT_ALWAYS_INLINE const char *read_scalar(struct reader *r, const char *p)
{
    struct aslrt_value *slot = r->top++;
    switch (*p) {
    case '"':
        return read_string(r, p + 1, slot);
    case 't':
        return read_word(r, p, "true", 4, slot, aslrt_bool(true));
    case 'f':
        return read_word(r, p, "false", 5, slot, aslrt_bool(false));
    case 'n':
        return read_word(r, p, "null", 4, slot, aslrt_null());
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(r, p, slot);
    default:
        return fail_value(r, p);
    }
}

static const char *open_container(struct reader *r, const char *p, bool object)
{
    if (r->depth == ASLRT_DEPTH_MAX)
        return fail_limit(r, p, "nested more than " TEXT_OF(ASLRT_DEPTH_MAX) " levels deep");
    r->frames[r->depth++] = (struct frame){(size_t)(r->top - r->stack), object};
    return aslrt_skip_space(p + 1, r->end);
}

/* Turns the innermost container's values on the stack into one value.  Gives the place behind its
   bracket at p, or NULL. */
static const char *close_container(struct reader *r, const char *p)
{
    struct frame *f = &r->frames[--r->depth];
    struct aslrt_value *values = r->stack + f->start;
    size_t n = (size_t)(r->top - values);
    r->top = values + 1;
    if ((uint64_t)n > UINT32_MAX / 4)
        return fail_limit(r, p, "too many elements in one array or object");
    if (f->object) {
        struct aslrt_member *members = (struct aslrt_member *)(void *)values;
        put(values, aslrt_object_of(r->arena, members, (uint32_t)(n / 2)));
    } else if (n == 0) {
        put(values, aslrt_array(NULL, 0));
    } else {
        struct aslrt_value *items = aslrt_alloc(r->arena, n * sizeof *items);
        aslrt_copy_values(items, values, n);
        put(values, aslrt_array(items, (uint32_t)n));
    }
    return p + 1;
}

/* Reads one value with all that is in it; it is the only one on the stack then.  Gives the place
   behind it, or NULL. */
static const char *read_value(struct reader *r, const char *p)
{
    bool object = false; /* of the innermost container */
    for (;;) {
        /* A value starts at p. */
        if (r->top >= r->limit)
            grow(r);
        if (p == r->end)
            return fail_value(r, p);
        if (*p == '{' || *p == '[') {
            object = *p == '{';
            p = open_container(r, p, object);
            if (p == NULL)
                return NULL;
            if (p == r->end || *p != (object ? '}' : ']')) {
                if (object && (p = read_key(r, p)) == NULL)
                    return NULL;
                continue;
            }
            p = close_container(r, p);
        } else {
            p = read_scalar(r, p);
        }
        /* A value is complete; so may be the containers that it ends. */
        for (;;) {
            if (p == NULL || r->depth == 0)
                return p;
            object = r->frames[r->depth - 1].object;
            p = aslrt_skip_space(p, r->end);
            if (p == r->end)
                return fail(r, p,
                            object ? "the text ends inside an object"
                                   : "the text ends inside an array");
            if (*p == ',')
                break;
            if (*p != (object ? '}' : ']'))
                return fail(r, p,
                            object ? "',' or '}' is expected here" : "',' or ']' is expected here");
            p = close_container(r, p);
        }
        p = aslrt_skip_space(p + 1, r->end);
        if (object && (p = read_key(r, p)) == NULL)
            return NULL;
    }
}

static enum aslrt_status read_text(void *data)
{
    struct reader *r = data;
    const char *p = read_value(r, aslrt_skip_space(r->text, r->end));
    if (p != NULL) {
        p = aslrt_skip_space(p, r->end);
        if (p == r->end)
            return ASLRT_OK;
        fail(r, p, "nothing may follow the value");
    }
    return r->status;
}

/* Where a byte is, for people. */
static void locate(const char *text, size_t offset, struct aslrt_json_error *error)
{
    error->offset = offset;
    error->line = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset; i++)
        if (text[i] == '\n') {
            error->line++;
            start = i + 1;
        }
    error->column = (uint32_t)(offset - start + 1);
}

enum aslrt_status aslrt_json_read(struct aslrt_arena *arena, const char *text, size_t count,
                                  struct aslrt_value *out, struct aslrt_json_error *error)
{
    struct reader r;
    r.arena = arena;
    r.text = text;
    r.end = text + count;
    r.stack = r.first;
    r.top = r.first;
    r.limit = r.first + STACK_FIRST - 2;
    r.depth = 0;
    r.message = NULL;
    aslrt_arena_init(&r.spare, arena->memory);
    enum aslrt_status status = aslrt_protect(arena->memory, read_text, &r);
    *out = status == ASLRT_OK ? r.stack[0] : aslrt_undefined();
    aslrt_arena_clear(&r.spare);
    if (status == ASLRT_OK)
        return ASLRT_OK;
    if (error != NULL) {
        *error = (struct aslrt_json_error){.message = r.message};
        if (r.message != NULL)
            locate(text, (size_t)(r.at - text), error);
        else
            error->message =
                status == ASLRT_LIMIT ? "the memory's limit is reached" : "out of memory";
    }
    return status;
}

struct copying {
    struct aslrt_arena *arena;
    const char *text;
    size_t count;
};

static enum aslrt_status copy_text(void *data)
{
    struct copying *c = data;
    c->text = aslrt_copy_text(c->arena, c->text, c->count);
    return ASLRT_OK;
}

enum aslrt_status aslrt_json_read_copy(struct aslrt_arena *arena, const char *text, size_t count,
                                       struct aslrt_value *out, struct aslrt_json_error *error)
{
    struct copying c = {arena, text, count};
    enum aslrt_status status = aslrt_protect(arena->memory, copy_text, &c);
    if (status == ASLRT_OK)
        return aslrt_json_read(arena, c.text, count, out, error);
    *out = aslrt_undefined();
    if (error != NULL)
        *error = (struct aslrt_json_error){.message = "out of memory"};
    return status;
}
