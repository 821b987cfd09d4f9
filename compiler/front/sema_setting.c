/*
 * sema_setting.c - settings: which exist, where they apply, and reading their values.
 *
 * In: settings as written, and the tables of settings.def.  Out: values through the readers, or a
 * complaint that names what the setting takes.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/suggest.h"
#include "runtime/base/buffer.h"

#include <stdlib.h>

const struct word_info setting_table[SETTING_COUNT] = {
#define SETTING(id, word, where, value, doc) {word, where, value, doc},
#include "compiler/front/settings.def"
#undef SETTING
};

static const struct {
    uint32_t where;
    const char *name;
} places[] = {
    {AT_SERVICE, "a service"}, {AT_CREATE, "create"},       {AT_GET, "get"},
    {AT_UPDATE, "update"},     {AT_REPLACE, "replace"},     {AT_DELETE, "delete"},
    {AT_LIST, "list"},         {AT_FUNCTION, "a function"}, {AT_POLICY, "a policy"},
};

static const char *places_text(struct sema *s, uint32_t where)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if ((where & places[i].where) != 0)
            aslrt_buffer_format(&b, "%s%s", b.count == 0 ? "" : ", ", places[i].name);
    }
    return aslrt_buffer_close(&b);
}

/* `title = string(1..20)` in an entity: a field with the wrong sign. */
static bool looks_like_type(const struct ast_expr *e)
{
    static const char *const words[] = {
#define TYPE(id, word, json, dynamodb, doc) word,
#include "compiler/front/types.def"
#undef TYPE
    };
    const char *word = sema_word_of(e);
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

static void unknown_setting(struct sema *s, const struct ast_setting *st, uint32_t where,
                            const char *what)
{
    const char *words[SETTING_COUNT];
    uint32_t count = 0;
    struct aslrt_buffer all = aslrt_buffer_in(s->arena);
    for (int i = 0; i < SETTING_COUNT; i++) {
        if ((setting_table[i].where & where) == 0)
            continue;
        aslrt_buffer_format(&all, "%s%s", count == 0 ? "" : ", ", setting_table[i].word);
        words[count++] = setting_table[i].word;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_UNKNOWN_SETTING, st->name.span,
                                 "%s has no setting '%s'", what, st->name.text);
    const char *near = suggest(st->name.text, words, count);
    if (where == AT_ENTITY && looks_like_type(st->value)) {
        diag_help(d, "a field is written with ':'; did you mean '%s: %s'?", st->name.text,
                  sema_word_of(st->value));
    } else if (near != NULL) {
        sema_near(d, st->name.span, near);
    } else if (count > 0) {
        diag_help(d, "its settings are %s", aslrt_buffer_close(&all));
    } else {
        diag_help(d, "a field is written 'name: type'");
    }
    diag_end(d);
}

enum setting_id sema_find_setting(struct sema *s, const struct ast_setting *st, uint32_t where,
                                  const char *what)
{
    uint32_t elsewhere = 0;
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(setting_table[i].word, st->name.text) != 0)
            continue;
        if ((setting_table[i].where & where) != 0)
            return (enum setting_id)i;
        elsewhere |= setting_table[i].where;
    }
    if (elsewhere == 0 || where == AT_ENTITY) {
        unknown_setting(s, st, where, what);
        return SETTING_COUNT;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_MISPLACED, st->name.span,
                                 "the setting '%s' does not apply to %s", st->name.text, what);
    diag_help(d, "it is a setting of %s", places_text(s, elsewhere));
    diag_end(d);
    return SETTING_COUNT;
}

void sema_settings(struct sema *s, const struct ast_setting *settings, uint32_t where,
                   const char *what,
                   void (*read)(struct sema *s, void *data, const struct ast_setting *setting,
                                enum setting_id id),
                   void *data)
{
    struct names seen = {0};
    for (const struct ast_setting *st = settings; st != NULL; st = st->next) {
        enum setting_id id = sema_find_setting(s, st, where, what);
        if (id != SETTING_COUNT && sema_declare(s, &seen, st->name, "the setting", 0, NULL))
            read(s, data, st, id);
    }
}

/* ---- values ---- */

void sema_wrong_value(struct sema *s, const struct ast_setting *st, enum setting_id id,
                      struct span at)
{
    struct diag *d =
        sema_report(s, DIAG_CRUD_SETTING_VALUE, at, "'%s' does not take this value", st->name.text);
    diag_help(d, "it takes %s", setting_table[id].takes);
    diag_end(d);
}

bool sema_take_text(struct sema *s, const struct ast_setting *st, enum setting_id id,
                    const char **value)
{
    if (st->value->kind != AST_STRING) {
        sema_wrong_value(s, st, id, st->value->span);
        return false;
    }
    *value = st->value->text;
    return true;
}

bool sema_seconds(const struct ast_expr *e, int64_t *seconds)
{
    int64_t n;
    if (e == NULL || e->kind != AST_DURATION || !sema_integer(e->text, &n) || n > 1000000000)
        return false;
    *seconds = n * (e->unit == 's' ? 1 : e->unit == 'm' ? 60 : e->unit == 'h' ? 3600 : 86400);
    return true;
}

/* 90s, 2h, 30d: the way people write it. */
static const char *duration_text(struct sema *s, int64_t seconds)
{
    if (seconds % 86400 == 0 && seconds != 0)
        return sema_format(s, "%lldd", (long long)(seconds / 86400));
    if (seconds % 3600 == 0 && seconds != 0)
        return sema_format(s, "%lldh", (long long)(seconds / 3600));
    if (seconds % 60 == 0 && seconds != 0)
        return sema_format(s, "%lldm", (long long)(seconds / 60));
    return sema_format(s, "%llds", (long long)seconds);
}

bool sema_take_duration(struct sema *s, const struct ast_setting *st, enum setting_id id,
                        int64_t low, int64_t high, int64_t *seconds)
{
    int64_t value;
    if (!sema_seconds(st->value, &value)) {
        sema_wrong_value(s, st, id, st->value->span);
        return false;
    }
    if (value < low || value > high) {
        sema_error(s, DIAG_CRUD_SETTING_VALUE, st->value->span, "'%s' can be from %s to %s here",
                   st->name.text, duration_text(s, low), duration_text(s, high));
        return false;
    }
    *seconds = value;
    return true;
}

bool sema_take_integer(struct sema *s, const struct ast_setting *st, enum setting_id id,
                       int64_t low, int64_t high, int64_t *value)
{
    int64_t n;
    if (st->value->kind != AST_INT) {
        sema_wrong_value(s, st, id, st->value->span);
        return false;
    }
    if (!sema_integer(st->value->text, &n) || n < low || n > high) {
        sema_error(s, DIAG_CRUD_SETTING_VALUE, st->value->span, "'%s' can be from %lld to %lld",
                   st->name.text, (long long)low, (long long)high);
        return false;
    }
    *value = n;
    return true;
}

bool sema_take_bool(struct sema *s, const struct ast_setting *st, enum setting_id id, bool *value)
{
    if (st->value->kind != AST_BOOL) {
        sema_wrong_value(s, st, id, st->value->span);
        return false;
    }
    *value = st->value->boolean;
    return true;
}

const char *sema_word_of(const struct ast_expr *e)
{
    const struct ast_expr *name = e->kind == AST_CALL ? e->left : e;
    return name->kind == AST_NAME ? name->name.text : NULL;
}

int sema_take_word(struct sema *s, const struct ast_setting *st, enum setting_id id,
                   const char *const *words)
{
    uint32_t count = 0;
    bool call = st->value->kind == AST_CALL; /* only auth has words with arguments */
    const char *word = call && id != SETTING_AUTH ? NULL : sema_word_of(st->value);
    for (; words[count] != NULL; count++) {
        if (word != NULL && strcmp(words[count], word) == 0)
            return (int)count;
    }
    struct diag *d = sema_report(s, DIAG_CRUD_SETTING_VALUE, st->value->span,
                                 "'%s' does not take this value", st->name.text);
    const char *near = word == NULL ? NULL : suggest(word, words, count);
    if (near != NULL && st->value->kind == AST_NAME)
        sema_near(d, st->value->span, near);
    diag_help(d, "it takes %s", setting_table[id].takes);
    diag_end(d);
    return -1;
}

bool sema_number(const struct ast_expr *e, double *value)
{
    if (e == NULL || (e->kind != AST_INT && e->kind != AST_NUMBER))
        return false;
    *value = strtod(e->text, NULL);
    return true;
}

struct ast_expr *sema_argument(const struct ast_arg *args, const char *name, uint32_t index)
{
    uint32_t i = 0;
    for (const struct ast_arg *a = args; a != NULL; a = a->next) {
        if (a->name.text != NULL) {
            if (name != NULL && strcmp(a->name.text, name) == 0)
                return a->value;
        } else if (i++ == index) {
            return a->value;
        }
    }
    return NULL;
}

bool sema_only_arguments(struct sema *s, const struct ast_expr *call, const char *const *names,
                         uint32_t positional)
{
    struct names seen = {0};
    uint32_t count = 0;
    while (names[count] != NULL)
        count++;
    for (const struct ast_arg *a = call->args; a != NULL; a = a->next) {
        if (a->name.text == NULL) {
            if (positional-- == 0) {
                sema_error(s, DIAG_CRUD_CALL, a->span, "'%s' takes no such argument without a name",
                           sema_word_of(call));
                return false;
            }
            continue;
        }
        bool known = false;
        for (uint32_t i = 0; i < count; i++)
            known = known || strcmp(names[i], a->name.text) == 0;
        if (!known) {
            struct diag *d =
                sema_report(s, DIAG_CRUD_CALL, a->name.span, "'%s' has no argument '%s'",
                            sema_word_of(call), a->name.text);
            sema_near(d, a->name.span, suggest(a->name.text, names, count));
            diag_end(d);
            return false;
        }
        if (!sema_declare(s, &seen, a->name, "the argument", 0, NULL))
            return false;
    }
    return true;
}

static void rate_error(struct sema *s, struct span at, const char *why)
{
    struct diag *d = sema_report(s, DIAG_CRUD_SETTING_VALUE, at, "%s", why);
    diag_help(d,
              "rate(50, per: 1s, burst: 100) lets 50 requests a second through, and 100 at once");
    diag_end(d);
}

void sema_take_throttle(struct sema *s, const struct ast_setting *st, double *rate, double *burst)
{
    static const char *const names[] = {"per", "burst", NULL};
    const struct ast_expr *e = st->value;
    double requests = 0, most = 0;
    int64_t per = 1;
    if (e->kind != AST_CALL || sema_word_of(e) == NULL || strcmp(sema_word_of(e), "rate") != 0) {
        sema_wrong_value(s, st, SETTING_THROTTLE, e->span);
        return;
    }
    if (!sema_only_arguments(s, e, names, 1))
        return;
    const struct ast_expr *n = sema_argument(e->args, NULL, 0);
    const struct ast_expr *a = sema_argument(e->args, "per", UINT32_MAX);
    const struct ast_expr *b = sema_argument(e->args, "burst", UINT32_MAX);
    uint32_t errors = s->error_count;
    if (n == NULL)
        rate_error(s, e->span, "'rate' begins with the number of requests");
    else if (!sema_number(n, &requests) || requests <= 0)
        rate_error(s, n->span, "the number of requests must be above 0");
    if (a != NULL && (!sema_seconds(a, &per) || per == 0))
        rate_error(s, a->span, "'per' must be a length of time, 1s or more");
    if (b != NULL && (!sema_number(b, &most) || most < 1))
        rate_error(s, b->span, "'burst' must be a number, 1 or more");
    if (s->error_count != errors)
        return;
    *rate = requests / (double)per;
    *burst = b != NULL ? most : *rate < 1 ? 1 : *rate;
}
