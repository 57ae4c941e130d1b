#ifndef STAMP_H
#define STAMP_H

#include <stdbool.h>

/*
 * A stamp is an empty file whose time says when a head was last found not to answer. It lies beside the
 * socket (`<socket>.stalled`) or, where that is not writable, in $TMPDIR or /tmp.
 */

/* Whether this user left a stamp for the socket within the last STALLED_FOR milliseconds. */
bool stamp_is_fresh(const char *socket_path);
void stamp_leave(const char *socket_path);
void stamp_remove(const char *socket_path);

#endif
