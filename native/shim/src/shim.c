/* Stands where a media server expects its transcoder; PROTOCOL.md says what it does and why. */
#include <stdlib.h>

#include "ask.h"
#include "clock.h"
#include "head.h"
#include "hello.h"
#include "original.h"
#include "place.h"
#include "relay.h"
#include "stamp.h"

/* Returns when the original is to do the job. */
static void try_head(char *const *argv, const char *socket_path, int64_t started) {
  static struct inbox inbox;
  size_t length;
  int head = -1;
  struct streams streams = streams_look();
  uint8_t *hello = hello_build(argv, &streams, &length);
  if (!hello) return;
  bool stalled = stamp_is_fresh(socket_path);
  int64_t deadline = started + (stalled ? STALLED_BUDGET : ANSWER_BUDGET);
  enum answer answer = head_ask(socket_path, hello, length, deadline, &head, &inbox);
  free(hello);
  if (answer == ANSWER_STALLED && !stalled) stamp_leave(socket_path);
  if (stalled && (answer == ANSWER_ACCEPT || answer == ANSWER_LOCAL)) stamp_remove(socket_path);
  if (answer == ANSWER_ACCEPT) relay_job(head, &inbox, &streams);
}

int main(int argc, char **argv) {
  int64_t started = now_ms();
  const char *socket_path = argc > 0 && worth_asking(argv + 1) ? head_path() : NULL;
  if (socket_path) try_head(argv, socket_path, started);
  become_original(argv);
}
