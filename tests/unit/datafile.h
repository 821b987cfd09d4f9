/*
 * datafile.h - reading the data files of table-driven unit tests.
 *
 * A data file lies beside the tests in the source tree; the test command tells where that is in the
 * environment variable srcdir (automake's own), which the runner may also leave out when it runs
 * in the source tree.  Memory: the text is malloc'd; the test frees it.
 */
#ifndef TEST_DATAFILE_H
#define TEST_DATAFILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole file tests/unit/NAME, NUL-terminated; ends the test program when it can't be read. */
static inline char *read_data(const char *name)
{
    char path[1024];
    const char *top = getenv("srcdir");
    snprintf(path, sizeof path, "%s/tests/unit/%s", top == NULL ? "." : top, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    size_t room = 1u << 16, count = 0, n;
    char *text = malloc(room);
    while (text != NULL && (n = fread(text + count, 1, room - count - 1, f)) > 0) {
        count += n;
        if (room - count < 2)
            text = realloc(text, room *= 2);
    }
    fclose(f);
    if (text == NULL)
        exit(2);
    text[count] = '\0';
    return text;
}

/* Cuts the next line off *rest; NULL at the end. */
static inline char *next_line(char **rest)
{
    char *line = *rest;
    if (line == NULL || *line == '\0')
        return NULL;
    char *end = strchr(line, '\n');
    if (end != NULL)
        *end++ = '\0';
    *rest = end;
    return line;
}

#endif
