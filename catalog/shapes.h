/*
 * shapes.h - what service calls answer, as their API models say it: for checking a mocked result.
 *
 * In: a service and an action.  Out: the shape of the answer; shapes refer to each other by number.
 * Names are those of Step Functions, which begin with a capital letter.  The rows come from
 * scripts/gen-shapes; nothing here allocates.
 */
#ifndef ASLC_SHAPES_H
#define ASLC_SHAPES_H

#include <stdbool.h>
#include <stdint.h>

enum catalog_shape_kind {
    CATALOG_SHAPE_NUMBER,
    CATALOG_SHAPE_BOOLEAN,
    CATALOG_SHAPE_STRING, /* blobs and timestamps too */
    CATALOG_SHAPE_ARRAY,
    CATALOG_SHAPE_MAP, /* any names, values of one shape */
    CATALOG_SHAPE_OBJECT,
};

struct catalog_shape {
    enum catalog_shape_kind kind;
    double low, high;                    /* of a number, or of a string's length; infinite: none */
    uint32_t first_member, member_count; /* OBJECT */
    uint32_t element;                    /* ARRAY, MAP */
    uint32_t first_word, word_count;     /* STRING: the words that it may be, if any */
};
struct catalog_member {
    const char *name;
    uint32_t shape;
    bool required;
};

extern const struct catalog_shape catalog_shapes[];
extern const struct catalog_member catalog_members[];
extern const char *const catalog_words[];

/* The shape of what the call answers, or NULL when it is not known here.  `sdk` tells aws-sdk
   integrations from optimised ones. */
const struct catalog_shape *catalog_answer(const char *service, const char *action, bool sdk);

#endif
