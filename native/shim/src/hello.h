#ifndef HELLO_H
#define HELLO_H

#include <stddef.h>
#include <stdint.h>

#include "call.h"
#include "resume.h"

/*
 * The hello frame, header included, in memory from malloc(). NULL when it cannot be said: no working
 * directory, no memory, or more than HELLO_MAX bytes. `note` is NULL for a job that no head has had yet.
 */
uint8_t *hello_build(const struct call *call, const struct note *note, size_t *length);

#endif
