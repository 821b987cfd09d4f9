/*
 * words.h - the tables of settings and annotations: what exists and where it may stand.
 *
 * settings.def and annotations.def are the lists; this header makes enums and tables of them, for
 * sema and for the reference in doc/language.md, which a test holds against them.
 */
#ifndef ASLC_WORDS_H
#define ASLC_WORDS_H

#include <stdint.h>

enum setting_place {
    AT_SERVICE = 1,
    AT_CREATE = 2,
    AT_GET = 4,
    AT_UPDATE = 8,
    AT_REPLACE = 16,
    AT_DELETE = 32,
    AT_LIST = 64,
    AT_OPERATION = 126, /* the six above */
    AT_FUNCTION = 128,
    AT_POLICY = 256,
    AT_ENTITY = 512, /* has none */
};
enum annotation_place {
    ON_FIELD = 1,  /* of an entity */
    ON_MEMBER = 2, /* field of a type */
    ON_INDEX = 4,
    ON_WORKFLOW = 8,
    ON_OTHER = 16, /* any other declaration: has none */
};

enum setting_id {
#define SETTING(id, word, where, value, doc) SETTING_##id,
#include "compiler/front/settings.def"
#undef SETTING
    SETTING_COUNT
};
enum annotation_id {
#define ANNOTATION(id, word, where, arguments, doc) ANNOTATION_##id,
#include "compiler/front/annotations.def"
#undef ANNOTATION
    ANNOTATION_COUNT
};

struct word_info {
    const char *word;
    uint32_t where;
    const char *takes;
    const char *doc;
};
extern const struct word_info setting_table[SETTING_COUNT];
extern const struct word_info annotation_table[ANNOTATION_COUNT];

#endif
