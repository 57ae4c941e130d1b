#ifndef RELAY_H
#define RELAY_H

#include "call.h"
#include "frame.h"

/*
 * Carries an accepted job to its end, in which the process ends as the head says. Returns only when the original is
 * to go on, with the arguments for it; signals are then as they were found. `features` is what the head uses.
 */
char *const *relay_job(const struct call *call, int head, unsigned features, struct inbox *inbox);

#endif
