#ifndef STREAMS_H
#define STREAMS_H

#include <stdint.h>
#include <sys/types.h>

enum stream_kind { STREAM_CLOSED = 0, STREAM_PIPE = 1, STREAM_FILE = 2, STREAM_SOCKET = 3, STREAM_OTHER = 4 };

/* Kinds of descriptors 0, 1 and 2 as the shim was given them. */
struct streams {
  uint8_t kind[3];
};

struct streams streams_look(void);

/* A copy of the descriptor above 2, closed on exec; the descriptor itself is closed. -1 stays -1. */
int above_streams(int descriptor);

/*
 * Writes what fits without waiting and without touching the descriptor's flags, which the media server shares.
 * To be called after poll() said POLLOUT. Returns bytes written, or -1 with errno.
 */
ssize_t stream_write(const struct streams *streams, int descriptor, const uint8_t *bytes, size_t length);

#endif
