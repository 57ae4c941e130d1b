#include "http.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "address.h"
#include "clock.h"
#include "frame.h"
#include "reply.h"

enum { KEEPS = 1, HAS_BODY = 2, GOES_ON = 4, CONTINUES = 8 };
enum { HEAD_BYTES = 11, BLOCK_MAX = 16 * 1024 };

/* The exchange that is going on, and the connection that is kept from one to the next. */
static struct {
  int connection; /* of this exchange; 0 is none: it is above the streams */
  int kept;
  struct sockaddr_storage kept_address;
  bool reused, keeps, sent;
  int64_t deadline;
} now;

const char *server_token(void) {
  const char *token = getenv("X_PLEX_TOKEN");
  for (const char *at = token; at && *at; at++)
    if (!isgraph((unsigned char)*at)) return NULL;
  return token && *token ? token : NULL;
}

static size_t failed(uint8_t *answer, const char *why) {
  if (now.connection) close(now.connection);
  now.connection = 0;
  answer[0] = HTTP_FAILED;
  answer[1] = (uint8_t)((now.reused ? 1 : 0) | (now.sent ? 2 : 0));
  size_t length = strlen(why);
  memcpy(answer + 2, why, length);
  return 2 + length;
}

static bool wait_for(short events) {
  struct pollfd wanted = {.fd = now.connection, .events = events};
  int ready;
  do ready = poll(&wanted, 1, left_ms(now.deadline));
  while (ready < 0 && errno == EINTR);
  if (ready == 0) errno = ETIMEDOUT;
  return ready > 0;
}

static bool say(const void *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(now.connection, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent < 0 && !wait_for(POLLOUT)) return false;
    if (sent <= 0) continue;
    bytes = (const char *)bytes + sent;
    length -= (size_t)sent;
  }
  return true;
}

static bool reach(const struct address *address) {
  now.reused = now.keeps && now.kept && memcmp(&now.kept_address, &address->socket, sizeof address->socket) == 0;
  if (now.kept && !now.reused && now.keeps) close(now.kept);
  if (now.keeps) {
    now.connection = now.reused ? now.kept : 0;
    now.kept = 0;
    now.kept_address = address->socket;
  }
  if (now.reused) return true;
  now.connection = socket(address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (now.connection < 0) return now.connection = 0, false;
  if (connect(now.connection, (const struct sockaddr *)&address->socket, address->length) == 0) return true;
  if (errno != EINPROGRESS || !wait_for(POLLOUT)) return false;
  socklen_t size = sizeof errno;
  int error = 0;
  getsockopt(now.connection, SOL_SOCKET, SO_ERROR, &error, &size);
  errno = error;
  return error == 0;
}

/* A part of the body as a chunk; none and the last are the empty one. */
static bool say_part(const uint8_t *part, size_t length, bool goes_on) {
  char size[16];
  int digits = snprintf(size, sizeof size, "%zx\r\n", length);
  if (length > 0 && !(say(size, (size_t)digits) && say(part, length) && say("\r\n", 2))) return false;
  return goes_on || say("0\r\n\r\n", 5);
}

/* How long the body is, is for the shim to say: a second request could be hidden in one that lies about it. */
static bool is_header(const char *line) {
  static const char *const own[] = {"Transfer-Encoding", "Content-Length", "X-Plex-Token", "Trailer", "Upgrade"};
  size_t name = strcspn(line, ":");
  if (name == 0 || line[name] != ':') return false;
  for (size_t i = 0; i < name; i++)
    if (!isalnum((unsigned char)line[i]) && line[i] != '-') return false;
  for (const char *at = line + name; *at; at++)
    if ((unsigned char)*at < ' ' || *at == 0x7f) return false;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strlen(own[i]) == name && strncasecmp(line, own[i], name) == 0) return false;
  return true;
}

static bool add(char *block, size_t *used, const char *text) {
  size_t length = strlen(text);
  if (*used + length >= BLOCK_MAX) return false;
  memcpy(block + *used, text, length + 1);
  *used += length;
  return true;
}

static bool add_line(char *block, size_t *used, const char *line) {
  if (*line) return is_header(line) && add(block, used, line) && add(block, used, "\r\n");
  const char *token = server_token();
  if (!token) return true;
  return add(block, used, "X-Plex-Token: ") && add(block, used, token) && add(block, used, "\r\n");
}

/* A text with its length in two bytes before it, copied and ended with a zero; NULL when it is not whole. */
static char *take_text(const uint8_t **at, size_t *left, char *text, size_t size) {
  if (*left < 2) return NULL;
  size_t length = get16(*at);
  if (*left - 2 < length || length >= size || memchr(*at + 2, 0, length)) return NULL;
  memcpy(text, *at + 2, length);
  text[length] = 0;
  *at += 2 + length;
  *left -= 2 + length;
  return text;
}

/* Request line and headers; leaves `at` at the body. NULL, or why not. */
static const char *write_block(const struct job *job, const uint8_t **at, size_t *left, char *block, size_t *used,
                               struct address *address) {
  char text[BLOCK_MAX];
  uint32_t argument = get32(*at + 5);
  uint8_t method = (*at)[9], lines = (*at)[10];
  bool has_body = (*at)[0] & HAS_BODY;
  *at += HEAD_BYTES;
  *left -= HEAD_BYTES;
  bool is_input = argument > 0 && argument < job->count && strcmp(job->arguments[argument - 1], "-i") == 0;
  if (argument >= job->count || is_input || !address_read(job->arguments[argument], address))
    return "the argument is no address of this machine";
  if (!take_text(at, left, text, sizeof text) || !is_suffix(text)) return "the address cannot be made longer by that";
  bool fits = add(block, used, method ? "POST " : "PUT ") && add(block, used, address->target) &&
              add(block, used, text) && add(block, used, " HTTP/1.1\r\n");
  if (has_body) fits = fits && add(block, used, "Transfer-Encoding: chunked\r\n");
  for (; fits && lines > 0; lines--) fits = take_text(at, left, text, sizeof text) && add_line(block, used, text);
  return fits && add(block, used, "\r\n") ? NULL : "a header that cannot be sent";
}

static size_t hear(uint8_t *answer) {
  static struct reply reply;
  struct reply_body body;
  enum reply_state state;
  reply.length = 0;
  reply.over = false;
  while ((state = reply_read(&reply, &body)) == REPLY_MORE) {
    if (!wait_for(POLLIN)) return failed(answer, "no reply in time");
    ssize_t got = recv(now.connection, reply.bytes + reply.length, REPLY_MAX - reply.length, MSG_DONTWAIT);
    if (got < 0 && errno != EAGAIN && errno != EINTR) return failed(answer, strerror(errno));
    reply.over = got == 0;
    if (got > 0) reply.length += (size_t)got;
  }
  if (state == REPLY_BROKEN) return failed(answer, "the connection ended within a reply");
  if (now.keeps && body.keeps) now.kept = now.connection;
  else close(now.connection);
  now.connection = 0;
  answer[0] = HTTP_REPLY;
  answer[1] = (uint8_t)(body.status >> 8);
  answer[2] = (uint8_t)body.status;
  memcpy(answer + 3, body.bytes, body.length);
  return 3 + body.length;
}

static size_t go_on(const uint8_t *part, size_t length, uint8_t flags, uint8_t *answer) {
  if ((flags & (HAS_BODY | CONTINUES)) && !say_part(part, length, flags & GOES_ON)) return failed(answer, strerror(errno));
  if (!(flags & GOES_ON)) {
    now.sent = true;
    return hear(answer);
  }
  answer[0] = HTTP_GO_ON;
  return 1;
}

size_t http_serve(const struct job *job, const uint8_t *request, size_t length, uint8_t *answer) {
  static char block[BLOCK_MAX];
  size_t used = 0;
  struct address address;
  uint8_t flags = length > 0 ? request[0] : 0;
  if (flags & CONTINUES) {
    if (now.connection) return go_on(request + 1, length - 1, flags, answer);
    return failed(answer, "there is nothing to go on with");
  }
  if (now.connection) close(now.connection);
  now.connection = 0;
  now.reused = now.sent = false;
  if (length < HEAD_BYTES) return failed(answer, "half a request");
  uint32_t timeout = get32(request + 1);
  now.deadline = now_ms() + (timeout < EXCHANGE_MAX ? timeout : EXCHANGE_MAX);
  now.keeps = flags & KEEPS;
  const char *why = write_block(job, &request, &length, block, &used, &address);
  if (why) return failed(answer, why);
  if (!reach(&address) || !say(block, used)) return failed(answer, strerror(errno));
  return go_on(request, length, flags, answer);
}
