/*
 * suggest.c - edit distance with swaps; see suggest.h.
 *
 * Costs are in halves, so that a difference in case alone costs less than a wrong letter.
 */
#include "compiler/base/suggest.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Longer words than this are never suggested and never corrected; it bounds the work per pair. */
#define SUGGEST_MAX 64

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned replace_cost(char a, char b)
{
    if (a == b)
        return 0;
    return tolower((unsigned char)a) == tolower((unsigned char)b) ? 1 : 2;
}

/* The optimal string alignment distance, in halves, over three rolling rows. */
static unsigned distance(const char *a, size_t a_count, const char *b, size_t b_count)
{
    unsigned rows[3][SUGGEST_MAX + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_count; j++)
        last[j] = 2 * (unsigned)j;
    for (size_t i = 1; i <= a_count; i++) {
        row[0] = 2 * (unsigned)i;
        for (size_t j = 1; j <= b_count; j++) {
            row[j] = least(last[j - 1] + replace_cost(a[i - 1], b[j - 1]),
                           least(last[j], row[j - 1]) + 2);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 2);
        }
        unsigned *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_count];
}

const char *suggest(const char *word, const char *const *candidates, uint32_t count)
{
    size_t word_count = strlen(word);
    if (word_count == 0 || word_count > SUGGEST_MAX)
        return NULL;
    unsigned best_cost = 2 * (unsigned)((word_count + 2) / 3) + 1; /* what is no longer near */
    const char *best = NULL;
    for (uint32_t i = 0; i < count; i++) {
        size_t n = strlen(candidates[i]);
        size_t apart = n > word_count ? n - word_count : word_count - n;
        if (n > SUGGEST_MAX || 2 * apart >= best_cost)
            continue;
        unsigned cost = distance(word, word_count, candidates[i], n);
        /* A word that shares no letter in place or order with a short one is no suggestion. */
        if (cost < best_cost && cost < 2 * (n > word_count ? n : word_count)) {
            best_cost = cost;
            best = candidates[i];
        }
    }
    return best;
}
