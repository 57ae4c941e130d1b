#ifndef READ_H
#define READ_H

#include <stddef.h>
#include <stdint.h>

#include "job.h"

/* Carries out one request of the feature `read`; `answer` has room for PAYLOAD_MAX bytes. Returns its length. */
size_t read_serve(const struct job *job, const uint8_t *request, size_t length, uint8_t *answer);

/* What tells one state of a file from another: device, inode, bytes, time of the last change in nanoseconds. */
enum { IDENTITY_BYTES = 32 };
void put_identity(uint8_t *at, const struct stat *about);

#endif
