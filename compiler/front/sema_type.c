/*
 * sema_type.c - types: from their written form to struct type, and what fits what.
 *
 * In: struct ast_type.  Out: struct type with ranges read and bounds checked.
 * Invariant: a `type` of the file is one struct record, an enum of the file one struct enumeration,
 * so that they compare by pointer.
 */
#include "compiler/front/sema_int.h"

#include "runtime/base/buffer.h"

#include <stdlib.h>
#include <strings.h>

#define INT_BOUND 999999999999999 /* 15 digits: what JSON's doubles and JSONata's $string keep */

enum { DIGITS_MAX = 38, NESTING_MAX = 30 };

const struct type sema_wrong = {.kind = TYPE_ERROR};

static const struct type plain[] = {
#define TYPE(id, word, json, dynamodb, doc) [TYPE_##id] = {.kind = TYPE_##id},
#include "compiler/front/types.def"
#undef TYPE
    [TYPE_DURATION] = {.kind = TYPE_DURATION},
    [TYPE_NULL] = {.kind = TYPE_NULL, .optional = true},
    [TYPE_NOTHING] = {.kind = TYPE_NOTHING},
};

const struct type *sema_plain(enum type_kind kind)
{
    return &plain[kind];
}

static const char *const base_words[] = {
#define TYPE(id, word, json, dynamodb, doc) word,
#include "compiler/front/types.def"
#undef TYPE
};
enum { BASE_COUNT = sizeof base_words / sizeof base_words[0] };

static struct type *copy(struct sema *s, const struct type *t)
{
    struct type *c = ASLRT_NEW(s->arena, struct type);
    *c = *t;
    return c;
}

const struct type *sema_optional(struct sema *s, const struct type *t, bool optional)
{
    if (t->optional == optional || t->kind == TYPE_ERROR)
        return t;
    struct type *c = copy(s, t);
    c->optional = optional;
    return c;
}

const struct type *sema_bare(struct sema *s, const struct type *t)
{
    struct type *c = ASLRT_NEW(s->arena, struct type);
    *c = (struct type){.kind = t->kind,
                       .enumeration = t->enumeration,
                       .record = t->record,
                       .entity = t->entity,
                       .element = t->element};
    if (t->kind == TYPE_DECIMAL) {
        c->precision = t->precision;
        c->scale = t->scale;
    }
    return c;
}

const struct type *sema_list_of(struct sema *s, const struct type *element)
{
    struct type *t = ASLRT_NEW(s->arena, struct type);
    t->kind = TYPE_LIST;
    t->element = element;
    return t;
}

const struct type *sema_item_of(struct sema *s, const struct entity *entity)
{
    struct type *t = ASLRT_NEW(s->arena, struct type);
    t->kind = TYPE_ITEM;
    t->entity = entity;
    return t;
}

/* ---- asking ---- */

bool sema_is_number(const struct type *t)
{
    return t->kind == TYPE_INT || t->kind == TYPE_NUMBER || t->kind == TYPE_LONG ||
           t->kind == TYPE_DECIMAL;
}

bool sema_is_text(const struct type *t)
{
    return t->kind == TYPE_STRING || t->kind == TYPE_UUID || t->kind == TYPE_ULID ||
           t->kind == TYPE_ENUM;
}

bool sema_is_scalar(const struct type *t)
{
    return sema_is_number(t) || sema_is_text(t) || t->kind == TYPE_BOOL ||
           t->kind == TYPE_TIMESTAMP || t->kind == TYPE_DATE;
}

bool sema_is_key(const struct type *t)
{
    return sema_is_text(t) || t->kind == TYPE_INT || t->kind == TYPE_LONG ||
           t->kind == TYPE_TIMESTAMP || t->kind == TYPE_DATE;
}

bool sema_fits(const struct type *to, const struct type *from)
{
    if (to->kind == TYPE_ERROR || from->kind == TYPE_ERROR || to->kind == TYPE_ANY)
        return true;
    if (from->kind == TYPE_NULL)
        return to->optional;
    if (to->kind == TYPE_NUMBER && from->kind == TYPE_INT)
        return true;
    if (to->kind == TYPE_STRING && (from->kind == TYPE_TIMESTAMP || from->kind == TYPE_DATE))
        return true;
    if (to->kind == TYPE_STRING && sema_is_text(from))
        return true;
    if (to->kind != from->kind)
        return false;
    switch (to->kind) {
    case TYPE_ENUM:
        return to->enumeration == from->enumeration;
    case TYPE_RECORD:
        return to->record == from->record;
    case TYPE_LIST:
        return from->element == NULL || sema_fits(to->element, from->element);
    case TYPE_ITEM:
    case TYPE_PAGE:
        return to->entity == from->entity;
    default:
        return true;
    }
}

static bool digits(const char **text, int count)
{
    for (; count > 0; count--, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
    }
    return true;
}

static int two(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

static bool is_date(const char **text)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *t = *text;
    if (!digits(text, 4) || *(*text)++ != '-' || !digits(text, 2) || *(*text)++ != '-' ||
        !digits(text, 2))
        return false;
    int month = two(t + 5), day = two(t + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool is_timestamp(const char *t)
{
    if (!is_date(&t) || *t++ != 'T')
        return false;
    const char *time = t;
    if (!digits(&t, 2) || *t++ != ':' || !digits(&t, 2) || *t++ != ':' || !digits(&t, 2))
        return false;
    if (two(time) > 23 || two(time + 3) > 59 || two(time + 6) > 59)
        return false;
    if (*t == '.') {
        int n = 0;
        for (t++; *t >= '0' && *t <= '9'; t++)
            n++;
        if (n == 0 || n > 9)
            return false;
    }
    if (*t == 'Z')
        return t[1] == '\0';
    if (*t != '+' && *t != '-')
        return false;
    const char *zone = ++t;
    return digits(&t, 2) && *t++ == ':' && digits(&t, 2) && *t == '\0' && two(zone) < 24 &&
           two(zone + 3) < 60;
}

bool sema_text_is(enum type_kind kind, const char *text)
{
    const char *t = text;
    switch (kind) {
    case TYPE_UUID:
        for (int i = 0; i < 36; i++, t++) {
            bool dash = i == 8 || i == 13 || i == 18 || i == 23;
            bool hex = (*t >= '0' && *t <= '9') || (*t >= 'a' && *t <= 'f');
            if (dash ? *t != '-' : !hex)
                return false;
        }
        return *t == '\0';
    case TYPE_ULID:
        return strspn(text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == 26 && text[26] == '\0' &&
               text[0] <= '7';
    case TYPE_TIMESTAMP:
        return is_timestamp(text);
    case TYPE_DATE:
        return is_date(&t) && *t == '\0';
    default:
        return true;
    }
}

bool sema_integer(const char *text, int64_t *value)
{
    bool minus = *text == '-';
    uint64_t n = 0;
    for (text += minus; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || n > (uint64_t)INT64_MAX / 10 - 1)
            return false;
        n = n * 10 + (uint64_t)(*text - '0');
    }
    *value = minus ? -(int64_t)n : (int64_t)n;
    return true;
}

int sema_compare_digits(const char *a, const char *b)
{
    bool minus_a = *a == '-', minus_b = *b == '-';
    a += minus_a + strspn(a + minus_a, "0");
    b += minus_b + strspn(b + minus_b, "0");
    size_t n = strlen(a), m = strlen(b);
    if (n == 0 && m == 0)
        return 0; /* zero has no sign */
    if (minus_a != minus_b)
        return minus_a ? -1 : 1;
    int order = n != m ? (n < m ? -1 : 1) : strcmp(a, b);
    return minus_a ? -order : order;
}

/* ---- names ---- */

static void put_bounds(struct aslrt_buffer *b, const struct type *t)
{
    if (t->kind == TYPE_DECIMAL) {
        aslrt_buffer_format(b, "(%u, %u)", t->precision, t->scale);
        return;
    }
    bool low = t->has_low || t->low_text != NULL, high = t->has_high || t->high_text != NULL;
    if (!low && !high)
        return;
    aslrt_buffer_char(b, '(');
    if (low && t->low_text != NULL)
        aslrt_buffer_text(b, t->low_text);
    else if (low)
        aslrt_buffer_format(b, "%lld", (long long)t->low);
    aslrt_buffer_text(b, "..");
    if (high && t->high_text != NULL)
        aslrt_buffer_text(b, t->high_text);
    else if (high)
        aslrt_buffer_format(b, "%lld", (long long)t->high);
    aslrt_buffer_char(b, ')');
}

static void put_type(struct aslrt_buffer *b, const struct type *t)
{
    switch (t->kind) {
    case TYPE_ENUM:
        if (t->enumeration->name != NULL) {
            aslrt_buffer_text(b, t->enumeration->name);
            break;
        }
        aslrt_buffer_text(b, "enum(");
        for (uint32_t i = 0; i < t->enumeration->count && i < 6; i++)
            aslrt_buffer_format(b, "%s%s", i == 0 ? "" : ", ", t->enumeration->members[i]);
        aslrt_buffer_text(b, t->enumeration->count > 6 ? ", ...)" : ")");
        break;
    case TYPE_RECORD:
        aslrt_buffer_text(b, t->record->name);
        break;
    case TYPE_LIST:
        aslrt_buffer_char(b, '[');
        if (t->element != NULL)
            put_type(b, t->element);
        aslrt_buffer_char(b, ']');
        break;
    case TYPE_ITEM:
        aslrt_buffer_text(b, t->entity->name);
        break;
    case TYPE_PAGE:
        aslrt_buffer_format(b, "page of %s", t->entity->name);
        break;
    case TYPE_DURATION:
        aslrt_buffer_text(b, "length of time");
        break;
    case TYPE_NULL:
        aslrt_buffer_text(b, "null");
        return;
    case TYPE_NOTHING:
        aslrt_buffer_text(b, "nothing");
        break;
    case TYPE_ERROR:
        aslrt_buffer_text(b, "?");
        return;
    default:
        aslrt_buffer_text(b, base_words[t->kind]);
        break;
    }
    put_bounds(b, t);
    if (t->optional)
        aslrt_buffer_char(b, '?');
}

const char *sema_type_name(struct sema *s, const struct type *t)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    put_type(&b, t);
    return aslrt_buffer_close(&b);
}

/* ---- ranges ---- */

static bool is_fraction(const char *text)
{
    return text != NULL && strchr(text, '.') != NULL;
}

static void bad_range(struct sema *s, struct span at, const char *why)
{
    sema_error(s, DIAG_CRUD_RANGE, at, "%s", why);
}

static void empty_range(struct sema *s, const struct ast_range *r)
{
    bad_range(s, r->span,
              sema_format(s, "the range is empty: %s is more than %s", r->low, r->high));
}

/* Bounds that count something or are integers themselves. */
static void integer_range(struct sema *s, const struct ast_type *a, struct type *t, int64_t least,
                          int64_t most)
{
    const struct ast_range *r = &a->range;
    if (is_fraction(r->low) || is_fraction(r->high)) {
        bad_range(s, r->span,
                  sema_format(s, "the bounds of %s are whole numbers",
                              t->kind == TYPE_LIST ? "a list" : base_words[t->kind]));
        return;
    }
    const char *texts[2] = {r->low, r->high};
    int64_t values[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        if (texts[i] != NULL &&
            (!sema_integer(texts[i], &values[i]) || values[i] < least || values[i] > most)) {
            bad_range(s, r->span,
                      sema_format(s, "%s is out of bounds: %lld to %lld is possible here", texts[i],
                                  (long long)least, (long long)most));
            return;
        }
    }
    if (r->low != NULL && r->high != NULL && values[0] > values[1]) {
        empty_range(s, r);
        return;
    }
    t->has_low = r->low != NULL;
    t->has_high = r->high != NULL;
    t->low = values[0];
    t->high = values[1];
}

static void number_range(struct sema *s, const struct ast_type *a, struct type *t)
{
    const struct ast_range *r = &a->range;
    if (r->low != NULL && r->high != NULL && strtod(r->low, NULL) > strtod(r->high, NULL)) {
        empty_range(s, r);
        return;
    }
    t->low_text = r->low;
    t->high_text = r->high;
}

/* Longer digits than 64 bits hold: kept as text, compared as text. */
static void long_range(struct sema *s, const struct ast_type *a, struct type *t)
{
    const struct ast_range *r = &a->range;
    const char *texts[2] = {r->low, r->high};
    for (int i = 0; i < 2; i++) {
        if (is_fraction(texts[i]) ||
            (texts[i] != NULL && strlen(texts[i]) > DIGITS_MAX + (texts[i][0] == '-'))) {
            bad_range(s, r->span, "the bounds of long are whole numbers of 38 digits at most");
            return;
        }
    }
    if (r->low != NULL && r->high != NULL && sema_compare_digits(r->low, r->high) > 0) {
        empty_range(s, r);
        return;
    }
    t->low_text = r->low;
    t->high_text = r->high;
}

static void read_range(struct sema *s, const struct ast_type *a, struct type *t)
{
    switch (t->kind) {
    case TYPE_STRING:
    case TYPE_ANY:
    case TYPE_LIST:
        integer_range(s, a, t, 0, 1000000000);
        break;
    case TYPE_INT:
        integer_range(s, a, t, -INT_BOUND, INT_BOUND);
        break;
    case TYPE_NUMBER:
        number_range(s, a, t);
        break;
    case TYPE_LONG:
        long_range(s, a, t);
        break;
    case TYPE_DECIMAL: {
        struct diag *d =
            sema_report(s, DIAG_CRUD_RANGE, a->range.span, "decimal takes its digits, not a range");
        diag_help(d, "decimal(10, 2) has ten digits, two of them behind the point");
        diag_end(d);
        break;
    }
    default:
        bad_range(s, a->range.span, sema_format(s, "%s takes no range", sema_type_name(s, t)));
        break;
    }
}

static void read_digits(struct sema *s, const struct ast_type *a, struct type *t)
{
    int64_t precision = 0, scale = 0;
    bool read = sema_integer(a->digits[0], &precision) && sema_integer(a->digits[1], &scale);
    if (t->kind != TYPE_DECIMAL) {
        bad_range(s, a->span,
                  sema_format(s, "%s takes no digits; 'a..b' is a range", sema_type_name(s, t)));
        return;
    }
    if (!read || precision < 1 || precision > DIGITS_MAX || scale < 0 || scale > precision) {
        bad_range(s, a->span,
                  "decimal(digits, behind the point): 1 to 38 digits, and no more of them "
                  "behind the point");
        precision = DIGITS_MAX;
        scale = 0;
    }
    t->precision = (uint32_t)precision;
    t->scale = (uint32_t)scale;
}

/* ---- reading ---- */

static struct enumeration *inline_enum(struct sema *s, const struct ast_type *a)
{
    struct enumeration *e = ASLRT_NEW(s->arena, struct enumeration);
    struct names seen = {0};
    for (const struct ast_names *n = a->members; n != NULL; n = n->next)
        e->count++;
    e->members = ASLRT_NEW_ARRAY(s->arena, const char *, e->count + 1);
    e->count = 0;
    for (const struct ast_names *n = a->members; n != NULL; n = n->next) {
        if (sema_declare(s, &seen, n->name, "the member", 0, NULL))
            e->members[e->count++] = n->name.text;
    }
    return e;
}

/* What other languages call the types. */
static const char *foreign_type(const char *name)
{
    static const char *const words[][2] = {
        {"integer", "int"},        {"float", "number"},   {"double", "number"},
        {"numeric", "decimal"},    {"bigint", "long"},    {"money", "decimal"},
        {"text", "string"},        {"varchar", "string"}, {"boolean", "bool"},
        {"datetime", "timestamp"}, {"time", "timestamp"}, {"guid", "uuid"},
        {"json", "any"},           {"object", "any"},     {"map", "any"},
        {"str", "string"},         {"bytes", "string"},   {"binary", "string"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(name, words[i][0]) == 0)
            return words[i][1];
    }
    return NULL;
}

static void unknown_type(struct sema *s, struct ast_name name)
{
    struct diag *d =
        sema_report(s, DIAG_CRUD_UNKNOWN_TYPE, name.span, "there is no type '%s'", name.text);
    const char *near = sema_nearest(s, &s->types, name.text);
    struct names base = {0};
    for (int i = 0; i < BASE_COUNT; i++)
        names_add(s->arena, &base, base_words[i]);
    const char *near_base = foreign_type(name.text);
    if (near_base == NULL)
        near_base = sema_nearest(s, &base, name.text);
    sema_near(d, name.span, near_base != NULL ? near_base : near);
    if (near == NULL && near_base == NULL)
        diag_help(d,
                  "the types are string, int, number, long, decimal, bool, uuid, ulid, timestamp, "
                  "date, any, enum(...), [T], and those that the file declares");
    diag_end(d);
}

static const struct type *named_type(struct sema *s, const struct ast_type *a, struct type *t)
{
    for (int i = 0; i < BASE_COUNT; i++) {
        if (strcmp(base_words[i], a->name.text) == 0) {
            t->kind = (enum type_kind)i;
            return t;
        }
    }
    const struct named *n = names_find(&s->types, a->name.text);
    if (n == NULL) {
        unknown_type(s, a->name);
        return NULL;
    }
    if (n->kind == NAMED_ENTITY) {
        struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_TYPE, a->name.span,
                                     "'%s' is an entity, not a type", a->name.text);
        const struct entity *entity = n->thing;
        diag_help(d, "refer to an item by its key: %s.%s", a->name.text,
                  entity->key != NULL ? entity->key->name : "key");
        diag_end(d);
        return NULL;
    }
    t->kind = n->kind == NAMED_RECORD ? TYPE_RECORD : TYPE_ENUM;
    if (n->kind == NAMED_RECORD)
        t->record = n->thing;
    else
        t->enumeration = n->thing;
    return t;
}

/* Project.id: the type of that key, or of that sort field.  Entities are made in the order of the
   file, so the field may not have its type yet: then its own written type is read. */
static const struct type *key_type(struct sema *s, const struct ast_type *a, int depth)
{
    const struct named *n = names_find(&s->types, a->name.text);
    if (n == NULL || n->kind != NAMED_ENTITY) {
        struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_TYPE, a->name.span,
                                     "there is no entity '%s'", a->name.text);
        sema_near(d, a->name.span, sema_nearest(s, &s->types, a->name.text));
        diag_end(d);
        return NULL;
    }
    const struct entity *entity = n->thing;
    for (const struct ast_member *m = entity->ast->members; m != NULL; m = m->next) {
        bool key = m->kind == AST_MEMBER_KEY || m->kind == AST_MEMBER_SORT;
        if (!key || strcmp(m->field.name.text, a->field.text) != 0)
            continue;
        const struct ast_type *of = m->field.type;
        if (of->kind == AST_TYPE_KEY_OF && depth > 20) {
            sema_error(s, DIAG_CRUD_RECURSIVE, a->span, "'%s.%s' is the key of itself",
                       a->name.text, a->field.text);
            return NULL;
        }
        const struct type *type =
            of->kind == AST_TYPE_KEY_OF ? key_type(s, of, depth + 1) : sema_type(s, of);
        if (type == NULL || type->kind == TYPE_ERROR)
            return NULL;
        struct type *t = copy(s, type);
        t->entity = entity;
        t->optional = false;
        return t;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_FIELD, a->field.span,
                                 "'%s' is no key of '%s'", a->field.text, a->name.text);
    for (const struct ast_member *m = entity->ast->members; m != NULL; m = m->next) {
        if (m->kind == AST_MEMBER_KEY)
            diag_label(d, m->field.name.span, "its key is '%s'", m->field.name.text);
    }
    diag_end(d);
    return NULL;
}

static struct type *list_type(struct sema *s, const struct ast_type *a, struct type *t)
{
    t->kind = TYPE_LIST;
    t->element = sema_type(s, a->element);
    uint32_t depth = 0;
    for (const struct type *e = t->element; e != NULL && e->kind == TYPE_LIST; e = e->element)
        depth++;
    if (depth > NESTING_MAX) {
        sema_error(s, DIAG_CRUD_QUOTA, a->span, "lists %u levels deep; DynamoDB nests 32 levels",
                   depth + 1);
        return NULL;
    }
    if (t->element->optional) {
        struct diag *d = sema_report(s, DIAG_CRUD_ABSENT, a->element->span,
                                     "the elements of a list can't be absent");
        diag_help(d, "leave such an element out of the list: remove the '?'");
        diag_end(d);
    }
    return t;
}

static const struct type *read_type(struct sema *s, const struct ast_type *a, struct type *t)
{
    switch (a->kind) {
    case AST_TYPE_NAME:
        if (a->element != NULL) {
            struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_TYPE, a->span,
                                         "'%s' takes no type in parentheses", a->name.text);
            diag_help(d, "a list is written [T]; there are no sets and no maps");
            diag_end(d);
            return NULL;
        }
        return named_type(s, a, t);
    case AST_TYPE_KEY_OF:
        return key_type(s, a, 0);
    case AST_TYPE_LIST:
        return list_type(s, a, t);
    case AST_TYPE_ENUM:
        t->kind = TYPE_ENUM;
        t->enumeration = inline_enum(s, a);
        return t;
    }
    return NULL;
}

const struct type *sema_type(struct sema *s, const struct ast_type *a)
{
    struct type *t = ASLRT_NEW(s->arena, struct type);
    const struct type *read = read_type(s, a, t);
    if (read == NULL)
        return &sema_wrong;
    if (read != t)
        *t = *read;
    if (a->has_range)
        read_range(s, a, t);
    if (a->has_digits)
        read_digits(s, a, t);
    if (t->kind == TYPE_DECIMAL && !a->has_digits) {
        if (!a->has_range) {
            struct diag *d = sema_report(s, DIAG_CRUD_RANGE, a->span, "decimal needs its digits");
            diag_help(d, "decimal(10, 2) has ten digits, two of them behind the point");
            diag_end(d);
        }
        t->precision = DIGITS_MAX;
    }
    t->optional = a->optional;
    return t;
}

/* ---- types that contain themselves ---- */

static const struct record *inner_record(const struct type *t)
{
    while (t->kind == TYPE_LIST)
        t = t->element;
    return t->kind == TYPE_RECORD ? t->record : NULL;
}

/* Depth-first with a stack of its own: a file may chain ten thousand types. */
struct visit {
    const struct record *record;
    uint32_t next; /* field */
};
struct heights {
    struct sema *s;
    uint32_t *height; /* by record id; 0: not seen, OPEN: on the stack */
    struct visit *stack;
    uint32_t depth;
};
#define OPEN UINT32_MAX

static void enter(struct heights *h, const struct record *r)
{
    h->height[r->id] = OPEN;
    h->stack[h->depth++] = (struct visit){r, 0};
}

/* All fields have been seen: a record is one higher than the highest of them. */
static void leave(struct heights *h, const struct record *r)
{
    uint32_t height = 1;
    for (uint32_t i = 0; i < r->field_count; i++) {
        const struct record *inner = inner_record(r->fields[i]->type);
        if (inner != NULL && h->height[inner->id] != OPEN && h->height[inner->id] >= height)
            height = h->height[inner->id] + 1;
    }
    if (height == NESTING_MAX + 1)
        sema_error(h->s, DIAG_CRUD_QUOTA, r->decl->name.span,
                   "types nested more than %d levels deep; DynamoDB nests 32 levels", NESTING_MAX);
    h->height[r->id] = height;
    h->depth--;
}

static void measure(struct heights *h, const struct record *start)
{
    enter(h, start);
    while (h->depth > 0) {
        struct visit *v = &h->stack[h->depth - 1];
        if (v->next == v->record->field_count) {
            leave(h, v->record);
            continue;
        }
        const struct field *f = v->record->fields[v->next++];
        const struct record *inner = inner_record(f->type);
        if (inner != NULL && h->height[inner->id] == OPEN) {
            struct diag *d = sema_report(h->s, DIAG_CRUD_RECURSIVE, f->ast->name.span,
                                         "'%s' contains itself through '%s'", inner->name, f->name);
            diag_note(d, "the depth of a value must be known; DynamoDB nests 32 levels");
            diag_end(d);
        } else if (inner != NULL && h->height[inner->id] == 0) {
            enter(h, inner);
        }
    }
}

void sema_check_recursion(struct sema *s)
{
    struct model *m = s->model;
    struct heights h = {.s = s};
    h.height = ASLRT_NEW_ARRAY(s->arena, uint32_t, m->record_count + 1);
    h.stack = ASLRT_NEW_ARRAY(s->arena, struct visit, m->record_count + 1);
    for (uint32_t i = 0; i < m->record_count; i++) {
        if (h.height[i] == 0)
            measure(&h, m->records[i]);
    }
}
