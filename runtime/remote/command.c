/*
 * command.c - running a program of this machine on a text; see command.h.
 *
 * Input and output are temporary files without a name, so that neither side waits for the other and
 * nothing has to be allocated while the command runs.  A pipe that the command inherits and never
 * uses tells when the last of its processes is gone.
 */
#include "runtime/remote/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct run {
    FILE *in, *out;
    int alive[2]; /* the pipe; -1: not open */
    pid_t pid;
};

static bool trouble(struct aslrt_command *c, const char *what)
{
    snprintf(c->problem, sizeof c->problem, "%s: %s", what, strerror(errno));
    return false;
}

/* Our environment and one variable more. */
static char **environment(struct aslrt_arena *arena, const char *variable)
{
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **all = ASLRT_NEW_ARRAY(arena, char *, count + 2);
    memcpy(all, environ, count * sizeof *all);
    if (variable != NULL)
        all[count] = aslrt_copy_text(arena, variable, strlen(variable));
    return all;
}

static bool open_files(struct run *r, struct aslrt_command *c)
{
    r->in = tmpfile();
    r->out = tmpfile();
    if (r->in == NULL || r->out == NULL ||
        fwrite(c->input, 1, c->input_count, r->in) != c->input_count || fflush(r->in) != 0 ||
        fseek(r->in, 0, SEEK_SET) != 0)
        return trouble(c, "cannot make a temporary file");
    if (pipe(r->alive) != 0)
        return trouble(c, "cannot make a pipe");
    return true;
}

/* What the new process does; only what is safe behind fork. */
static void become(const struct run *r, const struct aslrt_command *c, char *const *env)
{
    char *const words[] = {"sh", "-c", (char *)(size_t)c->line, NULL};
    setpgid(0, 0);
    close(r->alive[0]);
    if (dup2(fileno(r->in), STDIN_FILENO) >= 0 && dup2(fileno(r->out), STDOUT_FILENO) >= 0)
        execve("/bin/sh", words, env);
    _exit(127);
}

static bool printed(const struct run *r, struct aslrt_command *c)
{
    struct stat out;
    if (fstat(fileno(r->out), &out) != 0)
        return trouble(c, "cannot read what was printed");
    c->output_count = (size_t)out.st_size;
    c->too_long = c->output_count > c->output_limit;
    return true;
}

/* Waits until the last process is gone, the time is over, or too much was printed. */
static bool wait_for(struct run *r, struct aslrt_command *c)
{
    enum { LOOK_MS = 200 };
    struct pollfd alive = {.fd = r->alive[0], .events = POLLIN};
    int left = c->time_limit_ms, n = 0;
    bool fine = true;
    while (n == 0 && left > 0 && fine && !c->too_long) {
        int slice = left < LOOK_MS ? left : LOOK_MS;
        n = poll(&alive, 1, slice);
        if (n < 0 && errno == EINTR)
            n = 0;
        left -= slice;
        fine = printed(r, c);
    }
    c->timed_out = n == 0 && !c->too_long;
    if (n <= 0)
        kill(-r->pid, SIGKILL);
    int status = 0;
    while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    c->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return fine && printed(r, c);
}

static bool run(struct run *r, struct aslrt_command *c, char *const *env)
{
    if (!open_files(r, c))
        return false;
    r->pid = fork();
    if (r->pid == 0)
        become(r, c, env);
    close(r->alive[1]);
    r->alive[1] = -1;
    if (r->pid < 0)
        return trouble(c, "cannot start a process");
    setpgid(r->pid, r->pid); /* whichever of the two comes first */
    return wait_for(r, c);
}

bool aslrt_command_run(struct aslrt_arena *arena, struct aslrt_command *c)
{
    struct run r = {.alive = {-1, -1}};
    char *const *env = environment(arena, c->variable);
    char *room = aslrt_alloc(arena, c->output_limit + 1);
    bool fine = run(&r, c, env);
    c->output = room;
    if (c->too_long)
        c->output_count = c->output_limit;
    if (fine && pread(fileno(r.out), room, c->output_count, 0) != (ssize_t)c->output_count)
        fine = trouble(c, "cannot read what was printed");
    for (int i = 0; i < 2; i++) {
        if (r.alive[i] >= 0)
            close(r.alive[i]);
    }
    if (r.in != NULL)
        fclose(r.in);
    if (r.out != NULL)
        fclose(r.out);
    return fine;
}
