/*
 * format_integer.c - decimal patterns, letters, roman numerals; see format_integer.h.
 *
 * In: numbers and pictures.  Out: text and numbers.  Words are in number_words.c.
 * Texts are edited as UTF-16 code units, because jsonata-js counts places in them.
 */
#include "runtime/expr/format_integer.h"

#include "runtime/base/number.h"
#include "runtime/expr/number_words.h"
#include "runtime/expr/unicode.h"

#include <math.h>

enum { DIGITS_MAX = 1 << 24 }; /* of mandatory digits; more is a mistake */

/* The first digit of every family of decimal digits that pictures may use. */
static const uint32_t digit_families[] = {
    0x30,   0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,
    0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0,
    0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

/* ---- pictures ---- */

static uint32_t family_of(uint32_t character)
{
    for (size_t i = 0; i < sizeof digit_families / sizeof digit_families[0]; i++)
        if (character >= digit_families[i] && character <= digit_families[i] + 9)
            return digit_families[i];
    return 0;
}

/* The interval of separators that are all alike and stand at every n-th digit; else 0. */
static double regular_interval(const struct integer_separator *s, size_t count)
{
    if (count == 0)
        return 0;
    double divisor = s[0].position;
    for (size_t i = 1; i < count; i++) {
        if (s[i].character != s[0].character)
            return 0;
        double a = divisor, b = s[i].position;
        while (b != 0) {
            double rest = fmod(a, b);
            a = b;
            b = rest;
        }
        divisor = a;
    }
    for (size_t n = 1; n <= count; n++) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++)
            found = s[i].position == (double)n * divisor;
        if (!found)
            return 0;
    }
    return divisor;
}

/* The character that ends before *at, which moves to its start. */
static uint32_t character_before(struct aslrt_units u, size_t *at)
{
    uint32_t c = u.units[--*at];
    if (aslrt_is_low_surrogate(c) && *at > 0 && aslrt_is_high_surrogate(u.units[*at - 1]))
        c = aslrt_from_surrogates(u.units[--*at], c);
    return c;
}

/* A pattern of digits, signs for optional digits, and separators; else a numbering sequence. */
static void read_decimal(struct evaluation *c, struct integer_format *f, struct aslrt_units p)
{
    double place = 0, mandatory = 0, optional = 0;
    f->separators = aslrt_alloc(c->arena, (p.count + 1) * sizeof *f->separators);
    f->zero = 0;
    for (size_t at = p.count; at > 0;) {
        uint32_t character = character_before(p, &at);
        uint32_t family = family_of(character);
        if (family != 0) {
            mandatory++;
            place++;
            if (f->zero != 0 && f->zero != family)
                aslrt_eval_fail_code(c, "D3131", FAULT_NOWHERE, aslrt_undefined());
            f->zero = family;
        } else if (character == '#') {
            place++;
            optional++;
        } else {
            f->separators[f->separator_count++] = (struct integer_separator){place, character};
        }
    }
    if (mandatory == 0) {
        f->style = INTEGER_SEQUENCE;
        f->picture = aslrt_units_text(c->arena, p, 0, p.count);
        return;
    }
    f->style = INTEGER_DECIMAL;
    f->mandatory = mandatory;
    f->optional = optional;
    f->interval = regular_interval(f->separators, f->separator_count);
    f->regular = f->interval > 0;
}

static bool spells(struct aslrt_units u, const char *text)
{
    size_t n = strlen(text);
    if (u.count != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (u.units[i] != (unsigned char)text[i])
            return false;
    return true;
}

struct integer_format aslrt_integer_picture(struct evaluation *c, struct aslrt_units picture)
{
    static const struct {
        const char *text;
        enum aslrt_integer_style style;
        enum aslrt_letter_case letter_case;
    } named[] = {{"A", INTEGER_LETTERS, CASE_UPPER}, {"a", INTEGER_LETTERS, CASE_LOWER},
                 {"I", INTEGER_ROMAN, CASE_UPPER},   {"i", INTEGER_ROMAN, CASE_LOWER},
                 {"W", INTEGER_WORDS, CASE_UPPER},   {"Ww", INTEGER_WORDS, CASE_TITLE},
                 {"w", INTEGER_WORDS, CASE_LOWER}};
    struct integer_format f;
    memset(&f, 0, sizeof f);
    f.mandatory = f.optional = f.width = f.exact_width = NAN;
    f.zero = '0';
    size_t semicolon = picture.count;
    while (semicolon > 0 && picture.units[semicolon - 1] != ';')
        semicolon--;
    if (semicolon > 0) {
        f.ordinal = semicolon < picture.count && picture.units[semicolon] == 'o';
        picture.count = semicolon - 1;
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (spells(picture, named[i].text)) {
            f.style = named[i].style;
            f.letter_case = named[i].letter_case;
            return f;
        }
    }
    read_decimal(c, &f, picture);
    return f;
}

/* ---- numbers as text ---- */

static _Noreturn void fail_recursion(struct evaluation *c)
{
    aslrt_eval_fail_message(c, "Maximum call stack size exceeded");
}

static void put_letters(struct evaluation *c, struct aslrt_unit_buffer *b, double value, char first)
{
    size_t start = b->count;
    if (isinf(value))
        fail_recursion(c);
    while (value > 0) {
        uint16_t letter = (uint16_t)(fmod(value - 1, 26) + first);
        aslrt_units_insert(b, start, &letter, 1);
        value = floor((value - 1) / 26);
    }
}

static void put_roman(struct evaluation *c, struct aslrt_unit_buffer *b, double value, bool upper)
{
    static const struct {
        double value;
        const char *text;
    } numerals[] = {{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"},
                    {90, "xc"},  {50, "l"},   {40, "xl"}, {10, "x"},   {9, "ix"},
                    {5, "v"},    {4, "iv"},   {1, "i"}};
    if (value > 1e7) /* jsonata-js recurses once for every numeral */
        fail_recursion(c);
    for (size_t i = 0; i < sizeof numerals / sizeof numerals[0]; i++) {
        for (; value >= numerals[i].value; value -= numerals[i].value) {
            size_t from = b->count;
            aslrt_units_add(b, numerals[i].text, strlen(numerals[i].text));
            for (; upper && from < b->count; from++)
                b->units[from] = (uint16_t)(b->units[from] - 32);
        }
    }
}

static void put_words(struct evaluation *c, struct aslrt_unit_buffer *b, double value,
                      const struct integer_format *f)
{
    struct aslrt_buffer words = aslrt_buffer_in(c->arena);
    if (!isfinite(value))
        fail_recursion(c);
    aslrt_words_put(&words, value, f->ordinal);
    for (size_t i = 0; i < words.count; i++) {
        char w = words.bytes[i];
        if (f->letter_case == CASE_UPPER && w >= 'a' && w <= 'z')
            words.bytes[i] = (char)(w - 32);
        else if (f->letter_case == CASE_LOWER && w >= 'A' && w <= 'Z')
            words.bytes[i] = (char)(w + 32);
    }
    aslrt_units_add(b, words.bytes, words.count);
}

/* JavaScript's substr: a negative place counts from the end. */
static size_t substr_place(double place, size_t count)
{
    if (place < 0)
        place += (double)count;
    return place < 0 ? 0 : place > (double)count ? count : (size_t)place;
}

/* Text as str.substr(0, place) + separator + str.substr(place) has it. */
static void insert_separator(struct aslrt_unit_buffer *b, size_t start, double place,
                             uint32_t character)
{
    size_t count = b->count - start;
    uint16_t units[2] = {(uint16_t)character, 0};
    size_t n = 1;
    if (character > 0xffff) {
        units[0] = (uint16_t)(0xd800 + ((character - 0x10000) >> 10));
        units[1] = (uint16_t)(0xdc00 + (character & 0x3ff));
        n = 2;
    }
    if (place >= 0) {
        aslrt_units_insert(b, start + substr_place(place, count), units, n);
        return;
    }
    size_t kept = substr_place(place, count); /* what stands before it is lost */
    memmove(b->units + start, b->units + start + kept, (count - kept) * sizeof *b->units);
    b->count -= kept;
    aslrt_units_insert(b, start, units, n);
}

static void put_separators(struct aslrt_unit_buffer *b, size_t start,
                           const struct integer_format *f)
{
    if (f->regular) {
        double groups = floor((double)(b->count - start - 1) / f->interval);
        for (; groups > 0; groups--)
            insert_separator(b, start, (double)(b->count - start) - groups * f->interval,
                             f->separators[0].character);
        return;
    }
    for (size_t i = f->separator_count; i-- > 0;)
        insert_separator(b, start, (double)(b->count - start) - f->separators[i].position,
                         f->separators[i].character);
}

static void put_ordinal(struct aslrt_unit_buffer *b, size_t start)
{
    const char *suffix = "th";
    uint16_t last = b->count > start ? b->units[b->count - 1] : 0;
    bool teen = b->count > start + 1 && b->units[b->count - 2] == '1';
    if (!teen && last >= '1' && last <= '3')
        suffix = last == '1' ? "st" : last == '2' ? "nd" : "rd";
    aslrt_units_add(b, suffix, 2);
}

static void put_decimal(struct evaluation *c, struct aslrt_unit_buffer *b, double value,
                        const struct integer_format *f)
{
    char text[ASLRT_NUMBER_TEXT_MAX];
    size_t start = b->count, count = aslrt_double_to_text(value, text);
    double padding = f->mandatory - (double)count;
    if (padding > DIGITS_MAX)
        aslrt_eval_fail_message(c, "Invalid string length");
    static uint16_t zero[] = {'0'};
    if (padding > 0)
        aslrt_units_pad(b, start, (struct aslrt_units){zero, 1}, (size_t)padding);
    aslrt_units_add(b, text, count);
    for (size_t i = start; f->zero != '0' && i < b->count; i++)
        b->units[i] = (uint16_t)(b->units[i] + f->zero - '0');
    put_separators(b, start, f);
    if (f->ordinal)
        put_ordinal(b, start);
}

void aslrt_integer_put(struct evaluation *c, struct aslrt_unit_buffer *b, double value,
                       const struct integer_format *f)
{
    size_t start = b->count;
    bool negative = value < 0;
    value = fabs(value);
    switch (f->style) {
    case INTEGER_LETTERS:
        put_letters(c, b, value, f->letter_case == CASE_UPPER ? 'A' : 'a');
        break;
    case INTEGER_ROMAN:
        put_roman(c, b, value, f->letter_case == CASE_UPPER);
        break;
    case INTEGER_WORDS:
        put_words(c, b, value, f);
        break;
    case INTEGER_DECIMAL:
        put_decimal(c, b, value, f);
        break;
    default:
        aslrt_eval_fail_code(c, "D3130", FAULT_NOWHERE, f->picture);
    }
    if (negative) {
        uint16_t minus = '-';
        aslrt_units_insert(b, start, &minus, 1);
    }
}

struct aslrt_value aslrt_fn_formatInteger(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value value = call_arg(call, 0), picture = call_arg(call, 1);
    if (value.kind == ASLRT_UNDEFINED)
        return value;
    if (picture.kind != ASLRT_STRING)
        aslrt_eval_fail_message(c, "Cannot read properties of undefined (reading 'lastIndexOf')");
    struct integer_format f = aslrt_integer_picture(c, aslrt_units_of(c->arena, picture));
    struct aslrt_unit_buffer b = {c->arena, NULL, 0, 0};
    aslrt_integer_put(c, &b, floor(expr_double(value)), &f);
    return aslrt_units_text(c->arena, aslrt_units_view(&b), 0, b.count);
}

/* ---- text as numbers ---- */

static double parse_letters(struct aslrt_units text, char first)
{
    double value = 0;
    for (size_t i = 0; i < text.count; i++)
        value += (text.units[text.count - i - 1] - first + 1) * pow(26, (double)i);
    return value;
}

static double roman_value(uint16_t unit)
{
    switch (unit & ~0x20) {
    case 'M':
        return 1000;
    case 'D':
        return 500;
    case 'C':
        return 100;
    case 'L':
        return 50;
    case 'X':
        return 10;
    case 'V':
        return 5;
    case 'I':
        return 1;
    default:
        return NAN;
    }
}

static double parse_roman(struct aslrt_units text, bool upper)
{
    double value = 0, most = 1;
    for (size_t i = text.count; i-- > 0;) {
        bool small = text.units[i] >= 'a' && text.units[i] <= 'z';
        double digit = text.units[i] > 0x7f || (upper && small) ? NAN : roman_value(text.units[i]);
        if (digit < most) {
            value -= digit;
        } else {
            most = digit;
            value += digit;
        }
    }
    return value;
}

static bool is_separator(const struct integer_format *f, uint32_t character)
{
    if (f->regular)
        return character == ','; /* whatever the picture has */
    for (size_t i = 0; i < f->separator_count; i++)
        if (f->separators[i].character == character)
            return true;
    return false;
}

static double parse_decimal(struct evaluation *c, struct aslrt_units text,
                            const struct integer_format *f)
{
    struct aslrt_units digits = {aslrt_alloc(c->arena, (text.count + 1) * sizeof *digits.units), 0};
    size_t count = text.count;
    if (f->ordinal)
        count = count < 2 ? 0 : count - 2; /* the suffix */
    for (size_t i = 0; i < count; i++) {
        uint32_t character = text.units[i];
        size_t first = i;
        if (aslrt_is_high_surrogate(character) && i + 1 < count &&
            aslrt_is_low_surrogate(text.units[i + 1]))
            character = aslrt_from_surrogates(character, text.units[++i]);
        if (is_separator(f, character))
            continue;
        for (; first <= i; first++) {
            int32_t unit = (int32_t)text.units[first] - (int32_t)f->zero + '0';
            if (unit < 0) {
                struct aslrt_buffer b = aslrt_buffer_in(c->arena);
                aslrt_buffer_format(&b, "Invalid code point %d", (int)unit);
                aslrt_eval_fail_message(c, aslrt_buffer_close(&b));
            }
            digits.units[digits.count++] = (uint16_t)unit;
        }
    }
    return aslrt_parse_int(digits);
}

double aslrt_integer_parse(struct evaluation *c, struct aslrt_units text,
                           const struct integer_format *f)
{
    switch (f->style) {
    case INTEGER_LETTERS:
        return parse_letters(text, f->letter_case == CASE_UPPER ? 'A' : 'a');
    case INTEGER_ROMAN:
        return parse_roman(text, f->letter_case == CASE_UPPER);
    case INTEGER_WORDS:
        return aslrt_words_parse(c->arena, text);
    case INTEGER_DECIMAL:
        return parse_decimal(c, text, f);
    default:
        aslrt_eval_fail_code(c, "D3130", FAULT_NOWHERE, f->picture);
    }
}

static void put_occurrences(struct evaluation *c, struct aslrt_buffer *b,
                            const struct integer_format *f)
{
    if (c->version >= ASLRT_JSONATA_2_2) {
        if (f->exact_width > 0)
            aslrt_buffer_format(b, "{%.0f}", f->exact_width);
        else
            aslrt_buffer_char(b, '+');
    } else if (f->width > 0) {
        if (f->optional == 0)
            aslrt_buffer_format(b, "{%.0f}", f->width);
        else
            aslrt_buffer_format(b, "{%.0f,%.0f}", f->width - f->optional, f->width);
    } else {
        aslrt_buffer_char(b, '+');
    }
}

void aslrt_integer_pattern(struct evaluation *c, struct aslrt_buffer *b,
                           const struct integer_format *f)
{
    bool upper = f->letter_case == CASE_UPPER;
    switch (f->style) {
    case INTEGER_LETTERS:
        aslrt_buffer_text(b, upper ? "[A-Z]+" : "[a-z]+");
        break;
    case INTEGER_ROMAN:
        aslrt_buffer_text(b, upper ? "[MDCLXVI]+" : "[mdclxvi]+");
        break;
    case INTEGER_WORDS:
        aslrt_words_pattern(b);
        break;
    case INTEGER_DECIMAL:
        aslrt_buffer_text(b, "[0-9]");
        put_occurrences(c, b, f);
        if (f->ordinal)
            aslrt_buffer_text(b, "(?:th|st|nd|rd)");
        break;
    default:
        aslrt_eval_fail_code(c, "D3130", FAULT_NOWHERE, f->picture);
    }
}

struct aslrt_value aslrt_fn_parseInteger(struct call *call)
{
    struct evaluation *c = call->c;
    struct aslrt_value text = call_arg(call, 0), picture = call_arg(call, 1);
    if (text.kind == ASLRT_UNDEFINED)
        return text;
    if (picture.kind != ASLRT_STRING)
        aslrt_eval_fail_message(c, "Cannot read properties of undefined (reading 'lastIndexOf')");
    struct integer_format f = aslrt_integer_picture(c, aslrt_units_of(c->arena, picture));
    double value = aslrt_integer_parse(c, aslrt_units_of(c->arena, text), &f);
    if (!isfinite(value))
        c->not_finite = true;
    return expr_number(value);
}
