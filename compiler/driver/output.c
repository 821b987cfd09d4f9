/*
 * output.c - writing files: all of them whole, or none; see output.h.
 */
#include "compiler/driver/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file on its way: where it goes and under which name it waits. */
struct pending {
    char *path;
    char *temporary; /* NULL: not written, or in its place already */
};

/* Makes every folder on the way to the file. */
static bool make_folders(struct session *s, char *path)
{
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        int why = errno;
        if (!made)
            session_trouble(s, "cannot make the folder '%s': %s", path, strerror(why));
        *p = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool write_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t n = write(fd, bytes, count);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        count -= (size_t)n;
    }
    return true;
}

static bool write_temporary(struct session *s, const char *folder, const struct emit_file *file,
                            struct pending *out)
{
    struct aslrt_buffer b = aslrt_buffer_in(s->arena), t = aslrt_buffer_in(s->arena);
    aslrt_buffer_format(&b, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", file->name);
    aslrt_buffer_close(&b);
    out->path = b.bytes;
    if (!make_folders(s, out->path))
        return false;
    aslrt_buffer_format(&t, "%s.XXXXXX", out->path);
    aslrt_buffer_close(&t);
    int fd = mkstemp(t.bytes);
    if (fd < 0) {
        session_trouble(s, "cannot write '%s': %s", out->path, strerror(errno));
        return false;
    }
    out->temporary = t.bytes;
    mode_t mask = umask(0);
    umask(mask);
    bool fine = write_all(fd, file->text, file->count) && fchmod(fd, 0666 & ~mask) == 0;
    int why = errno;
    if (close(fd) != 0 && fine) {
        fine = false;
        why = errno;
    }
    if (!fine)
        session_trouble(s, "cannot write '%s': %s", out->path, strerror(why));
    return fine;
}

bool output_write(struct session *s, const char *folder, const struct emit_files *files)
{
    struct pending *pending = ASLRT_NEW_ARRAY(s->arena, struct pending, files->count + 1);
    bool fine = true;
    for (uint32_t i = 0; i < files->count && fine; i++)
        fine = write_temporary(s, folder, &files->items[i], &pending[i]);
    for (uint32_t i = 0; i < files->count && fine; i++) {
        if (rename(pending[i].temporary, pending[i].path) == 0) {
            pending[i].temporary = NULL;
            continue;
        }
        session_trouble(s, "cannot write '%s': %s", pending[i].path, strerror(errno));
        fine = false;
    }
    for (uint32_t i = 0; i < files->count; i++) {
        if (pending[i].temporary != NULL)
            unlink(pending[i].temporary);
    }
    return fine;
}
