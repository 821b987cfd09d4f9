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
    const char *name; /* as the user wrote it, for messages */
    char *path;       /* behind symbolic links */
    char *temporary;  /* NULL: not written, or in its place already */
    char *backup; /* the file that was in the place, until all are written; NULL: there was none */
    bool placed;
};

/* What has been done so far, and is undone when something fails. */
struct writing {
    struct session *s;
    struct pending *files;
    const char **folders; /* those that were made, parents first */
    uint32_t folder_count, folder_room;
};

static bool fail(struct writing *w, const char *what, const char *path, int why)
{
    session_trouble(w->s, "cannot %s '%s': %s", what, path, strerror(why));
    return false;
}

static void remember_folder(struct writing *w, const char *path)
{
    if (w->folder_count == w->folder_room) {
        uint32_t room = w->folder_room == 0 ? 8 : w->folder_room * 2;
        const char **more = ASLRT_NEW_ARRAY(w->s->arena, const char *, room);
        if (w->folder_count != 0)
            memcpy(more, w->folders, w->folder_count * sizeof *more);
        w->folders = more;
        w->folder_room = room;
    }
    w->folders[w->folder_count++] = aslrt_copy_text(w->s->arena, path, strlen(path));
}

/* Makes every folder on the way to the file. */
static bool make_folders(struct writing *w, char *path)
{
    bool fine = true;
    for (char *p = path + 1; *p != '\0' && fine; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        struct stat st;
        if (mkdir(path, 0777) == 0)
            remember_folder(w, path);
        else if (errno != EEXIST)
            fine = fail(w, "make the folder", path, errno);
        else if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
            fine = fail(w, "make the folder", path, EEXIST);
        *p = '/';
    }
    return fine;
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

/* The permissions of the file that is replaced, or those of a new one. */
static mode_t mode_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return st.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The file itself where `path` is a symbolic link to it: the link stays. */
static char *behind_links(struct session *s, char *path)
{
    char *real = realpath(path, NULL);
    if (real == NULL)
        return path;
    char *copy = aslrt_copy_text(s->arena, real, strlen(real));
    free(real);
    return copy;
}

static bool write_temporary(struct writing *w, const char *folder, const struct emit_file *file,
                            struct pending *out)
{
    struct aslrt_arena *arena = w->s->arena;
    struct aslrt_buffer b = aslrt_buffer_in(arena), t = aslrt_buffer_in(arena);
    struct stat st;
    aslrt_buffer_format(&b, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", file->name);
    aslrt_buffer_close(&b);
    if (!make_folders(w, b.bytes))
        return false;
    out->name = b.bytes;
    out->path = behind_links(w->s, b.bytes);
    if (stat(out->path, &st) == 0 && S_ISDIR(st.st_mode))
        return fail(w, "write", out->name, EISDIR); /* renaming would fail when others are done */
    aslrt_buffer_format(&t, "%s.XXXXXX", out->path);
    aslrt_buffer_close(&t);
    int fd = mkstemp(t.bytes);
    if (fd < 0)
        return fail(w, "write", out->name, errno);
    out->temporary = t.bytes;
    bool fine = write_all(fd, file->text, file->count) && fchmod(fd, mode_of(out->path)) == 0;
    int why = errno;
    if (close(fd) != 0 && fine) {
        fine = false;
        why = errno;
    }
    return fine || fail(w, "write", out->name, why);
}

/* Gives the file that is to be replaced a second name; where the file system or its rules know no
   second names, another one. */
static bool keep_old(struct writing *w, struct pending *file)
{
    struct aslrt_buffer b = aslrt_buffer_in(w->s->arena);
    aslrt_buffer_format(&b, "%s~", file->temporary);
    const char *backup = aslrt_buffer_close(&b);
    if (link(file->path, backup) == 0 || (errno != ENOENT && rename(file->path, backup) == 0))
        file->backup = b.bytes;
    return file->backup != NULL || errno == ENOENT || fail(w, "write", file->name, errno);
}

static bool place(struct writing *w, struct pending *file)
{
    if (!keep_old(w, file))
        return false;
    if (rename(file->temporary, file->path) != 0)
        return fail(w, "write", file->name, errno);
    file->temporary = NULL;
    file->placed = true;
    return true;
}

static void put_back(struct writing *w, struct pending *file)
{
    if (file->backup == NULL) {
        if (file->placed)
            unlink(file->path);
    } else if (rename(file->backup, file->path) != 0) {
        session_trouble(w->s, "cannot put back '%s', which is now '%s': %s", file->name,
                        file->backup, strerror(errno));
    } else {
        unlink(file->backup); /* still there when both names were of the same file */
    }
}

static void undo(struct writing *w, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put_back(w, &w->files[i]);
        if (w->files[i].temporary != NULL)
            unlink(w->files[i].temporary);
    }
    while (w->folder_count > 0)
        rmdir(w->folders[--w->folder_count]); /* fails where something else is in it by now */
}

bool output_write(struct session *s, const char *folder, const struct emit_files *files)
{
    struct writing w = {.s = s};
    w.files = ASLRT_NEW_ARRAY(s->arena, struct pending, files->count + 1);
    bool fine = true;
    for (uint32_t i = 0; i < files->count && fine; i++)
        fine = write_temporary(&w, folder, &files->items[i], &w.files[i]);
    for (uint32_t i = 0; i < files->count && fine; i++)
        fine = place(&w, &w.files[i]);
    if (!fine)
        undo(&w, files->count);
    for (uint32_t i = 0; i < files->count && fine; i++) {
        if (w.files[i].backup != NULL)
            unlink(w.files[i].backup);
    }
    return fine;
}
