/*
 * sema_service.c - the service block: authentication, limits, logs, alarms.
 *
 * In: the settings of the one `service`.  Out: model.service with its defaults filled in.
 */
#include "compiler/front/sema_int.h"

#include "compiler/base/suggest.h"

enum { SYNC_MAX_S = 29, DAY_S = 86400, NAME_MOST = 40 };

/* What CloudWatch takes as retention of a log group. */
static const int64_t retention_days[] = {1,    3,    5,    7,    14,   30,  60,  90,
                                         120,  150,  180,  365,  400,  545, 731, 1096,
                                         1827, 2192, 2557, 2922, 3288, 3653};

/* The first segment becomes the name of the stage, whose letters are fewer. */
#define STAGE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

static bool starts_addresses(const char *path)
{
    size_t n = strlen(path);
    return n == 0 ||
           (n > 1 && path[0] == '/' && path[n - 1] != '/' && strstr(path, "//") == NULL &&
            strspn(path, STAGE "/.") == n && strspn(path + 1, STAGE) == strcspn(path + 1, "/"));
}

static void take_path(struct sema *s, const struct ast_setting *st, struct service *service)
{
    const char *path;
    if (!sema_take_text(s, st, SETTING_PATH, &path))
        return;
    if (starts_addresses(path)) {
        service->path = path;
        return;
    }
    struct diag *d =
        sema_report(s, DIAG_CRUD_ROUTE_PATH, st->value->span, "'%s' can't start an address", path);
    diag_help(d,
              "a path starts with '/', ends without one, and has letters, digits, - and _ in its "
              "first segment, which names the stage: \"/v1\"");
    diag_end(d);
}

static void take_auth(struct sema *s, const struct ast_setting *st, struct service *service)
{
    static const char *const words[] = {"none", "iam", "key", "cognito", "lambda", "jwt", NULL};
    static const enum auth_kind kinds[] = {AUTH_NONE,    AUTH_IAM,    AUTH_KEY,
                                           AUTH_COGNITO, AUTH_LAMBDA, AUTH_JWT};
    static const char *const pool[] = {"pool", NULL}, *const arn[] = {"arn", NULL},
                             *const jwt[] = {"issuer", "audience", NULL}, *const none[] = {NULL};
    const struct sema_scope scope = {.place = "auth", .no_caller = true};
    int i = sema_take_word(s, st, SETTING_AUTH, words);
    if (i < 0)
        return;
    service->auth = kinds[i];
    const struct ast_expr *e = st->value;
    const char *const *names = service->auth == AUTH_COGNITO  ? pool
                               : service->auth == AUTH_LAMBDA ? arn
                               : service->auth == AUTH_JWT    ? jwt
                                                              : none;
    if ((names == none) != (e->kind == AST_NAME)) {
        sema_wrong_value(s, st, SETTING_AUTH, e->span);
        return;
    }
    if (names == none || !sema_only_arguments(s, e, names, names[1] == NULL ? 1 : 0))
        return;
    for (int k = 0; names[k] != NULL; k++) {
        struct ast_expr *value =
            sema_argument(e->args, names[k], names[1] == NULL ? 0 : UINT32_MAX);
        if (value == NULL) {
            sema_wrong_value(s, st, SETTING_AUTH, e->span);
            return;
        }
        sema_value(s, &scope, value, sema_plain(TYPE_STRING));
        if (k == 0)
            service->auth_arg = value;
    }
}

static void take_logs(struct sema *s, const struct ast_setting *st, struct service *service)
{
    static const char *const names[] = {"level", "data", NULL};
    static const char *const levels[] = {"all", "error", "fatal", "off"};
    const struct ast_expr *e = st->value;
    int64_t seconds;
    if (e->kind != AST_CALL || sema_word_of(e) == NULL || strcmp(sema_word_of(e), "retain") != 0 ||
        !sema_seconds(sema_argument(e->args, NULL, 0), &seconds)) {
        sema_wrong_value(s, st, SETTING_LOGS, e->span);
        return;
    }
    if (!sema_only_arguments(s, e, names, 1))
        return;
    int64_t near = retention_days[0];
    for (size_t i = 0; i < sizeof retention_days / sizeof retention_days[0]; i++) {
        if (retention_days[i] * DAY_S <= seconds)
            near = retention_days[i];
    }
    if (near * DAY_S != seconds) {
        struct diag *d = sema_report(s, DIAG_CRUD_SETTING_VALUE, e->args->value->span,
                                     "CloudWatch does not keep logs for just this time");
        diag_fix(d, e->args->value->span, false, "%lldd", (long long)near);
        diag_note(d,
                  "it takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400 days, and some "
                  "longer times");
        diag_end(d);
    }
    service->log_retain_d = near;
    const struct ast_expr *level = sema_argument(e->args, "level", UINT32_MAX);
    if (level != NULL) {
        bool known = false;
        for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
            known = known || (level->kind == AST_STRING && strcmp(level->text, levels[i]) == 0);
        if (known)
            service->log_level = level->text;
        else
            sema_error(s, DIAG_CRUD_SETTING_VALUE, level->span,
                       "a level is \"all\", \"error\", \"fatal\" or \"off\"");
    }
    const struct ast_expr *data = sema_argument(e->args, "data", UINT32_MAX);
    if (data != NULL && data->kind != AST_BOOL)
        sema_error(s, DIAG_CRUD_SETTING_VALUE, data->span, "data is true or false");
    else if (data != NULL)
        service->log_data = data->boolean;
}

static bool take_latency(const struct ast_expr *e, struct alarm *alarm)
{
    int64_t seconds;
    const struct ast_arg *a = e->args;
    if (a == NULL || a->next != NULL || a->name.text == NULL || !sema_seconds(a->value, &seconds))
        return false;
    const char *statistic = a->name.text; /* p99, p95, ... */
    size_t digits = strspn(statistic + 1, "0123456789");
    if (statistic[0] != 'p' || digits < 1 || digits > 2 || statistic[1 + digits] != '\0')
        return false;
    alarm->statistic = statistic;
    alarm->threshold = (double)seconds * 1000;
    alarm->within_s = 300;
    return true;
}

static bool take_alarm(struct sema *s, const struct ast_expr *e, struct alarm *alarm)
{
    static const char *const names[] = {"within", NULL};
    static const char *const words[] = {"errors", "throttles", "timeouts"};
    const char *word = e->kind == AST_CALL ? sema_word_of(e) : NULL;
    if (word == NULL)
        return false;
    if (strcmp(word, "latency") == 0) {
        alarm->kind = ALARM_LATENCY;
        return take_latency(e, alarm);
    }
    int kind = -1;
    for (int i = 0; i < 3; i++)
        kind = strcmp(words[i], word) == 0 ? i : kind;
    if (kind < 0 || !sema_only_arguments(s, e, names, 1))
        return false;
    alarm->kind = kind == 0 ? ALARM_ERRORS : kind == 1 ? ALARM_THROTTLES : ALARM_TIMEOUTS;
    alarm->within_s = 300;
    const struct ast_expr *within = sema_argument(e->args, "within", UINT32_MAX);
    /* CloudWatch counts in periods of whole minutes here. */
    bool time =
        within == NULL || (sema_seconds(within, &alarm->within_s) && alarm->within_s >= 60 &&
                           alarm->within_s <= DAY_S && alarm->within_s % 60 == 0);
    return sema_number(sema_argument(e->args, NULL, 0), &alarm->threshold) &&
           alarm->threshold >= 1 && time;
}

static void take_alarms(struct sema *s, const struct ast_setting *st, struct service *service)
{
    const struct ast_expr *e = st->value;
    uint32_t count = 0;
    if (e->kind != AST_LIST) {
        sema_wrong_value(s, st, SETTING_ALARMS, e->span);
        return;
    }
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
        count++;
    service->alarms = ASLRT_NEW_ARRAY(s->arena, struct alarm, count + 1);
    service->alarms_given = true;
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (take_alarm(s, a->value, &service->alarms[service->alarm_count]))
            service->alarm_count++;
        else
            sema_wrong_value(s, st, SETTING_ALARMS, a->span);
    }
}

static void take_cors(struct sema *s, const struct ast_setting *st, struct service *service)
{
    const struct ast_expr *e = st->value;
    uint32_t count = 0;
    if (e->kind != AST_LIST || e->args == NULL) {
        sema_wrong_value(s, st, SETTING_CORS, e->span);
        return;
    }
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next)
        count++;
    service->cors = ASLRT_NEW_ARRAY(s->arena, const char *, count);
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next) {
        const char *text = a->value->kind == AST_STRING ? a->value->text : "";
        const char *host = strstr(text, "://");
        bool origin = host != NULL && host[3] != '\0' && strpbrk(host + 3, "/?# \"") == NULL &&
                      (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0);
        if (origin || strcmp(text, "*") == 0)
            service->cors[service->cors_count++] = text;
        else
            sema_wrong_value(s, st, SETTING_CORS, a->span);
    }
}

/* Kept for the report that it is not built yet; here it is only read. */
static void take_budget(struct sema *s, const struct ast_setting *st)
{
    static const char *const names[] = {"usd", "states", NULL};
    const struct ast_expr *e = st->value;
    double n;
    if (e->kind != AST_CALL || sema_word_of(e) == NULL || strcmp(sema_word_of(e), "worst") != 0 ||
        e->args == NULL) {
        sema_wrong_value(s, st, SETTING_BUDGET, e->span);
        return;
    }
    if (!sema_only_arguments(s, e, names, 0))
        return;
    for (const struct ast_arg *a = e->args; a != NULL; a = a->next) {
        if (!sema_number(a->value, &n))
            sema_wrong_value(s, st, SETTING_BUDGET, a->span);
    }
}

static void read_setting(struct sema *s, void *data, const struct ast_setting *st,
                         enum setting_id id)
{
    static const char *const gateways[] = {"rest", "http", NULL};
    static const char *const types[] = {"express", "standard", NULL};
    static const char *const tables[] = {"per_entity", "single", NULL};
    struct service *service = data;
    switch (id) {
    case SETTING_PATH:
        take_path(s, st, service);
        break;
    case SETTING_GATEWAY:
        service->http_gateway = sema_take_word(s, st, id, gateways) == 1;
        break;
    case SETTING_WORKFLOW:
        service->standard = sema_take_word(s, st, id, types) == 1;
        break;
    case SETTING_AUTH:
        take_auth(s, st, service);
        break;
    case SETTING_TIMEOUT:
        sema_take_duration(s, st, id, 1, SYNC_MAX_S, &service->timeout_s);
        break;
    case SETTING_THROTTLE:
        sema_take_throttle(s, st, &service->throttle_rate, &service->throttle_burst);
        break;
    case SETTING_BUDGET:
        take_budget(s, st);
        break;
    case SETTING_TABLE:
        service->single_table = sema_take_word(s, st, id, tables) == 1;
        break;
    case SETTING_LOGS:
        take_logs(s, st, service);
        break;
    case SETTING_ALARMS:
        take_alarms(s, st, service);
        break;
    case SETTING_DASHBOARD:
        sema_take_bool(s, st, id, &service->dashboard);
        break;
    case SETTING_CORS:
        take_cors(s, st, service);
        break;
    default: /* audit: sema_audit, when the entities are known */
        break;
    }
}

void sema_service(struct sema *s)
{
    struct service *service = &s->model->service;
    *service = (struct service){.name = "service",
                                .path = "",
                                .timeout_s = 10,
                                .log_retain_d = 30,
                                .log_level = "error",
                                .dashboard = true};
    for (const struct ast_decl *d = s->unit->decls; d != NULL; d = d->next) {
        if (d->kind != AST_DECL_SERVICE)
            continue;
        if (service->decl != NULL) {
            struct diag *twice =
                sema_report(s, DIAG_CRUD_DUPLICATE, d->name.span, "a file has one service block");
            diag_label(twice, service->decl->name.span, "this is the first");
            diag_end(twice);
            continue;
        }
        service->decl = d;
        service->name = d->name.text;
        if (strlen(service->name) > NAME_MOST)
            sema_error(s, DIAG_CRUD_QUOTA, d->name.span,
                       "the name of a service has %d characters at most: names of resources begin "
                       "with it",
                       NAME_MOST);
        sema_settings(s, d->settings, AT_SERVICE, "a service", read_setting, service);
    }
}

static bool has_field(const struct entity *e, const char *name, enum type_kind kind)
{
    const struct field *f = sema_find_field(e->fields, e->field_count, name);
    return f != NULL && f->type->kind == kind;
}

/* The rows that are written there: who did what to which item, with the item before and after. */
void sema_audit(struct sema *s)
{
    const struct ast_decl *decl = s->model->service.decl;
    for (const struct ast_setting *st = decl == NULL ? NULL : decl->settings; st != NULL;
         st = st->next) {
        if (strcmp(st->name.text, "audit") != 0)
            continue;
        const char *word = st->value->kind == AST_NAME ? st->value->name.text : NULL;
        struct named *n = word == NULL ? NULL : names_find(&s->types, word);
        if (n == NULL || n->kind != NAMED_ENTITY) {
            sema_wrong_value(s, st, SETTING_AUDIT, st->value->span);
            continue;
        }
        struct entity *e = n->thing;
        s->model->service.audit = e;
        if (e->key == NULL || e->sort == NULL || !has_field(e, "who", TYPE_STRING) ||
            !has_field(e, "op", TYPE_STRING) || !has_field(e, "before", TYPE_ANY) ||
            !has_field(e, "after", TYPE_ANY)) {
            struct diag *d = sema_report(s, DIAG_CRUD_SETTING_VALUE, st->value->span,
                                         "'%s' has not the fields of an audit trail", e->name);
            diag_label(d, e->ast->name.span, "declared here");
            diag_help(d, "it needs: key entity: string, sort at: ulid = ulid(), who: string, op: "
                         "string, before: any?, after: any?");
            diag_end(d);
        }
    }
}
