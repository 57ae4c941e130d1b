#ifndef HANDS_H
#define HANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "frame.h"
#include "helper.h"
#include "job.h"
#include "outbox.h"
#include "resume.h"

enum { HANDS = 3, PATH_LENGTH_MAX = 4096 };

/* What the head does through the shim: files, HTTP, reading. Each has a helper, and one request at a time. */
struct hands {
  const struct job *job;
  struct helper helpers[HANDS];
  struct resume current, next;
  struct {
    uint8_t request[1 + 2 + PATH_LENGTH_MAX];
    size_t length; /* 0 when there is none */
  } unfinished; /* how to remove what was written under a name that ends in .tmp */
};

void hands_begin(struct hands *hands, const struct job *job);

/* Takes a request; false when the one before of the same kind is not answered yet. */
bool hands_ask(struct hands *hands, const struct frame *frame);

/* Whether an answer can be fetched without a look at hands_channel(). */
bool hands_is_due(const struct hands *hands, int which);

/* The descriptor that can be read when an answer is there; -1 while none is awaited. */
int hands_channel(const struct hands *hands, int which);

/* Puts an answer that is there into the outbox, which must be empty. */
void hands_answer(struct hands *hands, int which, struct outbox *outbox);

/*
 * The head has gone: lets an announcement that is under way come to its end, since that decides where the original
 * begins, ends the helpers, and removes what a file was being written as.
 */
void hands_end(struct hands *hands);

#endif
