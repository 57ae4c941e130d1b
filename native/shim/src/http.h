#ifndef HTTP_H
#define HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "job.h"

/*
 * Carries out one request of the feature `http`, or one part of it; `answer` has room for PAYLOAD_MAX bytes. Returns
 * its length. Waits for the server, at most as long as the request says.
 */
size_t http_serve(const struct job *job, const uint8_t *request, size_t length, uint8_t *answer);

/* The server's token, which only this side of the connection knows; NULL when there is none. */
const char *server_token(void);

#endif
