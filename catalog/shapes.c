/*
 * shapes.c - the tables of shapes.h, and the way into them.
 */
#include "catalog/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ANY_LOW  (-INFINITY)
#define ANY_HIGH INFINITY
#define SHAPE(kind, low, high, first, count, element, word, words)
#define MEMBER(name, shape, required)
#define WORD(text)
#define ANSWER(service, action, shape)

#undef SHAPE
#define SHAPE(kind, low, high, first, count, element, word, words)                                 \
    {CATALOG_SHAPE_##kind, low, high, first, count, element, word, words},
const struct catalog_shape catalog_shapes[] = {
#include "catalog/shapes.def"
};
#undef SHAPE
#define SHAPE(kind, low, high, first, count, element, word, words)

#undef MEMBER
#define MEMBER(name, shape, required) {name, shape, required},
const struct catalog_member catalog_members[] = {
#include "catalog/shapes.def"
};
#undef MEMBER
#define MEMBER(name, shape, required)

#undef WORD
#define WORD(text) text,
const char *const catalog_words[] = {
#include "catalog/shapes.def"
};
#undef WORD
#define WORD(text)

struct answer {
    const char *service, *action;
    uint32_t shape;
};
#undef ANSWER
#define ANSWER(service, action, shape) {service, action, shape},
static const struct answer answers[] = {
#include "catalog/shapes.def"
};

static int compare(const void *a, const void *b)
{
    const struct answer *x = a, *y = b;
    int order = strcmp(x->service, y->service);
    return order != 0 ? order : strcmp(x->action, y->action);
}

const struct catalog_shape *catalog_answer(const char *service, const char *action, bool sdk)
{
    struct answer key = {service, action, 0};
    if (!sdk && strcmp(service, "events") == 0)
        key.service = "eventbridge";
    else if (!sdk && strcmp(service, "states") == 0)
        key.service = "sfn";
    const struct answer *found =
        bsearch(&key, answers, sizeof answers / sizeof *answers, sizeof *answers, compare);
    return found != NULL ? &catalog_shapes[found->shape] : NULL;
}
