/*
 * machine.h - the parts of a state that hold nodes, by name; for whoever walks the whole table.
 *
 * The types stand in aslc/runtime.h.  Here is the one list of the fields of struct aslrt_state that
 * are nodes: the loader compiles them, the table's hash covers them, the C printer prints them.
 */
#ifndef ASLRT_MACHINE_H
#define ASLRT_MACHINE_H

#include "aslc/runtime.h"

/* X(field): a uint32_t field of struct aslrt_state that is the index of a node. */
#define ASLRT_STATE_NODES(X)                                                                       \
    X(input_path)                                                                                  \
    X(parameters)                                                                                  \
    X(result_selector)                                                                             \
    X(result_path)                                                                                 \
    X(output_path)                                                                                 \
    X(arguments)                                                                                   \
    X(output)                                                                                      \
    X(assign)                                                                                      \
    X(timeout)                                                                                     \
    X(heartbeat)                                                                                   \
    X(credentials)                                                                                 \
    X(seconds)                                                                                     \
    X(timestamp)                                                                                   \
    X(result)                                                                                      \
    X(error)                                                                                       \
    X(cause)                                                                                       \
    X(items)                                                                                       \
    X(item_selector)                                                                               \
    X(max_concurrency)                                                                             \
    X(tolerated_count)                                                                             \
    X(tolerated_percentage)                                                                        \
    X(reader_arguments)                                                                            \
    X(reader_config)                                                                               \
    X(reader_max_items)                                                                            \
    X(writer_arguments)                                                                            \
    X(writer_config)                                                                               \
    X(batch_items)                                                                                 \
    X(batch_bytes)                                                                                 \
    X(batch_input)

#endif
