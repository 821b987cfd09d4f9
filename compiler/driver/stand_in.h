/*
 * stand_in.h - what stands for services in a run: --mock, --bucket, --child.
 *
 * In: the command line.  Out: services in the order in which they are asked, in the session's
 * arena. The mock file is the service's MockConfigFile.json; beside StateMachines and
 * MockedResponses it may have the members of a run request that describe services (functions,
 * queues, topics, buses, tokens, activities, buckets, objects, machines).
 */
#ifndef ASLC_STAND_IN_H
#define ASLC_STAND_IN_H

#include "compiler/driver/simulation.h"

/* Adds them to the simulation, before its other services.  False after a message. */
bool stand_in_add(struct session *s, struct simulation *simulation, const char *file);

#endif
