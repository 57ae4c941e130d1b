#ifndef RESUME_H
#define RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NOTE_MAX = 64 };

/* By it a head that starts again knows the job and how far it had come. The shim does not read it. */
struct note {
  uint8_t length; /* 0 when there is none */
  uint8_t bytes[NOTE_MAX];
};

/*
 * How the original would go on from where the head has come to: the job's own arguments, with a later start. The
 * head can change nothing else of them.
 */
struct resume {
  bool left;   /* the head has left one */
  bool over;   /* there is nothing left to make */
  char **argv; /* ends with NULL; NULL when it is over */
  struct note note;
};

/*
 * Takes a frame's payload. A list that is to count only with the next HTTP exchange waits in `next`, else it is
 * `current` at once. False when it asks for anything that is not allowed.
 */
bool resume_take(char *const *argv, const uint8_t *payload, size_t length, struct resume *current,
                 struct resume *next);

/* An HTTP exchange is over: what waits counts from now on, or is forgotten when nothing was sent. */
void resume_settle(bool sent, struct resume *current, struct resume *next);

#endif
