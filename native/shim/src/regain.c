#include "regain.h"

#include <poll.h>
#include <stdlib.h>

#include "clock.h"
#include "hello.h"

enum { BETWEEN_KNOCKS = 20 };

/* What would keep the shim from knocking again: a signal, or the end of its time. */
static bool is_over(int signals, int64_t deadline) {
  struct pollfd waiting = {.fd = signals, .events = POLLIN};
  int left = left_ms(deadline);
  return left == 0 || poll(&waiting, 1, left < BETWEEN_KNOCKS ? left : BETWEEN_KNOCKS) != 0;
}

enum answer regain_head(const struct call *call, const struct note *note, int signals, int64_t deadline, int *head,
                        struct inbox *inbox, unsigned *features) {
  size_t length;
  uint8_t *hello = hello_build(call, note, &length);
  enum answer answer = ANSWER_NONE;
  while (hello && answer == ANSWER_NONE && !is_over(signals, deadline)) {
    inbox->start = inbox->end = 0;
    /* One that lets the shim in is there again: it has as long to answer as at the first time. */
    answer = head_ask(call->socket_path, hello, length, now_ms() + ANSWER_BUDGET, head, inbox, features);
  }
  free(hello);
  return answer;
}
