#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>
#include <stdnoreturn.h>

/*
 * Holds SIGTERM, SIGINT and SIGHUP back (those that the media server had blocked or ignored are left alone) and
 * SIGPIPE, whose place errors of write() take. Returns a descriptor to read the three from, closed on exec, or -1
 * when there is none and nothing is held back.
 * Only the mask changes, so signals_release() leaves everything as it was found.
 */
int signals_hold(void);
void signals_release(void);

/* The next signal that was held back, or 0. */
int signals_next(int descriptor);

/* Whether a process can have ended by it: not by one that stops it or that nobody need notice. */
bool is_deadly(int number);

noreturn void die_of(int number);

#endif
