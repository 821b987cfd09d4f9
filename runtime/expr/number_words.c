/*
 * number_words.c - numbers in English words; see number_words.h.
 *
 * The order of the words in the pattern is jsonata-js's: it decides what an ambiguous text means.
 */
#include "runtime/expr/number_words.h"

#include <math.h>

static const char *const few[] = {"Zero",    "One",     "Two",       "Three",    "Four",
                                  "Five",    "Six",     "Seven",     "Eight",    "Nine",
                                  "Ten",     "Eleven",  "Twelve",    "Thirteen", "Fourteen",
                                  "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
static const char *const ordinals[] = {
    "Zeroth",     "First",     "Second",    "Third",       "Fourth",     "Fifth",     "Sixth",
    "Seventh",    "Eighth",    "Ninth",     "Tenth",       "Eleventh",   "Twelfth",   "Thirteenth",
    "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
static const char *const decades[] = {"Twenty",  "Thirty", "Forty",  "Fifty",  "Sixty",
                                      "Seventy", "Eighty", "Ninety", "Hundred"};
static const char *const magnitudes[] = {"Thousand", "Million", "Billion", "Trillion"};

enum { FEW = 20, DECADES = 9, MAGNITUDES = 4 };

static void put(struct aslrt_buffer *b, double n, bool behind, bool ordinal);

static void put_small(struct aslrt_buffer *b, unsigned n, bool behind, bool ordinal)
{
    if (n < FEW) {
        aslrt_buffer_text(b, behind ? " and " : "");
        aslrt_buffer_text(b, ordinal ? ordinals[n] : few[n]);
    } else if (n < 100) {
        aslrt_buffer_text(b, behind ? " and " : "");
        aslrt_buffer_text(b, decades[n / 10 - 2]);
        if (n % 10 != 0) {
            aslrt_buffer_char(b, '-');
            put_small(b, n % 10, false, ordinal);
        } else if (ordinal) {
            b->count--; /* Twenty: Twentieth */
            aslrt_buffer_text(b, "ieth");
        }
    } else {
        aslrt_buffer_text(b, behind ? ", " : "");
        aslrt_buffer_text(b, few[n / 100]);
        aslrt_buffer_text(b, " Hundred");
        if (n % 100 != 0)
            put_small(b, n % 100, true, ordinal);
        else if (ordinal)
            aslrt_buffer_text(b, "th");
    }
}

/* Recurses at most 26 deep: every level divides by 10^12. */
static void put(struct aslrt_buffer *b, double n, bool behind, bool ordinal)
{
    if (n < 1000) {
        put_small(b, (unsigned)n, behind, ordinal);
        return;
    }
    unsigned magnitude = 1;
    double factor = 1e3;
    while (magnitude < MAGNITUDES && n >= factor * 1e3) {
        magnitude++;
        factor *= 1e3;
    }
    double whole = floor(n / factor), rest = n - whole * factor;
    aslrt_buffer_text(b, behind ? ", " : "");
    put(b, whole, false, false);
    aslrt_buffer_char(b, ' ');
    aslrt_buffer_text(b, magnitudes[magnitude - 1]);
    if (rest > 0)
        put(b, rest, true, ordinal);
    else if (ordinal)
        aslrt_buffer_text(b, "th");
}

void aslrt_words_put(struct aslrt_buffer *b, double value, bool ordinal)
{
    put(b, value, false, ordinal);
}

/* ---- reading ---- */

static bool same_word(const char *word, size_t cut, const char *ending, struct aslrt_units text)
{
    size_t n = strlen(word) - cut, m = strlen(ending);
    if (text.count != n + m)
        return false;
    for (size_t i = 0; i < text.count; i++) {
        unsigned char expected = (unsigned char)(i < n ? word[i] : ending[i - n]);
        uint16_t unit = text.units[i];
        if (unit > 0x7f || (unit | 0x20) != (expected | 0x20))
            return false;
    }
    return true;
}

static double word_value(struct aslrt_units word)
{
    for (unsigned i = 0; i < FEW; i++)
        if (same_word(few[i], 0, "", word) || same_word(ordinals[i], 0, "", word))
            return i;
    for (unsigned i = 0; i < DECADES; i++)
        if (same_word(decades[i], 0, "", word) || same_word(decades[i], 1, "ieth", word))
            return (i + 2) * 10;
    if (same_word("Hundredth", 0, "", word))
        return 100;
    for (unsigned i = 0; i < MAGNITUDES; i++)
        if (same_word(magnitudes[i], 0, "", word) || same_word(magnitudes[i], 0, "th", word))
            return pow(10, (i + 1) * 3);
    return NAN;
}

/* Length of what separates words at `at`: ", ", " and ", a blank, a hyphen or a backslash; 0: none.
 */
static size_t separator_at(struct aslrt_units text, size_t at)
{
    uint16_t u = text.units[at];
    if (u == ',' && at + 1 < text.count && aslrt_unit_is_space(text.units[at + 1]))
        return 2;
    struct aslrt_units word = {text.units + at + 1, 3};
    if (aslrt_unit_is_space(u) && at + 4 < text.count && same_word("and", 0, "", word) &&
        aslrt_unit_is_space(text.units[at + 4]))
        return 5;
    return aslrt_unit_is_space(u) || u == '-' || u == '\\' ? 1 : 0;
}

double aslrt_words_parse(struct aslrt_arena *arena, struct aslrt_units text)
{
    /* segments that are to be added; the last one is still being multiplied */
    double *segments = aslrt_alloc(arena, (text.count + 2) * sizeof *segments);
    size_t count = 1, start = 0;
    segments[0] = 0;
    for (size_t at = 0; at <= text.count; at++) {
        size_t separator = at < text.count ? separator_at(text, at) : 1;
        if (separator == 0)
            continue;
        struct aslrt_units word = {text.units + start, at - start};
        double value = word_value(word);
        if (value < 100) {
            if (segments[count - 1] >= 1000)
                segments[count++] = value;
            else
                segments[count - 1] += value;
        } else {
            segments[count - 1] *= value;
        }
        start = at + separator;
        at = start - 1;
    }
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += segments[i];
    return sum;
}

static void put_lower(struct aslrt_buffer *b, const char *word, size_t cut, const char *ending)
{
    size_t n = strlen(word) - cut;
    for (size_t i = 0; i < n; i++)
        aslrt_buffer_char(b, (char)(word[i] | 0x20));
    aslrt_buffer_text(b, ending);
    aslrt_buffer_char(b, '|');
}

void aslrt_words_pattern(struct aslrt_buffer *b)
{
    aslrt_buffer_text(b, "(?:");
    for (unsigned i = 0; i < FEW; i++)
        put_lower(b, few[i], 0, "");
    for (unsigned i = 0; i < FEW; i++)
        put_lower(b, ordinals[i], 0, "");
    for (unsigned i = 0; i < DECADES; i++) {
        put_lower(b, decades[i], 0, "");
        put_lower(b, decades[i], 1, "ieth");
    }
    put_lower(b, "Hundredth", 0, "");
    for (unsigned i = 0; i < MAGNITUDES; i++) {
        put_lower(b, magnitudes[i], 0, "");
        put_lower(b, magnitudes[i], 0, "th");
    }
    aslrt_buffer_text(b, "and|[\\-, ])+");
}
