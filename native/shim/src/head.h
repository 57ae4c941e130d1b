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
 * `head` is the connection, `features` what the head will use of `enum feature`, and `inbox` may hold frames that
 * came with the answer. When it is to be local, the connection stays open, and open in the original: its end tells
 * the head when that has ended. Else it is closed.
 */
enum answer head_ask(const char *socket_path, const uint8_t *hello, size_t length, int64_t deadline, int *head,
                     struct inbox *inbox, unsigned *features);

/* Leaves the connection open in whatever this process becomes. */
void head_keep(int head);

#endif
