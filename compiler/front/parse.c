/*
 * parse.c - the way from a source to its syntax tree; see parse.h.
 *
 * Scanner (crud.l, scan.c) → layout (parse_layout.c) → parser (crud.y).  A file that is not UTF-8,
 * is nested too deeply or holds nothing is refused before the parser sees it.  A byte order mark in
 * front is skipped; CRLF counts as blanks.
 */
#include "compiler/front/parse_int.h"
#include "grammar/crud_parse.h"

#include <stdarg.h>

struct diag *crud_report(struct crud_parser *p, enum diag_code code, struct span at,
                         const char *format, ...)
{
    struct aslrt_buffer b = aslrt_buffer_in(p->arena);
    va_list args;
    va_start(args, format);
    aslrt_buffer_vformat(&b, format, args);
    va_end(args);
    p->errors++;
    return diag_begin(p->cx, code, at, "%s", aslrt_buffer_close(&b));
}

void crud_too_deep(struct crud_parser *p, struct span at)
{
    p->too_deep = p->stop = true;
    struct diag *d =
        crud_report(p, DIAG_CRUD_DEPTH, at, "nested more than %d levels deep", ASLRT_DEPTH_MAX);
    diag_help(d, "give the parts names of their own, or is this file damaged?");
    diag_end(d);
}

/* The first byte that is not UTF-8; says so.  A file in UTF-16 is told apart by its first bytes. */
static bool encoding_is_wrong(struct crud_parser *p)
{
    const struct source *s = p->source;
    uint32_t at = source_check_utf8(s);
    if (at == s->count)
        return false;
    struct span span = {p->id, at, at + 1};
    struct diag *d =
        crud_report(p, DIAG_CRUD_ENCODING, span, "byte 0x%02X at offset %u is not UTF-8",
                    (unsigned char)s->text[at], at);
    bool utf16 = at == 0 && s->count > 1 &&
                 (memcmp(s->text, "\xff\xfe", 2) == 0 || memcmp(s->text, "\xfe\xff", 2) == 0);
    diag_help(d, utf16 ? "this looks like UTF-16: save the file as UTF-8"
                       : "save the file as UTF-8, or is it no text?");
    diag_end(d);
    return true;
}

/* Takes the declarations out whose heads could not be read. */
static void drop_headless(struct ast_unit *unit)
{
    struct ast_decl **slot = &unit->decls;
    while (*slot != NULL) {
        bool test = (*slot)->kind == AST_DECL_TEST; /* has a text in place of a name */
        if ((test ? (*slot)->text : (*slot)->name.text) != NULL) {
            slot = &(*slot)->next;
            continue;
        }
        *slot = (*slot)->next;
        unit->lost_declared = true;
    }
}

struct ast_unit *crud_parse(struct aslrt_arena *arena, struct diag_context *cx, uint32_t source)
{
    struct ast_unit *unit = crud_parse_holes(arena, cx, source);
    return unit == NULL || unit->holes ? NULL : unit;
}

struct ast_unit *crud_parse_holes(struct aslrt_arena *arena, struct diag_context *cx,
                                  uint32_t source)
{
    struct crud_parser p = {.arena = arena, .cx = cx, .id = source, .last_sync = CRUD_NONE};
    p.source = source_of(cx->sources, source);
    p.unit = ASLRT_NEW(arena, struct ast_unit);
    p.unit->source = source;
    if (encoding_is_wrong(&p))
        return NULL;
    if (p.source->count >= 3 && memcmp(p.source->text, "\xef\xbb\xbf", 3) == 0)
        p.at = 3;
    crud_scan(&p);
    if (p.stop)
        return NULL;
    if (p.count == 1) {
        struct span start = {source, 0, 0};
        struct diag *d = crud_report(&p, DIAG_CRUD_EMPTY, start, "the file declares nothing");
        diag_help(d,
                  "the smallest service is an entity: entity Note at \"/notes\" { key id: uuid = "
                  "uuid()  create  get }");
        diag_end(d);
        return NULL;
    }
    crud_layout(&p);
    p.unit->holes = crud_yyparse(&p) != 0 || p.errors != 0;
    if (p.unit->holes)
        drop_headless(p.unit);
    return p.unit;
}
