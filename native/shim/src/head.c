#include "head.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "features.h"
#include "streams.h"

static enum answer reach(const char *socket_path, int64_t deadline, int *head) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(socket_path) >= sizeof address.sun_path) return ANSWER_NONE;
  strcpy(address.sun_path, socket_path);
  *head = above_streams(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (*head < 0) return ANSWER_NONE;
  int left, failed;
  do {
    left = left_ms(deadline);
    /* A hung head's queue of connections may be full; connect() keeps to this time then. Zero would be for ever. */
    struct timeval limit = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 + 1};
    setsockopt(*head, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    failed = connect(*head, (struct sockaddr *)&address, sizeof address);
  } while (failed && errno == EINTR && left > 0);
  if (!failed) return ANSWER_ACCEPT;
  return errno == EAGAIN || errno == EINTR ? ANSWER_STALLED : ANSWER_NONE;
}

static bool wait_for(int head, short events, int64_t deadline) {
  struct pollfd wanted = {.fd = head, .events = events};
  int ready;
  do ready = poll(&wanted, 1, left_ms(deadline));
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

static enum answer say(int head, const uint8_t *bytes, size_t length, int64_t deadline) {
  while (length > 0) {
    ssize_t sent = send(head, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes += sent;
      length -= (size_t)sent;
    } else if (errno == EAGAIN) {
      if (!wait_for(head, POLLOUT, deadline)) return ANSWER_STALLED;
    } else if (errno != EINTR) {
      return ANSWER_NONE;
    }
  }
  return ANSWER_ACCEPT;
}

static enum answer understand(const struct frame *frame, unsigned *features) {
  if (frame->type == FRAME_LOCAL) return ANSWER_LOCAL;
  if (frame->type != FRAME_ACCEPT || frame->length < 2) return ANSWER_NONE;
  if (!features_read(frame->payload + 2, frame->length - 2, features)) return ANSWER_NONE;
  return get16(frame->payload) == PROTOCOL_VERSION ? ANSWER_ACCEPT : ANSWER_NONE;
}

static enum answer hear(int head, struct inbox *inbox, int64_t deadline, unsigned *features) {
  struct frame frame;
  for (;;) {
    enum inbox_state state = inbox_next(inbox, &frame);
    if (state == INBOX_GARBLED) return ANSWER_NONE;
    if (state == INBOX_FRAME) return understand(&frame, features);
    if (!wait_for(head, POLLIN, deadline)) return ANSWER_STALLED;
    ssize_t got = inbox_fill(inbox, head);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return ANSWER_NONE;
  }
}

enum answer head_ask(const char *socket_path, const uint8_t *hello, size_t length, int64_t deadline, int *head,
                     struct inbox *inbox, unsigned *features) {
  enum answer answer = reach(socket_path, deadline, head);
  if (answer == ANSWER_ACCEPT) answer = say(*head, hello, length, deadline);
  if (answer == ANSWER_ACCEPT) answer = hear(*head, inbox, deadline, features);
  if (answer == ANSWER_LOCAL) head_keep(*head);
  else if (answer != ANSWER_ACCEPT && *head >= 0) close(*head);
  return answer;
}

void head_keep(int head) { fcntl(head, F_SETFD, 0); }
