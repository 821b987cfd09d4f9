/*
 * format_number.c - $formatNumber: numbers by picture (XPath F&O 3.1, section 4.7).
 *
 * In: a number, a picture of one or two sub-pictures, options that rename the special characters.
 * Out: text.  Everything happens in UTF-16 code units.  Where jsonata-js departs from the
 * specification (positions of grouping separators in fractions, which error wins), so does this;
 * its endless loop over exponents of 0 and of negative numbers is not reproduced.
 */
#include "runtime/base/number.h"
#include "runtime/expr/numeric.h"
#include "runtime/expr/stringify.h"
#include "runtime/expr/text.h"

#include <math.h>

enum { FRACTION_MAX = 100 }; /* digits that JavaScript's toFixed allows */

enum symbol {
    DECIMAL,
    GROUPING,
    EXPONENT,
    MINUS,
    PERCENT,
    PER_MILLE,
    ZERO,
    DIGIT,
    PATTERN,
    SYMBOLS
};

struct positions {
    double *items;
    size_t count;
};

/* A sub-picture, split and analysed. */
struct sub_picture {
    struct aslrt_units text, prefix, suffix, active, mantissa, exponent, integer, fraction;
    bool has_exponent;
    struct positions integer_groups, fraction_groups;
    double interval; /* of regular grouping, or 0 */
    double least_integer, scaling, least_fraction, most_fraction, least_exponent;
};

struct formatter {
    struct evaluation *c;
    struct aslrt_units symbols[SYMBOLS];
    uint16_t zero; /* first of the digits */
    const char *error;
};

/* ---- symbols ---- */

static bool is_symbol(const struct formatter *f, enum symbol s, uint16_t unit)
{
    return f->symbols[s].count == 1 && f->symbols[s].units[0] == unit;
}

static bool is_digit(const struct formatter *f, uint16_t unit)
{
    return unit >= f->zero && unit < f->zero + 10;
}

static bool is_active(const struct formatter *f, uint16_t unit)
{
    return is_digit(f, unit) || is_symbol(f, DECIMAL, unit) || is_symbol(f, EXPONENT, unit) ||
           is_symbol(f, GROUPING, unit) || is_symbol(f, DIGIT, unit) || is_symbol(f, PATTERN, unit);
}

static size_t find(const struct formatter *f, struct aslrt_units text, enum symbol s, size_t from)
{
    return aslrt_units_find(text, f->symbols[s], from);
}

static bool contains(const struct formatter *f, struct aslrt_units text, enum symbol s)
{
    return find(f, text, s, 0) != SIZE_MAX;
}

static bool repeats(const struct formatter *f, struct aslrt_units text, enum symbol s)
{
    size_t first = find(f, text, s, 0);
    return first != SIZE_MAX && find(f, text, s, first + 1) != SIZE_MAX;
}

static struct aslrt_units part(struct aslrt_units text, size_t from, size_t to)
{
    if (to > text.count)
        to = text.count;
    if (from > to)
        from = to;
    return (struct aslrt_units){text.units + from, to - from};
}

static size_t count_digits(const struct formatter *f, struct aslrt_units text, bool optional_too)
{
    size_t n = 0;
    for (size_t i = 0; i < text.count; i++)
        n += is_digit(f, text.units[i]) || (optional_too && is_symbol(f, DIGIT, text.units[i]));
    return n;
}

static void set_symbol(struct formatter *f, enum symbol s, struct aslrt_value v)
{
    if (v.kind != ASLRT_STRING)
        aslrt_eval_fail_message(f->c, "an option of $formatNumber must be a string");
    f->symbols[s] = aslrt_units_of(f->c->arena, v);
}

static void read_options(struct formatter *f, struct aslrt_value options)
{
    static const struct {
        const char *name;
        uint16_t symbol;
    } defaults[SYMBOLS] = {{"decimal-separator", '.'},
                           {"grouping-separator", ','},
                           {"exponent-separator", 'e'},
                           {"minus-sign", '-'},
                           {"percent", '%'},
                           {"per-mille", 0x2030},
                           {"zero-digit", '0'},
                           {"digit", '#'},
                           {"pattern-separator", ';'}};
    for (int s = 0; s < SYMBOLS; s++) {
        f->symbols[s] = (struct aslrt_units){(uint16_t *)(uintptr_t)&defaults[s].symbol, 1};
        struct aslrt_value v = aslrt_undefined();
        if (options.kind == ASLRT_OBJECT)
            v = aslrt_field(options, defaults[s].name);
        if (v.kind != ASLRT_UNDEFINED)
            set_symbol(f, (enum symbol)s, v);
    }
    f->zero = f->symbols[ZERO].count == 0 ? 0 : f->symbols[ZERO].units[0];
}

/* ---- splitting ---- */

/* Where the active part begins or, from the end, stops; the count when there is none. */
static size_t active_edge(const struct formatter *f, struct aslrt_units text, bool from_end)
{
    for (size_t i = 0; i < text.count; i++) {
        size_t at = from_end ? text.count - 1 - i : i;
        if (is_active(f, text.units[at]) && !is_symbol(f, EXPONENT, text.units[at]))
            return from_end ? at + 1 : at;
    }
    return SIZE_MAX;
}

static struct sub_picture split(struct formatter *f, struct aslrt_units text)
{
    struct sub_picture p;
    memset(&p, 0, sizeof p);
    p.text = text;
    size_t first = active_edge(f, text, false), last = active_edge(f, text, true);
    if (first == SIZE_MAX) {
        /* the service says D3086 here, as later versions do */
        if (f->c->version < ASLRT_JSONATA_2_2 && f->c->dialect == ASLRT_JSONATA_PLAIN)
            aslrt_eval_fail_message(f->c, "Cannot read properties of undefined (reading 'length')");
        first = 0;
        last = text.count;
    }
    p.prefix = part(text, 0, first);
    p.suffix = part(text, last, text.count);
    p.active = part(text, first, last);
    size_t exponent = find(f, text, EXPONENT, first);
    p.mantissa = p.active;
    if (exponent != SIZE_MAX && exponent <= last) {
        p.has_exponent = true; /* counted from the picture's start, cut from the active part */
        p.mantissa = part(p.active, 0, exponent);
        p.exponent = part(p.active, exponent + 1, p.active.count);
    }
    size_t decimal = find(f, p.mantissa, DECIMAL, 0);
    p.integer = part(p.mantissa, 0, decimal);
    p.fraction = decimal == SIZE_MAX ? p.suffix : part(p.mantissa, decimal + 1, p.mantissa.count);
    return p;
}

/* ---- validation (F&O 4.7.3): the last error found is the one reported ---- */

static void validate_digits(struct formatter *f, const struct sub_picture *p)
{
    size_t optional = find(f, p->integer, DIGIT, 0);
    if (optional != SIZE_MAX && count_digits(f, part(p->integer, 0, optional), false) != 0)
        f->error = "D3090";
    optional = SIZE_MAX;
    for (size_t at = find(f, p->fraction, DIGIT, 0); at != SIZE_MAX;
         at = find(f, p->fraction, DIGIT, at + 1))
        optional = at;
    if (optional != SIZE_MAX &&
        count_digits(f, part(p->fraction, optional, p->fraction.count), false) != 0)
        f->error = "D3091";
}

static void validate_exponent(struct formatter *f, const struct sub_picture *p)
{
    if (!p->has_exponent)
        return;
    if (p->exponent.count != 0 &&
        (contains(f, p->text, PERCENT) || contains(f, p->text, PER_MILLE)))
        f->error = "D3092";
    if (p->exponent.count == 0 || count_digits(f, p->exponent, false) != p->exponent.count)
        f->error = "D3093";
}

static void validate_grouping(struct formatter *f, const struct sub_picture *p)
{
    struct aslrt_units t = p->text;
    size_t decimal = find(f, t, DECIMAL, 0);
    if (decimal != SIZE_MAX) {
        if ((decimal > 0 && is_symbol(f, GROUPING, t.units[decimal - 1])) ||
            (decimal + 1 < t.count && is_symbol(f, GROUPING, t.units[decimal + 1])))
            f->error = "D3087";
    } else if (p->integer.count != 0 &&
               is_symbol(f, GROUPING, p->integer.units[p->integer.count - 1])) {
        f->error = "D3088";
    }
    size_t at = find(f, t, GROUPING, 0), length = f->symbols[GROUPING].count;
    for (; at != SIZE_MAX; at = find(f, t, GROUPING, at + 1))
        if (find(f, part(t, at + length, at + 2 * length), GROUPING, 0) == 0)
            f->error = "D3089";
}

static void validate(struct formatter *f, const struct sub_picture *p)
{
    f->error = NULL;
    if (repeats(f, p->text, DECIMAL))
        f->error = "D3081";
    if (repeats(f, p->text, PERCENT))
        f->error = "D3082";
    if (repeats(f, p->text, PER_MILLE))
        f->error = "D3083";
    if (contains(f, p->text, PERCENT) && contains(f, p->text, PER_MILLE))
        f->error = "D3084";
    if (count_digits(f, p->mantissa, true) == 0)
        f->error = "D3085";
    for (size_t i = 0; i < p->active.count; i++)
        if (!is_active(f, p->active.units[i]))
            f->error = "D3086";
    validate_grouping(f, p);
    validate_digits(f, p);
    validate_exponent(f, p);
    if (f->error != NULL)
        aslrt_eval_fail_code(f->c, f->error, FAULT_NOWHERE, aslrt_undefined());
}

/* ---- analysis (F&O 4.7.4) ---- */

/* How many digits stand behind (or, in a fraction, before) each separator.  The search goes on in
   the integer part whichever part it began in, as in jsonata-js. */
static struct positions group_positions(struct formatter *f, const struct sub_picture *p,
                                        struct aslrt_units text, bool before)
{
    struct positions out = {
        aslrt_alloc(f->c->arena, (p->integer.count + text.count + 1) * sizeof(double)), 0};
    size_t at = find(f, text, GROUPING, 0);
    while (at != SIZE_MAX) {
        struct aslrt_units side = before ? part(text, 0, at) : part(text, at, text.count);
        out.items[out.count++] = (double)count_digits(f, side, true);
        at = find(f, p->integer, GROUPING, at + 1);
    }
    return out;
}

static double regular_interval(struct positions p)
{
    if (p.count == 0)
        return 0;
    double divisor = p.items[0];
    for (size_t i = 1; i < p.count; i++) {
        double a = divisor, b = p.items[i];
        while (b != 0) {
            double rest = fmod(a, b);
            a = b;
            b = rest;
        }
        divisor = a;
    }
    for (size_t n = 1; n <= p.count; n++) {
        bool found = false;
        for (size_t i = 0; i < p.count && !found; i++)
            found = p.items[i] == (double)n * divisor;
        if (!found)
            return 0;
    }
    return divisor;
}

static void analyse(struct formatter *f, struct sub_picture *p)
{
    p->integer_groups = group_positions(f, p, p->integer, false);
    p->interval = regular_interval(p->integer_groups);
    p->fraction_groups = group_positions(f, p, p->fraction, true);
    p->least_integer = p->scaling = (double)count_digits(f, p->integer, false);
    p->least_fraction = (double)count_digits(f, p->fraction, false);
    p->most_fraction = (double)count_digits(f, p->fraction, true);
    if (p->least_integer == 0 && p->most_fraction == 0) {
        if (p->has_exponent)
            p->least_fraction = p->most_fraction = 1;
        else
            p->least_integer = 1;
    }
    if (p->has_exponent && p->least_integer == 0 && contains(f, p->integer, DIGIT))
        p->least_integer = 1;
    if (p->least_integer == 0 && p->least_fraction == 0)
        p->least_fraction = 1;
    p->least_exponent = p->has_exponent ? (double)count_digits(f, p->exponent, false) : 0;
}

/* ---- formatting (F&O 4.7.5) ---- */

/* Adds one to a number of `count` digits; the first one is large enough to take the carry. */
static void increment(char *digits, int count)
{
    while (digits[--count] == '9')
        digits[count] = '0';
    digits[count]++;
}

/* JavaScript's Math.abs(value).toFixed(places), from the exact decimal expansion. */
static void put_fixed(struct formatter *f, struct aslrt_unit_buffer *b, double value, double places)
{
    char digits[ASLRT_NUMBER_DIGITS_MAX + 1], text[ASLRT_NUMBER_TEXT_MAX];
    value = fabs(value);
    if (places > FRACTION_MAX)
        aslrt_eval_fail_message(f->c, "toFixed() digits argument must be between 0 and 100");
    if (!(value < 1e21)) {
        aslrt_units_add(b, text, aslrt_double_to_text(value, text));
        return;
    }
    int point = 0, decimals = (int)places;
    int count = value == 0 ? 0 : (int)aslrt_double_expand(value, digits, &point);
    int whole = point > 0 ? point : 0, zeros = point < 0 ? -point : 0;
    char out[1 + 21 + FRACTION_MAX];
    int n = 0;
    out[n++] = '0'; /* where a carry may end */
    for (int i = 0; i < whole + decimals; i++)
        out[n++] = i >= zeros && i - zeros < count ? digits[i - zeros] : '0';
    int next = whole + decimals - zeros; /* the first digit that is dropped */
    if (next >= 0 && next < count && digits[next] >= '5')
        increment(out, n);
    bool leading = out[0] == '0' && whole > 0;
    aslrt_units_add(b, out + leading, (size_t)(whole + !leading));
    if (decimals > 0)
        aslrt_units_add(b, ".", 1);
    aslrt_units_add(b, out + 1 + whole, (size_t)decimals);
}

/* Digits, in the family that the options ask for. */
static void put_number(struct formatter *f, struct aslrt_unit_buffer *b, double value,
                       double places)
{
    size_t start = b->count;
    put_fixed(f, b, value, places);
    for (size_t i = start; f->zero != '0' && i < b->count; i++)
        if (b->units[i] >= '0' && b->units[i] <= '9')
            b->units[i] = (uint16_t)(b->units[i] - '0' + f->zero);
}

static void remove_units(struct aslrt_unit_buffer *b, size_t at, size_t count)
{
    memmove(b->units + at, b->units + at + count, (b->count - at - count) * sizeof *b->units);
    b->count -= count;
}

static size_t decimal_place(struct formatter *f, const struct aslrt_unit_buffer *b)
{
    size_t at = find(f, aslrt_units_view(b), DECIMAL, 0);
    return at == SIZE_MAX ? b->count : at;
}

/* JavaScript's [s.slice(0, at), separator, s.slice(at)].join(""). */
static void insert_group(struct formatter *f, struct aslrt_unit_buffer *b, double at)
{
    double count = (double)b->count;
    if (at < 0)
        at = at + count < 0 ? 0 : at + count;
    if (at > count)
        at = count;
    aslrt_units_insert(b, (size_t)at, f->symbols[GROUPING].units, f->symbols[GROUPING].count);
}

static void put_groups(struct formatter *f, struct aslrt_unit_buffer *b,
                       const struct sub_picture *p)
{
    double decimal = (double)decimal_place(f, b);
    if (p->interval > 0) {
        double groups = floor((decimal - 1) / p->interval);
        for (double g = 1; g <= groups; g++)
            insert_group(f, b, decimal - g * p->interval);
    } else {
        for (size_t i = 0; i < p->integer_groups.count; i++)
            insert_group(f, b, decimal++ - p->integer_groups.items[i]);
    }
    decimal = (double)decimal_place(f, b);
    for (size_t i = 0; i < p->fraction_groups.count; i++)
        insert_group(f, b, p->fraction_groups.items[i] + decimal + 1);
}

/* Sets the mantissa's exponent so that it has as many integer digits as the picture. */
static double scale(const struct sub_picture *p, double mantissa, double *exponent)
{
    double most = pow(10, p->scaling), least = pow(10, p->scaling - 1);
    *exponent = 0;
    if (mantissa == 0 || !isfinite(mantissa))
        return mantissa;
    for (; fabs(mantissa) < least; --*exponent)
        mantissa *= 10;
    for (; fabs(mantissa) > most; ++*exponent)
        mantissa /= 10;
    return mantissa;
}

static void trim_zeros(struct formatter *f, struct aslrt_unit_buffer *b)
{
    size_t first = 0;
    while (first < b->count && is_symbol(f, ZERO, b->units[first]))
        first++;
    remove_units(b, 0, first);
    while (b->count > 0 && is_symbol(f, ZERO, b->units[b->count - 1]))
        b->count--;
}

static void put_mantissa(struct formatter *f, struct aslrt_unit_buffer *b,
                         const struct sub_picture *p, double mantissa)
{
    struct aslrt_units decimal = f->symbols[DECIMAL];
    uint16_t dot[] = {'.'};
    put_number(f, b, aslrt_round_half_even(mantissa, p->most_fraction), p->most_fraction);
    size_t at = aslrt_units_find(aslrt_units_view(b), (struct aslrt_units){dot, 1}, 0);
    if (at != SIZE_MAX)
        remove_units(b, at, 1);
    aslrt_units_insert(b, at == SIZE_MAX ? b->count : at, decimal.units, decimal.count);
    trim_zeros(f, b);
    at = decimal_place(f, b);
    double left = p->least_integer - (double)at;
    double right = p->least_fraction - ((double)b->count - (double)at - 1);
    if (left > 0)
        aslrt_units_pad(b, 0, f->symbols[ZERO], (size_t)left);
    if (right > 0)
        aslrt_units_pad(b, b->count, f->symbols[ZERO], (size_t)right);
    put_groups(f, b, p);
    at = decimal_place(f, b);
    if (!contains(f, p->text, DECIMAL) || at + 1 == b->count)
        b->count -= b->count > 0;
}

static void put_exponent(struct formatter *f, struct aslrt_unit_buffer *b,
                         const struct sub_picture *p, double exponent)
{
    struct aslrt_units sign = f->symbols[EXPONENT];
    aslrt_units_insert(b, b->count, sign.units, sign.count);
    if (exponent < 0)
        aslrt_units_insert(b, b->count, f->symbols[MINUS].units, f->symbols[MINUS].count);
    size_t start = b->count;
    put_number(f, b, exponent, 0);
    double missing = p->least_exponent - (double)(b->count - start);
    if (missing > 0)
        aslrt_units_pad(b, start, f->symbols[ZERO], (size_t)missing);
}

static struct aslrt_value format(struct formatter *f, double value, const struct sub_picture *p,
                                 bool minus)
{
    struct aslrt_unit_buffer b = {f->c->arena, NULL, 0, 0};
    double exponent = NAN;
    if (contains(f, p->text, PERCENT))
        value *= 100;
    else if (contains(f, p->text, PER_MILLE))
        value *= 1000;
    if (p->least_exponent != 0)
        value = scale(p, value, &exponent);
    put_mantissa(f, &b, p, value);
    if (p->least_exponent != 0)
        put_exponent(f, &b, p, exponent);
    aslrt_units_insert(&b, 0, p->prefix.units, p->prefix.count);
    if (minus)
        aslrt_units_insert(&b, 0, f->symbols[MINUS].units, f->symbols[MINUS].count);
    aslrt_units_insert(&b, b.count, p->suffix.units, p->suffix.count);
    return aslrt_units_text(f->c->arena, aslrt_units_view(&b), 0, b.count);
}

/* The picture's sub-pictures; fails when they are more than two. */
static unsigned split_pictures(struct formatter *f, struct aslrt_units picture,
                               struct aslrt_units out[2])
{
    unsigned count = 0;
    size_t from = 0;
    for (;;) {
        size_t at = find(f, picture, PATTERN, from);
        if (count == 2)
            aslrt_eval_fail_code(f->c, "D3080", FAULT_NOWHERE, aslrt_undefined());
        out[count++] = part(picture, from, at);
        if (at == SIZE_MAX)
            return count;
        from = at + f->symbols[PATTERN].count;
    }
}

struct aslrt_value aslrt_fn_formatNumber(struct call *call)
{
    struct formatter f = {.c = call->c};
    struct aslrt_value value = call_arg(call, 0), picture = call_arg(call, 1);
    if (value.kind == ASLRT_UNDEFINED)
        return value;
    if (picture.kind != ASLRT_STRING)
        aslrt_eval_fail_message(f.c, "Cannot read properties of undefined (reading 'split')");
    read_options(&f, call_arg(call, 2));
    struct aslrt_units texts[2];
    unsigned count = split_pictures(&f, aslrt_units_of(f.c->arena, picture), texts);
    struct sub_picture pictures[2];
    for (unsigned i = 0; i < count; i++)
        pictures[i] = split(&f, texts[i]);
    for (unsigned i = 0; i < count; i++)
        validate(&f, &pictures[i]);
    for (unsigned i = 0; i < count; i++)
        analyse(&f, &pictures[i]);
    double d = expr_double(value);
    bool second = !(d >= 0);
    return format(&f, d, &pictures[second && count == 2], second && count == 1);
}
