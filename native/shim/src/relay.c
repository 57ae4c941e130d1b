#include "relay.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "complain.h"
#include "signals.h"

enum { SIGNAL_FRAME = HEADER_BYTES + 1, SIGNALS_WAITING = 16 };

struct relay {
  int head, signals;
  struct inbox *inbox;
  const struct streams *streams;
  bool handed_back;
  bool relayed;
  bool stdin_wanted, stdin_over;
  int target;             /* where the rest of the current output frame goes */
  const uint8_t *output;  /* in the inbox */
  size_t output_left;
  int last_signal;
  int64_t deadline; /* once a signal was forwarded */
  size_t start, end;
  uint8_t outbox[HEADER_BYTES + PAYLOAD_MAX + SIGNALS_WAITING * SIGNAL_FRAME];
};

static void give_up(const struct relay *relay, int code, const char *problem) {
  if (relay->last_signal) die_of(relay->last_signal);
  complain("the job cannot go on: ", problem, "; the head's log says more", NULL);
  _exit(code);
}

static void garbled(const struct relay *relay) { give_up(relay, CODE_HEAD_GARBLED, "the head broke the protocol"); }

static void flush(struct relay *relay) {
  while (relay->start < relay->end) {
    ssize_t sent = send(relay->head, relay->outbox + relay->start, relay->end - relay->start,
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      relay->start += (size_t)sent;
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      /* What the head sent before it went is still to be read: only there can the job's end be told. */
      break;
    }
  }
  relay->start = relay->end = 0;
}

static void add_frame(struct relay *relay, enum frame_type type, size_t length) {
  put_header(relay->outbox + relay->end, type, length);
  relay->end += HEADER_BYTES + length;
  flush(relay);
}

/* Called with an empty outbox, so that at most one frame of input is on its way. */
static void forward_stdin(struct relay *relay) {
  ssize_t got = read(0, relay->outbox + HEADER_BYTES, PAYLOAD_MAX);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  relay->stdin_wanted = false;
  relay->stdin_over = got <= 0;
  add_frame(relay, got > 0 ? FRAME_STDIN : FRAME_STDIN_END, got > 0 ? (size_t)got : 0);
}

static bool has_room_for_signal(const struct relay *relay) {
  return sizeof relay->outbox - relay->end >= SIGNAL_FRAME;
}

static void forward_signal(struct relay *relay) {
  int number = signals_next(relay->signals);
  if (number == 0) return;
  relay->last_signal = number;
  relay->deadline = now_ms() + SIGNAL_SILENCE;
  relay->outbox[relay->end + HEADER_BYTES] = (uint8_t)number;
  add_frame(relay, FRAME_SIGNAL, 1);
}

static void write_output(struct relay *relay) {
  ssize_t written = stream_write(relay->streams, relay->target, relay->output, relay->output_left);
  if (written >= 0) {
    relay->output += written;
    relay->output_left -= (size_t)written;
  } else if (errno != EAGAIN && errno != EINTR) {
    /* Its reader has gone, say: the job goes on without. */
    relay->output_left = 0;
  }
}

static void take_output(struct relay *relay, int target, const struct frame *frame) {
  relay->relayed = true;
  relay->target = target;
  relay->output = frame->payload;
  relay->output_left = frame->length;
}

static void ask_stdin(struct relay *relay) {
  relay->relayed = true;
  uint8_t kind = relay->streams->kind[0];
  if (kind == STREAM_CLOSED || kind == STREAM_OTHER) relay->stdin_over = true;
  relay->stdin_wanted = true;
}

static void end_as_told(const struct relay *relay, const struct frame *frame) {
  if (frame->length != 2) garbled(relay);
  if (frame->payload[0] == EXIT_BY_CODE) _exit(frame->payload[1]);
  if (frame->payload[0] == EXIT_BY_SIGNAL && is_deadly(frame->payload[1])) die_of(frame->payload[1]);
  garbled(relay);
}

static void take(struct relay *relay, const struct frame *frame) {
  switch (frame->type) {
    case FRAME_STDOUT: take_output(relay, 1, frame); break;
    case FRAME_STDERR: take_output(relay, 2, frame); break;
    case FRAME_STDIN_NEXT: ask_stdin(relay); break;
    case FRAME_EXIT: end_as_told(relay, frame); break;
    case FRAME_LOCAL:
      if (relay->relayed) garbled(relay);
      relay->handed_back = true;
      break;
    default: garbled(relay);
  }
}

static void receive(struct relay *relay) {
  ssize_t got = inbox_fill(relay->inbox, relay->head);
  if (got > 0) relay->deadline = now_ms() + SIGNAL_SILENCE;
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) give_up(relay, CODE_HEAD_GONE, "the head has gone");
}

/* Takes frames until one has output to write; true when the head must be heard for more. */
static bool needs_more(struct relay *relay) {
  struct frame frame;
  while (relay->output_left == 0 && !relay->handed_back) {
    enum inbox_state state = inbox_next(relay->inbox, &frame);
    if (state == INBOX_EMPTY) return true;
    if (state == INBOX_GARBLED) garbled(relay);
    take(relay, &frame);
  }
  return false;
}

static void turn(struct relay *relay, bool wants_more) {
  bool unsent = relay->start < relay->end;
  if (relay->stdin_wanted && relay->stdin_over && !unsent) {
    relay->stdin_wanted = false;
    add_frame(relay, FRAME_STDIN_END, 0);
    unsent = relay->start < relay->end;
  }
  short talk = (short)((wants_more ? POLLIN : 0) | (unsent ? POLLOUT : 0));
  struct pollfd ready[] = {
      /* A head that has gone would wake poll() again and again while its last output waits for the reader. */
      {.fd = talk ? relay->head : -1, .events = talk},
      {.fd = has_room_for_signal(relay) ? relay->signals : -1, .events = POLLIN},
      {.fd = relay->stdin_wanted && !unsent ? 0 : -1, .events = POLLIN},
      {.fd = relay->output_left > 0 ? relay->target : -1, .events = POLLOUT},
  };
  int count = poll(ready, 4, relay->last_signal ? left_ms(relay->deadline) : -1);
  if (count == 0 && relay->last_signal) die_of(relay->last_signal);
  if (count <= 0) return;
  if (ready[0].revents && unsent) flush(relay);
  if (ready[3].revents) write_output(relay);
  if (ready[2].revents) forward_stdin(relay);
  if (ready[1].revents) forward_signal(relay);
  if (ready[0].revents && wants_more) receive(relay);
}

void relay_job(int head, struct inbox *inbox, const struct streams *streams) {
  static struct relay relay;
  relay.head = head;
  relay.inbox = inbox;
  relay.streams = streams;
  relay.signals = signals_hold();
  for (bool more = needs_more(&relay); !relay.handed_back; more = needs_more(&relay)) turn(&relay, more);
  if (relay.last_signal) die_of(relay.last_signal);
  signals_release();
}
