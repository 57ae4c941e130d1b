#include "streams.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static uint8_t kind_of(int descriptor) {
  struct stat about;
  if (fstat(descriptor, &about) != 0) return STREAM_CLOSED;
  if (S_ISFIFO(about.st_mode)) return STREAM_PIPE;
  if (S_ISREG(about.st_mode)) return STREAM_FILE;
  if (S_ISSOCK(about.st_mode)) return STREAM_SOCKET;
  return STREAM_OTHER;
}

struct streams streams_look(void) {
  return (struct streams){{kind_of(0), kind_of(1), kind_of(2)}};
}

int above_streams(int descriptor) {
  if (descriptor < 0 || descriptor > 2) return descriptor;
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  close(descriptor);
  return moved;
}

ssize_t stream_write(const struct streams *streams, int descriptor, const uint8_t *bytes, size_t length) {
  if (streams->kind[descriptor] == STREAM_SOCKET) return send(descriptor, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  /* A pipe that polls as writable has room for PIPE_BUF bytes; more could block. */
  if (streams->kind[descriptor] != STREAM_FILE && length > PIPE_BUF) length = PIPE_BUF;
  return write(descriptor, bytes, length);
}
