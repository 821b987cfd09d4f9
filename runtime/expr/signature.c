/*
 * signature.c - reading function signatures and fitting arguments to them; see signature.h.
 *
 * In: the text between < and >, brackets included; arguments and the context.  Out: parameters as
 * sets of types; the arguments as the function wants them.
 */
#include "runtime/expr/signature.h"

#include "runtime/expr/eval.h"
#include "runtime/expr/jsonata_build.h"

enum { EVERYTHING = 255, PARAMETERS_MAX = 64 };

static uint8_t type_of_letter(char letter)
{
    switch (letter) {
    case 'a':
        return ASLRT_TYPE_ARRAY;
    case 's':
        return ASLRT_TYPE_STRING;
    case 'n':
        return ASLRT_TYPE_NUMBER;
    case 'b':
        return ASLRT_TYPE_BOOL;
    case 'l':
        return ASLRT_TYPE_NULL;
    case 'f':
        return ASLRT_TYPE_FUNCTION;
    case 'o':
        return ASLRT_TYPE_OBJECT;
    case 'm':
        return ASLRT_TYPE_MISSING;
    default:
        return 0;
    }
}

static inline uint8_t type_of(struct aslrt_value v)
{
    static const uint8_t types[] = {
        [ASLRT_UNDEFINED] = ASLRT_TYPE_MISSING, [ASLRT_NULL] = ASLRT_TYPE_NULL,
        [ASLRT_BOOL] = ASLRT_TYPE_BOOL,         [ASLRT_INT] = ASLRT_TYPE_NUMBER,
        [ASLRT_DOUBLE] = ASLRT_TYPE_NUMBER,     [ASLRT_NUMBER] = ASLRT_TYPE_NUMBER,
        [ASLRT_STRING] = ASLRT_TYPE_STRING,     [ASLRT_ARRAY] = ASLRT_TYPE_ARRAY,
        [ASLRT_OBJECT] = ASLRT_TYPE_OBJECT,     [ASLRT_FUNCTION] = ASLRT_TYPE_FUNCTION};
    return types[v.kind];
}

/* ---- reading ---- */

struct reader {
    struct aslrt_signature *s;
    uint32_t room;
    struct aslrt_arena *arena;
};

static struct aslrt_parameter *add(struct reader *r, unsigned types)
{
    struct aslrt_signature *s = r->s;
    s->parameters =
        aslrt_jsonata_grow(r->arena, s->parameters, s->count, &r->room, sizeof *s->parameters);
    struct aslrt_parameter *p = &s->parameters[s->count++];
    memset(p, 0, sizeof *p);
    p->types = (uint8_t)types;
    return p;
}

/* Place of the bracket that closes the one at `text[at]`, or of the end. */
static size_t closing(const char *text, size_t at, char open, char close)
{
    int depth = 1;
    while (text[at] != '\0') {
        at++;
        if (text[at] == close && --depth == 0)
            break;
        if (text[at] == open)
            depth++;
    }
    return at;
}

static bool fail(struct aslrt_fault *f, const char *code, size_t at, struct aslrt_value value)
{
    *f = aslrt_fault(code, (uint32_t)at);
    f->value = value;
    return false;
}

/* (sf): one of several types.  Sets *at to the closing bracket. */
static bool read_choice(struct reader *r, const char *text, size_t *at, struct aslrt_fault *f)
{
    size_t end = closing(text, *at, '(', ')');
    unsigned types = ASLRT_TYPE_MISSING;
    for (size_t i = *at + 1; i < end; i++) {
        if (text[i] == '<')
            return fail(f, "S0402", *at, aslrt_string(text + *at + 1, (uint32_t)(end - *at - 1)));
        types |= type_of_letter(text[i]);
    }
    add(r, types);
    *at = end;
    return true;
}

/* a<n>, f<s:n>: what the array holds, what the function takes. */
static bool read_subtype(struct reader *r, const char *text, size_t *at, struct aslrt_fault *f)
{
    size_t end = closing(text, *at, '<', '>');
    struct aslrt_parameter *p = r->s->count == 0 ? NULL : &r->s->parameters[r->s->count - 1];
    if (p == NULL || p->letter == '\0' || strchr("af", p->letter) == NULL)
        return fail(f, "S0401", *at,
                    p == NULL ? aslrt_undefined() : aslrt_string(&p->letter, p->letter != '\0'));
    p->items = text + *at + 1;
    p->item_count = (uint8_t)(end - *at - 1 < UINT8_MAX ? end - *at - 1 : UINT8_MAX);
    p->item_types = type_of_letter(text[*at + 1]);
    *at = end;
    return true;
}

static void read_letter(struct reader *r, char letter)
{
    struct aslrt_parameter *p;
    switch (letter) {
    case 's':
    case 'n':
    case 'b':
    case 'l':
    case 'o':
        p = add(r, type_of_letter(letter) | ASLRT_TYPE_MISSING);
        break;
    case 'f':
        p = add(r, ASLRT_TYPE_FUNCTION);
        break;
    case 'j':
        p = add(r, EVERYTHING & ~ASLRT_TYPE_FUNCTION);
        break;
    case 'a':
    case 'x':
        p = add(r, EVERYTHING);
        p->array = letter == 'a';
        break;
    default:
        return;
    }
    p->letter = letter;
}

static void read_mark(struct reader *r, char mark)
{
    if (r->s->count == 0)
        return;
    struct aslrt_parameter *p = &r->s->parameters[r->s->count - 1];
    if (mark == '+')
        p->repeated = true;
    else
        p->optional = true;
    if (mark == '-')
        p->context = true;
}

static void prepare_quick(struct aslrt_signature *s)
{
    s->quick = s->count <= sizeof s->masks;
    for (uint32_t i = 0; s->quick && i < s->count; i++) {
        const struct aslrt_parameter *p = &s->parameters[i];
        s->quick = !p->repeated;
        s->masks[i] = p->types;
        s->arrays |= (uint8_t)(p->array << i);
        if (!p->optional || p->context)
            s->least = i + 1;
    }
}

const struct aslrt_signature *aslrt_signature_parse(struct aslrt_arena *arena, const char *text,
                                                    struct aslrt_fault *f)
{
    struct reader r = {ASLRT_NEW(arena, struct aslrt_signature), 0, arena};
    r.s->text = text;
    for (size_t at = 1; text[at] != '\0' && text[at] != ':'; at++) {
        char c = text[at];
        bool good = true;
        if (c == '(')
            good = read_choice(&r, text, &at, f);
        else if (c == '<')
            good = read_subtype(&r, text, &at, f);
        else if (c == '-' || c == '?' || c == '+')
            read_mark(&r, c);
        else
            read_letter(&r, c);
        if (!good)
            return NULL;
        if (text[at] == '\0')
            break;
        if (r.s->count == PARAMETERS_MAX) {
            *f = aslrt_fault(NULL, (uint32_t)at);
            f->message = "the signature has too many parameters";
            return NULL;
        }
    }
    prepare_quick(r.s);
    return r.s;
}

/* ---- fitting ---- */

struct fit {
    struct evaluation *c;
    const struct aslrt_signature *s;
    struct aslrt_arguments in;
    uint32_t parameters; /* how many of the signature's count */
    bool whole;          /* every argument must be taken */
    uint32_t end;        /* arguments taken in all */
    uint32_t taken[PARAMETERS_MAX];
    uint64_t failed[PARAMETERS_MAX]; /* by parameter: arguments at which it is no use to try */
};

static bool fits(const struct fit *m, uint32_t parameter, uint32_t argument)
{
    return argument < m->in.count &&
           (m->s->parameters[parameter].types & type_of(m->in.items[argument])) != 0;
}

/* Greedy, with backtracking: the first way in which parameters from `p` on take arguments. */
static bool match(struct fit *m, uint32_t p, uint32_t argument)
{
    if (p == m->parameters) {
        m->end = argument;
        return !m->whole || argument == m->in.count;
    }
    if (argument < 64 && (m->failed[p] >> argument & 1))
        return false;
    const struct aslrt_parameter *parameter = &m->s->parameters[p];
    uint32_t most = 0, least = parameter->optional ? 0 : 1;
    while (fits(m, p, argument + most) && (most == 0 || parameter->repeated))
        most++;
    for (uint32_t n = most + 1; n-- > least;) {
        m->taken[p] = n;
        if (match(m, p + 1, argument + n))
            return true;
    }
    if (argument < 64)
        m->failed[p] |= UINT64_C(1) << argument;
    return false;
}

static _Noreturn void fail_argument(struct evaluation *c, const char *code, uint32_t argument,
                                    struct aslrt_value value, const char *type)
{
    struct aslrt_fault f = aslrt_fault(code, FAULT_NOWHERE);
    f.value = value;
    f.index = argument + 1;
    f.type = type;
    aslrt_eval_fail(c, &f);
}

/* Finds the argument that is to blame: the first that the parameters so far can't take. */
static _Noreturn void fail_match(struct fit *m)
{
    uint32_t good = 0;
    m->whole = false;
    for (m->parameters = 1; m->parameters <= m->s->count; m->parameters++) {
        memset(m->failed, 0, sizeof m->failed);
        if (!match(m, 0, 0))
            break;
        good = m->end;
    }
    fail_argument(m->c, "T0410", good, good < m->in.count ? m->in.items[good] : aslrt_undefined(),
                  NULL);
}

static const char *plural(const struct aslrt_parameter *p)
{
    if (p->item_count != 1)
        return NULL;
    switch (p->items[0]) {
    case 'a':
        return "arrays";
    case 'b':
        return "booleans";
    case 'f':
        return "functions";
    case 'n':
        return "numbers";
    case 'o':
        return "objects";
    case 's':
        return "strings";
    default:
        return NULL;
    }
}

/* An argument of an `a` parameter as an array, whose items have the right type. */
static struct aslrt_value array_argument(struct fit *m, const struct aslrt_parameter *p,
                                         uint32_t argument, uint32_t taken)
{
    struct aslrt_value v = m->in.items[argument];
    if (v.kind == ASLRT_UNDEFINED)
        return v;
    bool good = true;
    if (p->items != NULL && v.kind == ASLRT_ARRAY) {
        for (uint32_t i = 0; i < v.count && good; i++)
            good = type_of(v.as.items[i]) == p->item_types;
    } else if (p->items != NULL) {
        good = taken == 1 && p->item_count == 1 && type_of(v) == p->item_types;
    }
    if (!good)
        fail_argument(m->c, "T0412", argument, v, plural(p));
    return v.kind == ASLRT_ARRAY ? v : aslrt_expr_array_of_one(m->c, v, 0);
}

/* Every parameter took one argument: only arrays need to be looked at. */
static struct aslrt_arguments fit_in_place(struct fit *m)
{
    for (uint32_t p = 0; p < m->in.count; p++)
        if (m->s->parameters[p].array)
            m->in.items[p] = array_argument(m, &m->s->parameters[p], p, 1);
    return m->in;
}

static struct aslrt_arguments rearrange(struct fit *m, struct aslrt_value context)
{
    struct aslrt_arguments out = {NULL, 0};
    size_t room = (size_t)m->s->count + m->in.count;
    out.items = aslrt_alloc(m->c->arena, room * sizeof *out.items);
    uint32_t argument = 0;
    for (uint32_t p = 0; p < m->s->count; p++) {
        const struct aslrt_parameter *parameter = &m->s->parameters[p];
        uint32_t taken = m->taken[p], first = argument;
        if (taken == 0 && parameter->context) {
            if ((parameter->types & type_of(context)) == 0)
                fail_argument(m->c, "T0411", argument, context, NULL);
            out.items[out.count++] = context;
            continue;
        }
        if (taken == 0) { /* jsonata-js passes what comes next, and goes on behind it */
            out.items[out.count++] =
                argument < m->in.count ? m->in.items[argument] : aslrt_undefined();
            argument++;
        }
        for (uint32_t i = 0; i < taken; i++, argument++) {
            /* 2.0.6 gives a repeated parameter its first argument again and again */
            bool again = !parameter->array && m->c->version < ASLRT_JSONATA_2_2;
            out.items[out.count++] =
                parameter->array                  ? array_argument(m, parameter, argument, taken)
                : argument < m->in.count || again ? m->in.items[again ? first : argument]
                                                  : aslrt_undefined();
        }
    }
    return out;
}

struct aslrt_arguments aslrt_signature_fit(struct evaluation *c, const struct aslrt_signature *s,
                                           struct aslrt_arguments arguments,
                                           struct aslrt_value context)
{
    struct fit m; /* the large members are set only when they are needed */
    m.c = c;
    m.s = s;
    m.in = arguments;
    if (s->quick && arguments.count >= s->least && arguments.count <= s->count) {
        uint32_t p = 0;
        while (p < arguments.count && (s->masks[p] & type_of(arguments.items[p])))
            p++;
        if (p == arguments.count)
            return s->arrays == 0 ? arguments : fit_in_place(&m);
    }
    m.parameters = s->count;
    m.whole = true;
    memset(m.failed, 0, sizeof m.failed);
    if (!match(&m, 0, 0))
        fail_match(&m);
    return rearrange(&m, context);
}

void aslrt_signature_check(struct evaluation *c, const struct aslrt_signature *s,
                           struct aslrt_arguments arguments)
{
    for (uint32_t i = 0; i < s->count && i < arguments.count; i++) {
        const struct aslrt_parameter *p = &s->parameters[i];
        struct aslrt_value v = arguments.items[i];
        bool missing = v.kind == ASLRT_UNDEFINED;
        bool good = (p->types & type_of(v)) != 0 || missing;
        if (p->array && !missing) {
            good = v.kind == ASLRT_ARRAY;
            for (uint32_t k = 0; good && p->items != NULL && k < v.count; k++)
                good = type_of(v.as.items[k]) == p->item_types;
        }
        if ((p->types == ASLRT_TYPE_FUNCTION && missing && !p->optional) || !good) {
            struct aslrt_buffer b = aslrt_buffer_in(c->arena);
            aslrt_buffer_format(&b,
                                "argument %u of a function that is applied partially has the "
                                "wrong type",
                                i + 1);
            aslrt_eval_fail_message(c, aslrt_buffer_close(&b));
        }
    }
}

void aslrt_signature_check_transform(struct evaluation *c, struct aslrt_arguments arguments)
{
    uint8_t types = ASLRT_TYPE_OBJECT | ASLRT_TYPE_ARRAY | ASLRT_TYPE_MISSING;
    if (arguments.count == 0)
        fail_argument(c, "T0410", 0, aslrt_undefined(), NULL);
    if ((type_of(arguments.items[0]) & types) == 0)
        fail_argument(c, "T0410", 0, arguments.items[0], NULL);
    if (arguments.count > 1)
        fail_argument(c, "T0410", 1, arguments.items[1], NULL);
}
