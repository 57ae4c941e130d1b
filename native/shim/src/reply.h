#ifndef REPLY_H
#define REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum { REPLY_MAX = 60 * 1024 };

/* An HTTP reply as far as it has come. */
struct reply {
  char bytes[REPLY_MAX + 1];
  size_t length;
  bool over; /* the server has closed the connection */
};

struct reply_body {
  unsigned status;
  char *bytes;
  size_t length;
  bool keeps; /* the connection can carry another exchange */
};

enum reply_state { REPLY_MORE, REPLY_WHOLE, REPLY_BROKEN };

/*
 * Looks whether the reply is whole: by Content-Length, by chunks, or by the connection's end; what is over REPLY_MAX
 * is left out. Takes the framing off in place, so call it no more once it was whole.
 */
enum reply_state reply_read(struct reply *reply, struct reply_body *body);

#endif
