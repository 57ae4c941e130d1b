#ifndef RELAY_H
#define RELAY_H

#include "frame.h"
#include "streams.h"

/*
 * Carries an accepted job to its end, in which the process ends as the head says. Returns only when the head
 * hands the job back before anything was relayed; signals are then as they were found.
 */
void relay_job(int head, struct inbox *inbox, const struct streams *streams);

#endif
