#include "hands.h"

#include <poll.h>
#include <string.h>

#include "clock.h"
#include "disk.h"
#include "http.h"
#include "read.h"

static const struct {
  enum frame_type request, answer;
  serve_request serve;
} kinds[HANDS] = {
    {FRAME_FILE, FRAME_FILE_ANSWER, disk_serve},
    {FRAME_HTTP, FRAME_HTTP_ANSWER, http_serve},
    {FRAME_READ, FRAME_READ_ANSWER, read_serve},
};

enum { FILES = 0, HTTP = 1, WRITE_HEAD = 10, REMOVAL_PATIENCE = 100 };

void hands_begin(struct hands *hands, const struct job *job) {
  hands->job = job;
  for (int i = 0; i < HANDS; i++) hands->helpers[i].serve = kinds[i].serve;
}

/* Once it has its own name there is nothing left to remove, and trying does no harm. */
static void remember_write(struct hands *hands, const uint8_t *request, size_t length) {
  static const char ending[] = {'.', 't', 'm', 'p'};
  if (length < WRITE_HEAD + 2 || request[0] != FILE_WRITE) return;
  size_t path = get16(request + WRITE_HEAD);
  if (length < WRITE_HEAD + 2 + path || path < sizeof ending || path > PATH_LENGTH_MAX) return;
  const uint8_t *end = request + WRITE_HEAD + 2 + path;
  if (memcmp(end - sizeof ending, ending, sizeof ending) != 0) return;
  hands->unfinished.request[0] = FILE_REMOVE;
  memcpy(hands->unfinished.request + 1, request + WRITE_HEAD, 2 + path);
  hands->unfinished.length = 1 + 2 + path;
}

bool hands_ask(struct hands *hands, const struct frame *frame) {
  int which = 0;
  while (kinds[which].request != frame->type) which++;
  if (which == FILES) remember_write(hands, frame->payload, frame->length);
  return helper_ask(&hands->helpers[which], hands->job, frame);
}

bool hands_is_due(const struct hands *hands, int which) {
  return hands->helpers[which].busy && !hands->helpers[which].channel;
}

int hands_channel(const struct hands *hands, int which) {
  const struct helper *helper = &hands->helpers[which];
  return helper->busy && helper->channel ? helper->channel : -1;
}

/* A reply means that the request has been sent whole; of one that failed the answer tells. */
static void settle(struct hands *hands, const uint8_t *answer) {
  if (answer[0] == HTTP_GO_ON) return;
  resume_settle(answer[0] == HTTP_REPLY || (answer[1] & 2), &hands->current, &hands->next);
}

void hands_answer(struct hands *hands, int which, struct outbox *outbox) {
  uint8_t *answer = outbox_payload(outbox);
  ssize_t length = helper_answer(&hands->helpers[which], hands->job, answer);
  if (length < 0) return;
  if (which == HTTP) settle(hands, answer);
  outbox_add(outbox, kinds[which].answer, (size_t)length);
}

/* By a helper, since the disk may hang. */
static void remove_unfinished(struct hands *hands) {
  struct helper *files = &hands->helpers[FILES];
  struct frame removal = {FRAME_FILE, (uint32_t)hands->unfinished.length, hands->unfinished.request};
  if (hands->unfinished.length == 0) return;
  hands->unfinished.length = 0;
  helper_ask(files, hands->job, &removal);
  struct pollfd ready = {.fd = files->channel ? files->channel : -1, .events = POLLIN};
  poll(&ready, 1, REMOVAL_PATIENCE);
  helper_end(files);
}

void hands_end(struct hands *hands) {
  static uint8_t answer[PAYLOAD_MAX];
  struct helper *http = &hands->helpers[HTTP];
  int64_t deadline = now_ms() + ANNOUNCEMENT_MAX;
  while (http->busy && http->channel && hands->next.left) {
    struct pollfd ready = {.fd = http->channel, .events = POLLIN};
    if (poll(&ready, 1, left_ms(deadline)) == 0) break;
    if (helper_answer(http, hands->job, answer) < 0) continue;
    settle(hands, answer);
    /* The rest of what it was to say will not come. */
    if (answer[0] == HTTP_GO_ON) break;
  }
  for (int i = 0; i < HANDS; i++) helper_end(&hands->helpers[i]);
  remove_unfinished(hands);
}
