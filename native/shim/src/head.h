#ifndef HEAD_H
#define HEAD_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"

enum answer {
  ANSWER_ACCEPT,  /* the job is the head's; its descriptor is open */
  ANSWER_LOCAL,   /* the head is well and wants the original to do it */
  ANSWER_NONE,    /* no head, or one that broke the protocol */
  ANSWER_STALLED, /* nothing came before the deadline */
};

/*
 * Connects, says hello and waits for the first answer, all before the deadline (see clock.h). When accepted,
 * `head` is the connection and `inbox` may hold frames that came with the answer; else the connection is closed.
 */
enum answer head_ask(const char *socket_path, const uint8_t *hello, size_t length, int64_t deadline, int *head,
                     struct inbox *inbox);

#endif
