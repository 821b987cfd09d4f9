/*
 * choice_jsonata.c - the Condition of a JSONata rule as a condition about paths.
 *
 * Only the constants are read; every other expression is opaque.
 */
#include "compiler/verify/choice_set.h"

#include <string.h>

/* True when the text is "{%", blanks, the word, blanks, "%}". */
static bool is_word(const char *text, const char *word)
{
    if (strncmp(text, "{%", 2) != 0)
        return false;
    text += 2;
    text += strspn(text, " \t\r\n");
    if (strncmp(text, word, strlen(word)) != 0)
        return false;
    text += strlen(word);
    text += strspn(text, " \t\r\n");
    return strcmp(text, "%}") == 0;
}

struct condition condition_of_jsonata(struct aslrt_arena *arena, const struct jnode *condition)
{
    if (condition == NULL)
        return condition_opaque();
    if (condition->kind == J_BOOL ? condition->boolean
                                  : condition->kind == J_STRING && is_word(condition->text, "true"))
        return condition_true(arena);
    if (condition->kind == J_BOOL ||
        (condition->kind == J_STRING && is_word(condition->text, "false"))) {
        struct condition never = {NULL, 0, false};
        return never;
    }
    return condition_opaque();
}
