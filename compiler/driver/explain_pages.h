/*
 * explain_pages.h - the pages of doc/diag, compiled in; explain_pages.c is made by
 * scripts/embed-pages.
 */
#ifndef ASLC_EXPLAIN_PAGES_H
#define ASLC_EXPLAIN_PAGES_H

/* The lines of doc/diag/CODE.md, each with its line end, then NULL; or NULL when there is no page.
 */
const char *const *explain_page(const char *code);

#endif
