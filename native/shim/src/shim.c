/* Stands where a media server expects its transcoder; PROTOCOL.md says what it does and why. */
#include <stdlib.h>

#include "ask.h"
#include "call.h"
#include "clock.h"
#include "head.h"
#include "hello.h"
#include "original.h"
#include "place.h"
#include "relay.h"
#include "stamp.h"

/* Returns when the original is to do the job, with the arguments for it. */
static char *const *try_head(char *const *argv, const char *socket_path) {
  static struct inbox inbox;
  static struct call call;
  size_t length;
  unsigned features = 0;
  int head = -1;
  call.argv = argv;
  call.socket_path = socket_path;
  call.streams = streams_look();
  job_look(&call.job, argv);
  /* A disk that had to be woken for that is not the head's fault: its time begins now. */
  int64_t started = now_ms();
  uint8_t *hello = hello_build(&call, NULL, &length);
  if (!hello) return argv;
  bool stalled = stamp_is_fresh(socket_path);
  int64_t deadline = started + (stalled ? STALLED_BUDGET : ANSWER_BUDGET);
  enum answer answer = head_ask(socket_path, hello, length, deadline, &head, &inbox, &features);
  free(hello);
  if (answer == ANSWER_STALLED && !stalled) stamp_leave(socket_path);
  if (stalled && (answer == ANSWER_ACCEPT || answer == ANSWER_LOCAL)) stamp_remove(socket_path);
  return answer == ANSWER_ACCEPT ? relay_job(&call, head, features, &inbox) : argv;
}

int main(int argc, char **argv) {
  const char *socket_path = argc > 0 && worth_asking(argv + 1) ? head_path() : NULL;
  become_original(socket_path ? try_head(argv, socket_path) : argv);
}
