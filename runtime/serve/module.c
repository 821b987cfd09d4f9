/*
 * module.c - loads the HTTP module; see module.h.  ASLC_PKGLIBDIR comes from the makefile.
 */
#include "runtime/serve/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* The module in that folder, or NULL; what the loader says is in dlerror(). */
static void *open_in(const char *folder)
{
    char path[PATH_SIZE];
    int n = snprintf(path, sizeof path, "%s/aslc-serve.so", folder);
    return n < (int)sizeof path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
}

/* The same beside the program that runs. */
static void *open_beside(void)
{
    char path[PATH_SIZE];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return open_in(path);
}

const struct aslrt_http_module *aslrt_http_load(char *why, size_t why_size)
{
    const char *folder = getenv("ASLC_MODULES");
    void *library = folder != NULL ? open_in(folder) : open_beside();
    if (library == NULL && folder == NULL)
        library = open_in(ASLC_PKGLIBDIR);
    if (library == NULL) {
        snprintf(why, why_size, "the HTTP module can't be loaded: %s", dlerror());
        return NULL;
    }
    const struct aslrt_http_module *module = dlsym(library, ASLRT_HTTP_SYMBOL);
    if (module == NULL || module->format != ASLRT_HTTP_FORMAT) {
        snprintf(why, why_size, "the HTTP module is of another version than the program");
        dlclose(library);
        return NULL;
    }
    return module;
}
