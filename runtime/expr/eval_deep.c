/*
 * eval_deep.c - going on when the C stack runs low.
 *
 * jsonata-js recurses on the heap: 1+$f($n-1) a hundred thousand deep is an ordinary program to it.
 * Here the evaluation continues on the stack of a thread that exists only for that and for whose
 * end the caller waits; so one thread runs at a time, and the account of memory notices nothing. An
 * error inside escapes to the trap of the new stack and is raised again on the old one.
 */
#include "runtime/expr/eval.h"

#include <pthread.h>

#define STACK_FIRST  ((size_t)8 << 20)
#define STACK_MAX    ((size_t)256 << 20) /* of one thread; deeper recursion takes another one */
#define STACK_MARGIN ((size_t)256 << 10) /* what built-ins may need below the last evaluation */

struct descent {
    struct evaluation *c;
    const struct jsonata_node *node;
    struct aslrt_value input;
    struct aslrt_frame *frame;
    size_t size;
    struct aslrt_value value;
    enum aslrt_status status;
};

static enum aslrt_status go_on(void *data)
{
    struct descent *d = data;
    d->value = aslrt_eval(d->c, d->node, d->input, d->frame);
    return ASLRT_OK;
}

static void *run(void *data)
{
    struct descent *d = data;
    char here;
    d->c->stack_low = (uintptr_t)&here - (d->size - STACK_MARGIN);
    d->status = aslrt_protect(d->c->arena->memory, go_on, d);
    return NULL;
}

struct aslrt_value aslrt_eval_deep(struct evaluation *c, const struct jsonata_node *n,
                                   struct aslrt_value input, struct aslrt_frame *f)
{
    struct descent d = {c, n, input, f, c->stack_size * 2, aslrt_undefined(), ASLRT_NOMEM};
    if (d.size < STACK_FIRST)
        d.size = STACK_FIRST;
    if (d.size > STACK_MAX)
        d.size = STACK_MAX;
    uintptr_t low = c->stack_low;
    size_t size = c->stack_size;
    if (c->stacks_left < d.size)
        aslrt_eval_too_deep(c);
    c->stacks_left -= d.size;
    c->stack_size = d.size;
    pthread_attr_t attributes;
    pthread_t thread;
    bool started = pthread_attr_init(&attributes) == 0;
    if (started) {
        started = pthread_attr_setstacksize(&attributes, d.size) == 0 &&
                  pthread_create(&thread, &attributes, run, &d) == 0;
        pthread_attr_destroy(&attributes);
    }
    if (started)
        pthread_join(thread, NULL);
    c->stack_low = low;
    c->stack_size = size;
    c->stacks_left += d.size;
    if (d.status != ASLRT_OK)
        aslrt_escape(c->arena->memory, d.status);
    return d.value;
}
