/*
 * taken.h - what runs took of a unit's machines: counters in the engine, sums in the user's file.
 *
 * In: --coverage FILE.  Out: counters for executions, or the counts by the ids of the IR, and the
 * list of everything that could have been taken.  Everything lives in the session's arena.
 */
#ifndef ASLC_TAKEN_H
#define ASLC_TAKEN_H

#include "compiler/driver/session.h"
#include "compiler/emit/diagram.h"

/* Counters for runs of a unit's machines, whose tables those are.  A file that can't take them is
   refused here, before anything runs.  NULL after a message. */
struct aslrt_coverage **taken_open(struct session *s, const struct aslrt_machine *const *machines,
                                   uint32_t count);
/* Adds them to the file.  False after a message. */
bool taken_save(struct session *s, struct aslrt_coverage *const *list, uint32_t count);

/* The file's counts, one for each machine of the unit.  NULL after a message or diagnostics; a file
   without any run of these machines is refused. */
struct diagram_counts *taken_read(struct session *s, const struct unit *unit);

enum taken_kind { TAKEN_STATE, TAKEN_WAY, TAKEN_BRANCH, TAKEN_CATCHER, TAKEN_RETRIER, TAKEN_KINDS };

/* One thing that runs could have taken. */
struct taken_item {
    enum taken_kind kind; /* BRANCH: a rule or the Default of a Choice; WAY: Next, or the end */
    ir_id state;
    struct span span;
    uint64_t times;
    const char *text; /* "'Work' was never entered": what to say when it wasn't */
};
/* All of them, each state before its ways out and its retriers.  A state that was never entered has
   them too. */
struct taken_item *taken_items(struct aslrt_arena *arena, const struct ir_machine *m,
                               const struct diagram_counts *counts, uint32_t *count);

#endif
