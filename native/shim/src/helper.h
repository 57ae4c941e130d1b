#ifndef HELPER_H
#define HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "frame.h"
#include "job.h"

typedef size_t (*serve_request)(const struct job *job, const uint8_t *request, size_t length, uint8_t *answer);

/*
 * A process of its own for what may wait long: a disk that hangs, a server that does not answer. It carries out one
 * request after the other; the shim itself never waits for it. It ends with the shim, however that ends.
 */
struct helper {
  serve_request serve;
  int channel; /* 0 until the first request: a descriptor is above the streams */
  pid_t pid;
  bool busy;
};

/* Hands over a request. False when the helper is busy with the one before: the head must not ask twice. */
bool helper_ask(struct helper *helper, const struct job *job, const struct frame *frame);

/*
 * Takes an answer into a buffer of PAYLOAD_MAX bytes. Returns its length, -1 while there is none. One that has died,
 * or could not be started, answers that it has failed.
 */
ssize_t helper_answer(struct helper *helper, const struct job *job, uint8_t *answer);

/* Ends it. What it was doing may or may not have been done. */
void helper_end(struct helper *helper);

#endif
