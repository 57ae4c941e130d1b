#ifndef DISK_H
#define DISK_H

#include <stddef.h>
#include <stdint.h>

#include "job.h"

/* Carries out one request of the feature `files`; `answer` has room for PAYLOAD_MAX bytes. Returns its length. */
size_t disk_serve(const struct job *job, const uint8_t *request, size_t length, uint8_t *answer);

#endif
