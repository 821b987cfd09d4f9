/*
 * test_crud.c - the CRUD parser and printer: round trips, the list of words, hostile input.
 *
 * The printer may change blanks, commas that may be left out, and back quotes that aren't needed,
 * and nothing else: so the tokens of a file and of its printed form are compared, which is stricter
 * than comparing trees.  Files: samples and tests/crud, and tests/fmt, whose golden forms (.fmt)
 * show the rules.
 */
#include "compiler/front/parse_int.h"
#include "compiler/front/print.h"
#include "grammar/crud_parse.h"
#include "tests/unit/world.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ast_unit *parse(struct world *w, const char *text)
{
    return crud_parse(w->arena, &w->cx, add_text(w, text));
}

/* The text that stands in the file, printed; NULL when it does not parse. */
static const char *print(struct world *w, uint32_t source)
{
    struct ast_unit *unit = crud_parse(w->arena, &w->cx, source);
    if (unit == NULL)
        return NULL;
    struct aslrt_buffer out = aslrt_buffer_in(w->arena);
    crud_print(w->arena, source_of(&w->sources, source), unit, &out);
    return aslrt_buffer_close(&out);
}

/* ---- round trips ---- */

static void scan(struct world *w, uint32_t source, struct crud_parser *p)
{
    *p = (struct crud_parser){.arena = w->arena, .cx = &w->cx, .id = source};
    p->source = source_of(&w->sources, source);
    p->unit = ASLRT_NEW(w->arena, struct ast_unit);
    crud_scan(p);
}

static uint32_t skip_commas(const struct crud_parser *p, uint32_t i)
{
    while (p->tokens[i].kind == ',')
        i++;
    return i;
}

/* Comments may change their blanks, and a doc comment that is no doc becomes a plain one. */
static bool same_comment(const struct source *a, struct span x, const struct source *b,
                         struct span y)
{
    const char *s = a->text + x.start, *t = b->text + y.start;
    const char *s_end = a->text + x.end, *t_end = b->text + y.end;
    while (s < s_end && strchr("/ \t\r", *s) != NULL)
        s++;
    while (t < t_end && strchr("/ \t\r", *t) != NULL)
        t++;
    while (s < s_end && t < t_end && (*s == *t || *s == '\r')) {
        t += *s == *t;
        s++;
    }
    while (s < s_end && strchr(" \t\r", *s) != NULL)
        s++;
    return s == s_end && t == t_end;
}

static void assert_same(struct world *w, uint32_t before, uint32_t after)
{
    struct crud_parser a, b;
    scan(w, before, &a);
    scan(w, after, &b);
    uint32_t i = 0, k = 0;
    for (;;) {
        i = skip_commas(&a, i);
        k = skip_commas(&b, k);
        const struct crud_token *x = &a.tokens[i++], *y = &b.tokens[k++];
        bool names = x->text != NULL && y->text != NULL &&
                     (x->kind == CRUD_ID || crud_is_word(x->kind)) &&
                     (y->kind == CRUD_ID || crud_is_word(y->kind));
        if (x->text != NULL && y->text != NULL)
            assert_string_equal(x->text, y->text);
        if (!names)
            assert_int_equal(x->kind, y->kind);
        if (x->kind == CRUD_END)
            break;
    }
    const struct ast_comment *c = a.unit->comments, *d = b.unit->comments;
    for (; c != NULL && d != NULL; c = c->next, d = d->next)
        assert_true(same_comment(a.source, c->span, b.source, d->span));
    assert_true(c == NULL && d == NULL);
}

static void round_trip(struct world *w, uint32_t source)
{
    const char *once = print(w, source);
    if (once == NULL)
        fail_msg("%s does not parse", source_of(&w->sources, source)->name);
    uint32_t printed = add_text(w, once);
    assert_same(w, source, printed);
    assert_string_equal(print(w, printed), once);
}

static glob_t files(const char *pattern)
{
    const char *top = getenv("srcdir");
    char path[4096];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", top == NULL ? "." : top, pattern);
    assert_int_equal(glob(path, 0, NULL, &found), 0);
    return found;
}

static void test_round_trip(void **state)
{
    (void)state;
    static const char *const patterns[] = {"samples/*.crud", "tests/crud/*.crud",
                                           "tests/fmt/*.crud", "tests/ui/A2*.crud",
                                           "tests/ui/A90*.crud"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        glob_t found = files(patterns[i]);
        for (size_t k = 0; k < found.gl_pathc; k++) {
            struct world w;
            open_world(&w);
            const char *why;
            round_trip(&w, source_read(&w.sources, found.gl_pathv[k], &why));
            close_world(&w);
        }
        globfree(&found);
    }
}

/* Every file keeps its meaning when it is squeezed: no blanks but those that part words. */
static void test_squeezed(void **state)
{
    (void)state;
    glob_t found = files("tests/crud/*.crud");
    for (size_t k = 0; k < found.gl_pathc; k++) {
        struct world w;
        struct crud_parser p;
        open_world(&w);
        const char *why;
        uint32_t source = source_read(&w.sources, found.gl_pathv[k], &why);
        scan(&w, source, &p);
        struct aslrt_buffer b = aslrt_buffer_in(w.arena);
        for (uint32_t i = 0; i < p.count; i++) {
            struct span at = p.tokens[i].span;
            aslrt_buffer_put(&b, p.source->text + at.start, at.end - at.start);
            aslrt_buffer_char(&b, ' ');
        }
        round_trip(&w, add_text(&w, aslrt_buffer_close(&b)));
        close_world(&w);
    }
    globfree(&found);
}

static void test_golden(void **state)
{
    (void)state;
    glob_t found = files("tests/fmt/*.crud");
    for (size_t k = 0; k < found.gl_pathc; k++) {
        struct world w;
        open_world(&w);
        const char *why;
        char golden[4096];
        snprintf(golden, sizeof golden, "%.*s.fmt", (int)(strlen(found.gl_pathv[k]) - 5),
                 found.gl_pathv[k]);
        const char *text = print(&w, source_read(&w.sources, found.gl_pathv[k], &why));
        if (getenv("ASLC_BLESS") != NULL) {
            FILE *f = fopen(golden, "w");
            assert_non_null(f);
            fputs(text, f);
            fclose(f);
        }
        uint32_t expected = source_read(&w.sources, golden, &why);
        assert_int_not_equal(expected, 0);
        assert_string_equal(text, source_of(&w.sources, expected)->text);
        close_world(&w);
    }
    globfree(&found);
}

/* ---- words ---- */

/* Does a file parse that has the word as the name of a field, and in an expression? */
static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int use;
    } words[] = {
#define WORD(token, text, use) {text, use},
#include "compiler/front/words.def"
#undef WORD
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char declared[200], used[200], quoted[200];
        struct world w;
        open_world(&w);
        snprintf(declared, sizeof declared, "type T { %s: int }", words[i].text);
        snprintf(used, sizeof used, "invariant x { %s == 1 }", words[i].text);
        snprintf(quoted, sizeof quoted, "type `%s` { `%s`: int } invariant x { `%s` == a.%s }",
                 words[i].text, words[i].text, words[i].text, words[i].text);
        bool literal = strcmp(words[i].text, "true") == 0 || strcmp(words[i].text, "false") == 0 ||
                       strcmp(words[i].text, "null") == 0;
        assert_int_equal(parse(&w, declared) != NULL, words[i].use >= 1);
        assert_int_equal(parse(&w, used) != NULL, words[i].use == 2 || literal);
        assert_non_null(parse(&w, quoted));
        round_trip(&w, add_text(&w, quoted));
        close_world(&w);
    }
}

static void test_docs(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    struct ast_unit *u = parse(&w, "/// About X.\n///  two\n/// three\nentity X {\n"
                                   "  /// the key\n  key id: uuid // no doc\n"
                                   "  a: int /// nothing\n  /// gets\n  get\n}\n"
                                   "/// late\n@async\nworkflow w() { reply 200 }\n");
    assert_non_null(u);
    assert_string_equal(u->decls->doc, "About X.\n two\nthree");
    const struct ast_member *m = u->decls->members;
    assert_string_equal(m->field.doc, "the key");
    assert_null(m->next->field.doc);
    assert_string_equal(m->next->next->operation.doc, "gets");
    assert_string_equal(u->decls->next->doc, "late");
    close_world(&w);
}

/* ---- hostile input ---- */

static char *repeat(struct world *w, const char *text, size_t count)
{
    struct aslrt_buffer b = aslrt_buffer_in(w->arena);
    for (size_t i = 0; i < count; i++)
        aslrt_buffer_text(&b, text);
    return (char *)(uintptr_t)aslrt_buffer_close(&b);
}

static void test_deep(void **state)
{
    (void)state;
    static const char *const units[] = {"(",    "[",       "{",  "not ", "- ",
                                        "a + ", "if a { ", "x(", "a[",   "entity X { create { "};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct world w;
        struct aslrt_buffer b;
        open_world(&w);
        b = aslrt_buffer_in(w.arena);
        aslrt_buffer_format(&b, "workflow w() { let a = %s", repeat(&w, units[i], 100000));
        assert_null(parse(&w, aslrt_buffer_close(&b)));
        assert_true(w.cx.count > 0);
        b = aslrt_buffer_in(w.arena);
        aslrt_buffer_format(&b, "workflow w() { %s", repeat(&w, units[i], 100000));
        assert_null(parse(&w, aslrt_buffer_close(&b)));
        close_world(&w);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    assert_null(parse(&w, ""));
    assert_null(parse(&w, " // nothing\n"));
    assert_null(parse(&w, repeat(&w, "{", 10u << 20)));
    assert_null(parse(&w, repeat(&w, "}", 1u << 20)));
    assert_null(parse(&w, repeat(&w, "x ", 1u << 20)));
    assert_null(parse(&w, repeat(&w, "a", 1u << 20)));
    assert_null(parse(&w, repeat(&w, "\"", 1u << 16)));
    assert_null(parse(&w, repeat(&w, "\x80", 10)));
    assert_non_null(parse(&w, "\xef\xbb\xbf"
                              "entity X {\r\n  key id: uuid // x\r\n}\r\n"));
    /* 512 levels are allowed */
    struct aslrt_buffer b = aslrt_buffer_in(w.arena);
    aslrt_buffer_format(&b, "invariant x { %sa%s }", repeat(&w, "[", 500), repeat(&w, "]", 500));
    assert_non_null(parse(&w, aslrt_buffer_close(&b)));
    round_trip(&w, w.sources.count);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_squeezed),
        cmocka_unit_test(test_golden),     cmocka_unit_test(test_words),
        cmocka_unit_test(test_docs),       cmocka_unit_test(test_deep),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
