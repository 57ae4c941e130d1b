#ifndef HELLO_H
#define HELLO_H

#include <stddef.h>
#include <stdint.h>

#include "job.h"
#include "streams.h"

/*
 * The hello frame, header included, in memory from malloc(). NULL when it cannot be said: no working
 * directory, no memory, or more than HELLO_MAX bytes.
 */
uint8_t *hello_build(char *const *argv, const struct streams *streams, const struct job *job, size_t *length);

#endif
