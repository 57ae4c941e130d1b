#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* An HTTP server on this machine's loopback, as an argument names it. */
struct address {
  struct sockaddr_storage socket;
  socklen_t length;
  const char *target; /* path and query, in the argument */
};

/* False for anything but `http://` and a loopback address: 127.x.x.x, localhost or [::1]. */
bool address_read(const char *url, struct address *address);

/*
 * Whether a request target may be made longer by this: nothing, or more of a path (letters, digits, `/`, `-`, `_`)
 * and a query of visible characters.
 */
bool is_suffix(const char *text);

#endif
