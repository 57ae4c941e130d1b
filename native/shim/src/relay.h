#ifndef RELAY_H
#define RELAY_H

#include "frame.h"
#include "job.h"
#include "streams.h"

/*
 * Carries an accepted job to its end, in which the process ends as the head says. Returns only when the original is
 * to go on, with the arguments for it; signals are then as they were found. `features` is what the head uses.
 */
char *const *relay_job(char *const *argv, const struct job *job, int head, unsigned features, struct inbox *inbox,
                       const struct streams *streams);

#endif
