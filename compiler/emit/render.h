/*
 * render.h - DOT text as a picture, by graphviz; the interface of the module aslc-graphviz.
 *
 * The module is loaded at first use, so that the program starts without graphviz and works where it
 * is missing.  render_dot is the one symbol that the program looks up in it.
 */
#ifndef ASLC_RENDER_H
#define ASLC_RENDER_H

#include <stddef.h>

#define RENDER_SYMBOL "aslc_render_dot"

/* Lays out the DOT text and draws it; `format` is "svg", "png" or "pdf".  On success gives 0 and
   the picture in *bytes (released by `release`); else a static text in *problem. */
struct render_result {
    char *bytes;
    size_t count;
    const char *problem;
    void (*release)(char *bytes);
};
typedef int render_function(const char *dot, const char *format, struct render_result *out);
__attribute__((visibility("default"))) render_function aslc_render_dot;

#endif
