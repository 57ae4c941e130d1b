#ifndef ASK_H
#define ASK_H

#include <stdbool.h>

/* Whether a job with these arguments (NULL at the end) can be work for the head at all. */
bool worth_asking(char *const *arguments);

#endif
