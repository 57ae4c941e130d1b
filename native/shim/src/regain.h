#ifndef REGAIN_H
#define REGAIN_H

#include <stdint.h>

#include "call.h"
#include "frame.h"
#include "head.h"
#include "resume.h"

/*
 * The head has gone. One that starts again may take the job back where its announcements end, which is what the note
 * tells it: knocks until the deadline (see clock.h), or until a signal waits to be read from `signals`. As head_ask().
 */
enum answer regain_head(const struct call *call, const struct note *note, int signals, int64_t deadline, int *head,
                        struct inbox *inbox, unsigned *features);

#endif
