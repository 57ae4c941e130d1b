#include "relay.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "complain.h"
#include "features.h"
#include "hands.h"
#include "head.h"
#include "outbox.h"
#include "regain.h"
#include "signals.h"

struct relay {
  int head, signals;
  unsigned features;
  const struct call *call;
  struct inbox *inbox;
  char *const *handed_back; /* the arguments with which the original goes on */
  bool relayed;
  bool stdin_wanted, stdin_over;
  int target;             /* where the rest of the current output frame goes */
  const uint8_t *output;  /* in the inbox */
  size_t output_left;
  int last_signal;
  int64_t heard;          /* when the head last said anything */
  bool deaf;              /* it was not listened to, since the reader of its output was slow */
  int silence;            /* how long it may say nothing, 0 while that does not matter */
  struct hands hands;
  struct outbox outbox;
};

/* The head will not finish the job. The original goes on where it has come to, if the head has said where that is. */
static void give_up(struct relay *relay, int code, const char *problem) {
  if (relay->last_signal) die_of(relay->last_signal);
  hands_end(&relay->hands);
  if (relay->hands.current.over) _exit(0);
  if (relay->hands.current.left) {
    relay->handed_back = relay->hands.current.argv;
    return;
  }
  complain("the job cannot go on: ", problem, "; the head's log says more", NULL);
  _exit(code);
}

static void lose_head(struct relay *relay, int code, const char *problem) {
  give_up(relay, code, problem);
  /* It may only have slept: it must see that the job is not its any more. */
  close(relay->head);
}

static void garbled(struct relay *relay) { lose_head(relay, CODE_HEAD_GARBLED, "the head broke the protocol"); }

/* Called with an empty outbox, so that at most one frame of input is on its way. */
static void forward_stdin(struct relay *relay) {
  ssize_t got = read(0, outbox_payload(&relay->outbox), PAYLOAD_MAX);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  relay->stdin_wanted = false;
  relay->stdin_over = got <= 0;
  outbox_add(&relay->outbox, got > 0 ? FRAME_STDIN : FRAME_STDIN_END, got > 0 ? (size_t)got : 0);
}

static void forward_signal(struct relay *relay) {
  int number = signals_next(relay->signals);
  if (number == 0) return;
  relay->last_signal = number;
  relay->heard = now_ms();
  *outbox_payload(&relay->outbox) = (uint8_t)number;
  outbox_add(&relay->outbox, FRAME_SIGNAL, 1);
}

static void write_output(struct relay *relay) {
  ssize_t written = stream_write(&relay->call->streams, relay->target, relay->output, relay->output_left);
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
  uint8_t kind = relay->call->streams.kind[0];
  if (kind == STREAM_CLOSED || kind == STREAM_OTHER) relay->stdin_over = true;
  relay->stdin_wanted = true;
}

static void end_as_told(struct relay *relay, const struct frame *frame) {
  if (frame->length == 2 && frame->payload[0] == EXIT_BY_CODE) _exit(frame->payload[1]);
  if (frame->length == 2 && frame->payload[0] == EXIT_BY_SIGNAL && is_deadly(frame->payload[1]))
    die_of(frame->payload[1]);
  garbled(relay);
}

static void hand_back(struct relay *relay) {
  if (relay->hands.current.left || relay->hands.next.left) {
    give_up(relay, CODE_HEAD_GARBLED, "");
  } else if (relay->relayed) {
    garbled(relay);
    return;
  } else {
    hands_end(&relay->hands);
    relay->handed_back = relay->call->argv;
  }
  head_keep(relay->head);
}

static void take_silence(struct relay *relay, const struct frame *frame) {
  uint32_t limit = frame->length == 4 ? get32(frame->payload) : 0;
  if (limit < SILENCE_MIN || limit > SILENCE_MAX) garbled(relay);
  else relay->silence = (int)limit;
}

static void take(struct relay *relay, const struct frame *frame) {
  struct hands *hands = &relay->hands;
  bool taken = features_allow(relay->features, frame->type);
  if (taken) {
    switch (frame->type) {
      case FRAME_STDOUT: take_output(relay, 1, frame); return;
      case FRAME_STDERR: take_output(relay, 2, frame); return;
      case FRAME_STDIN_NEXT: ask_stdin(relay); return;
      case FRAME_EXIT: end_as_told(relay, frame); return;
      case FRAME_LOCAL: hand_back(relay); return;
      case FRAME_BEAT: take_silence(relay, frame); return;
      case FRAME_FILE: case FRAME_HTTP: case FRAME_READ: taken = hands_ask(hands, frame); break;
      case FRAME_RESUME:
        taken = resume_take(relay->call->argv, frame->payload, frame->length, &hands->current, &hands->next);
        break;
      default: taken = false;
    }
  }
  if (!taken) garbled(relay);
}

/* A head that starts again goes on with the job, if it comes while the player still has enough. */
static bool regain(struct relay *relay) {
  struct hands *hands = &relay->hands;
  int head = -1;
  if (relay->last_signal || !(relay->features & FEATURE_RETURN)) return false;
  /* Only then is it certain what has been announced. */
  hands_end(hands);
  resume_settle(false, &hands->current, &hands->next);
  if (!hands->current.left || hands->current.note.length == 0) return false;
  enum answer answer = regain_head(relay->call, &hands->current.note, relay->signals, relay->heard + relay->silence,
                                   &head, relay->inbox, &relay->features);
  /* One that came meanwhile is for the head, where there is one. */
  if (answer != ANSWER_ACCEPT) relay->last_signal = signals_next(relay->signals);
  if (answer == ANSWER_LOCAL) relay->handed_back = hands->current.argv;
  if (answer != ANSWER_ACCEPT) return answer == ANSWER_LOCAL;
  close(relay->head);
  relay->head = relay->outbox.head = head;
  relay->outbox.start = relay->outbox.end = 0;
  relay->stdin_wanted = false;
  relay->heard = now_ms();
  return true;
}

static void receive(struct relay *relay) {
  ssize_t got = inbox_fill(relay->inbox, relay->head);
  if (got > 0) relay->heard = now_ms();
  bool gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  if (gone && !regain(relay)) lose_head(relay, CODE_HEAD_GONE, "the head has gone");
}

/* Takes frames until one has output to write; true when the head must be heard for more. */
static bool needs_more(struct relay *relay) {
  struct frame frame;
  while (relay->output_left == 0 && !relay->handed_back) {
    enum inbox_state state = inbox_next(relay->inbox, &frame);
    if (state == INBOX_EMPTY) return true;
    if (state == INBOX_GARBLED) garbled(relay);
    else take(relay, &frame);
  }
  return false;
}

/* Answers of helpers and the end of the input go out one at a time, into an empty outbox. */
static void answer_due(struct relay *relay) {
  for (int i = 0; i < HANDS && outbox_is_empty(&relay->outbox); i++)
    if (hands_is_due(&relay->hands, i)) hands_answer(&relay->hands, i, &relay->outbox);
  if (relay->stdin_wanted && relay->stdin_over && outbox_is_empty(&relay->outbox)) {
    relay->stdin_wanted = false;
    outbox_add(&relay->outbox, FRAME_STDIN_END, 0);
  }
}

/* Milliseconds until the silence of the head is too long; -1 while it does not matter. */
static int patience(struct relay *relay, bool wants_more) {
  if (relay->last_signal) return left_ms(relay->heard + SIGNAL_SILENCE);
  /* A head that is not heard, since its output waits for the reader, is not silent. */
  if (wants_more && relay->deaf) relay->heard = now_ms();
  relay->deaf = !wants_more;
  return wants_more && relay->silence ? left_ms(relay->heard + relay->silence) : -1;
}

static void turn(struct relay *relay, bool wants_more) {
  struct hands *hands = &relay->hands;
  answer_due(relay);
  bool sent = outbox_is_empty(&relay->outbox);
  short talk = (short)((wants_more ? POLLIN : 0) | (sent ? 0 : POLLOUT));
  struct pollfd ready[4 + HANDS] = {
      /* A head that has gone would wake poll() again and again while its last output waits for the reader. */
      {.fd = talk ? relay->head : -1, .events = talk},
      {.fd = outbox_has_room_for_signal(&relay->outbox) ? relay->signals : -1, .events = POLLIN},
      {.fd = relay->stdin_wanted && sent ? 0 : -1, .events = POLLIN},
      {.fd = relay->output_left > 0 ? relay->target : -1, .events = POLLOUT},
  };
  for (int i = 0; i < HANDS; i++) ready[4 + i] = (struct pollfd){sent ? hands_channel(hands, i) : -1, POLLIN, 0};
  int count = poll(ready, 4 + HANDS, patience(relay, wants_more));
  if (count == 0) lose_head(relay, CODE_HEAD_GONE, "the head is silent");
  if (count <= 0) return;
  if (ready[0].revents && !sent) outbox_flush(&relay->outbox);
  if (ready[3].revents) write_output(relay);
  if (ready[2].revents) forward_stdin(relay);
  for (int i = 0; i < HANDS; i++)
    if (ready[4 + i].revents && outbox_is_empty(&relay->outbox)) hands_answer(hands, i, &relay->outbox);
  if (ready[1].revents) forward_signal(relay);
  if (ready[0].revents && wants_more) receive(relay);
}

char *const *relay_job(const struct call *call, int head, unsigned features, struct inbox *inbox) {
  static struct relay relay;
  relay.head = relay.outbox.head = head;
  relay.features = features;
  relay.call = call;
  relay.inbox = inbox;
  relay.signals = signals_hold();
  relay.heard = now_ms();
  hands_begin(&relay.hands, &call->job);
  for (bool more = needs_more(&relay); !relay.handed_back; more = needs_more(&relay)) turn(&relay, more);
  if (relay.last_signal) die_of(relay.last_signal);
  signals_release();
  return relay.handed_back;
}
