/*
 * module.c - finding and loading modules; see module.h.
 *
 * A program in a build tree finds the module in its own .libs; an installed one in ../lib/aslc from
 * where it is, so that a moved installation works, and else in the folder that was configured.
 */
#include "config.h"

#include "compiler/driver/module.h"

#include <dlfcn.h>
#include <unistd.h>

/* The folder of the running program, or "" when it can't be told. */
static const char *program_folder(struct session *s)
{
    enum { PATH_ROOM = 4096 };
    char *path = aslrt_alloc(s->arena, PATH_ROOM);
    ssize_t n = readlink("/proc/self/exe", path, PATH_ROOM - 1);
    if (n <= 0)
        return "";
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (slash != NULL)
        *slash = '\0';
    return path;
}

static const char *join(struct session *s, const char *format, const char *a, const char *b)
{
    struct aslrt_buffer text = aslrt_buffer_in(s->arena);
    aslrt_buffer_format(&text, format, a, b);
    return aslrt_buffer_close(&text);
}

void *module_symbol(struct session *s, const char *module, const char *symbol, const char *purpose)
{
    const char *folder = program_folder(s);
    const char *const places[] = {
        join(s, "%s/.libs/%s.so", folder, module), /* the program is its own wrapper's neighbour */
        join(s, "%s/%s.so", folder, module),       /* or lies in .libs itself */
        join(s, "%s/../lib/aslc/%s.so", folder, module),
        join(s, "%s/%s.so", PKGLIBDIR, module),
    };
    const char *why = "";
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (access(places[i], R_OK) != 0)
            continue;
        void *handle = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
        void *address = handle == NULL ? NULL : dlsym(handle, symbol);
        if (address != NULL)
            return address;
        why = dlerror();
    }
    session_trouble(s, "%s needs the module '%s', which is not there%s%s; build aslc with it",
                    purpose, module, why[0] == '\0' ? "" : ": ", why);
    return NULL;
}
