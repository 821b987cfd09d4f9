/*
 * replay.c - runs a fuzz target over its corpus without libFuzzer, and over small mutations of it.
 *
 * A program named replay_NAME reads tests/fuzz/corpus/NAME in $srcdir, or the files and folders on
 * its command line.  Each input runs as it is, cut short at some places, and with a few changed
 * bytes; the changes come from a fixed seed, so a failure comes back on the next run.
 * ASLC_FUZZ_ROUNDS says how many mutations each input gets (default 200).
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static uint64_t seed = 1;
static unsigned long inputs;

static size_t draw(size_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(seed >> 33) % below;
}

/* Runs a copy that ends where its allocation ends, so that sanitizers see a read behind it. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size != 0 ? size : 1);
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    inputs++;
}

/* Changes one to four bytes, or moves a piece of the text to another place. */
static void mutate(uint8_t *data, size_t size)
{
    static const char likely[] =
        "\"\\{}[]():,.-+eE019 \n\t$*#%@^&|~<>=!?/'`_aun\x01\x7f\x80\xc3\xed\xf0\xff";
    if (draw(8) == 0) {
        size_t n = 1 + draw(size);
        memmove(data + draw(size - n + 1), data + draw(size - n + 1), n);
        return;
    }
    for (size_t n = 1 + draw(4); n > 0; n--)
        data[draw(size)] =
            (uint8_t)(draw(3) == 0 ? draw(256) : (uint8_t)likely[draw(sizeof likely - 1)]);
}

static void run_with_mutations(const uint8_t *data, size_t size, unsigned rounds)
{
    run(data, size);
    if (size == 0)
        return;
    uint8_t *work = malloc(size);
    if (work == NULL)
        abort();
    for (unsigned i = 0; i < rounds; i++) {
        memcpy(work, data, size);
        size_t cut = draw(4) == 0 ? draw(size) : size;
        if (cut == size)
            mutate(work, size);
        run(work, cut);
    }
    free(work);
}

static bool run_file(const char *path, unsigned rounds)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    uint8_t *data = NULL;
    size_t size = 0;
    size_t n = 0;
    do {
        data = realloc(data, size + 65536);
        if (data == NULL)
            abort();
        n = fread(data + size, 1, 65536, f);
        size += n;
    } while (n != 0);
    fclose(f);
    run_with_mutations(data, size, rounds);
    free(data);
    return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A file, or every file of a folder in the order of their names. */
static bool run_path(const char *path, unsigned rounds)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, by_name);
    if (count < 0)
        return run_file(path, rounds);
    bool good = true;
    for (int i = 0; i < count; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            good = run_file(file, rounds) && good;
        free(entries[i]);
    }
    free(entries);
    return good;
}

int main(int argc, char **argv)
{
    const char *rounds_text = getenv("ASLC_FUZZ_ROUNDS");
    unsigned rounds = rounds_text != NULL ? (unsigned)strtoul(rounds_text, NULL, 10) : 200;
    char corpus[4096];
    char *given[] = {argv[0], corpus};
    if (argc < 2) {
        const char *name = strstr(argv[0], "replay_");
        const char *srcdir = getenv("srcdir");
        if (name == NULL) {
            fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
            return 2;
        }
        snprintf(corpus, sizeof corpus, "%s/tests/fuzz/corpus/%s", srcdir != NULL ? srcdir : ".",
                 name + strlen("replay_"));
        argv = given;
        argc = 2;
    }
    for (int i = 1; i < argc; i++) {
        if (!run_path(argv[i], rounds)) {
            fprintf(stderr, "cannot read '%s'\n", argv[i]);
            return 2;
        }
    }
    printf("%lu inputs\n", inputs);
    return inputs != 0 ? 0 : 2;
}
