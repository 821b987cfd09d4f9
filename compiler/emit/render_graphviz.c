/*
 * render_graphviz.c - the module aslc-graphviz: DOT text in, SVG, PNG or PDF out.
 *
 * In: DOT text and a format.  Out: bytes that graphviz allocated; the caller releases them by the
 * function that comes with them.
 */
#include "compiler/emit/render.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

int aslc_render_dot(const char *dot, const char *format, struct render_result *out)
{
    *out = (struct render_result){.release = gvFreeRenderData};
    GVC_t *gvc = gvContext();
    if (gvc == NULL) {
        out->problem = "graphviz has no context";
        return 1;
    }
    Agraph_t *graph = agmemread(dot);
    unsigned count = 0;
    if (graph == NULL)
        out->problem = "graphviz does not read the text";
    else if (gvLayout(gvc, graph, "dot") != 0)
        out->problem = "graphviz finds no layout";
    else if (gvRenderData(gvc, graph, format, &out->bytes, &count) != 0)
        out->problem = "graphviz can't draw this format (Debian: apt install graphviz)";
    out->count = count;
    if (graph != NULL) {
        gvFreeLayout(gvc, graph);
        agclose(graph);
    }
    gvFreeContext(gvc);
    return out->problem == NULL ? 0 : 1;
}
