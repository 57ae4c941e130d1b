#include "reply.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of a header in the block that ends at `end`; NULL when it is not there. */
static const char *header(const char *block, const char *end, const char *name) {
  size_t length = strlen(name);
  for (const char *line = strstr(block, "\r\n"); line && line < end; line = strstr(line, "\r\n")) {
    line += 2;
    if (strncasecmp(line, name, length) == 0 && line[length] == ':') return line + length + 1 + strspn(line + length + 1, " \t");
  }
  return NULL;
}

static bool says(const char *value, const char *word) {
  return value && strncasecmp(value, word, strlen(word)) == 0;
}

/* Puts chunks together in place. `end` is left where the body ends; false when the last is not there yet. */
static bool join_chunks(char *bytes, const char *last, size_t *length, bool *broken) {
  char *to = bytes;
  const char *from = bytes;
  for (;;) {
    const char *line = memchr(from, '\n', (size_t)(last - from));
    if (!line) return false;
    char *digits;
    unsigned long size = strtoul(from, &digits, 16);
    *broken = !isxdigit((unsigned char)*from) || size > REPLY_MAX;
    if (*broken) return false;
    from = line + 1;
    if (size == 0) break;
    if ((size_t)(last - from) < size + 2) return false;
    memmove(to, from, size);
    to += size;
    from += size + 2;
  }
  *length = (size_t)(to - bytes);
  /* Trailers are not looked at; an empty line ends them. */
  return strncmp(from, "\r\n", 2) == 0 || strstr(from, "\r\n\r\n");
}

static enum reply_state read_chunks(struct reply *reply, struct reply_body *body) {
  static char copy[REPLY_MAX + 1];
  size_t length = reply->length - (size_t)(body->bytes - reply->bytes);
  bool broken = false;
  memcpy(copy, body->bytes, length + 1);
  if (!join_chunks(copy, copy + length, &body->length, &broken)) return broken || reply->over ? REPLY_BROKEN : REPLY_MORE;
  memcpy(body->bytes, copy, body->length);
  return REPLY_WHOLE;
}

static enum reply_state read_body(struct reply *reply, struct reply_body *body, const char *length_text, bool chunked) {
  size_t have = reply->length - (size_t)(body->bytes - reply->bytes);
  bool full = reply->length == REPLY_MAX;
  body->length = have;
  if (body->status == 204 || body->status == 304) {
    body->length = 0;
    return REPLY_WHOLE;
  }
  if (chunked && !full) return read_chunks(reply, body);
  if (!chunked && length_text) {
    unsigned long long wanted = strtoull(length_text, NULL, 10);
    if (have >= wanted) {
      body->length = (size_t)wanted;
      return REPLY_WHOLE;
    }
    if (reply->over) return REPLY_BROKEN;
  }
  body->keeps = false;
  return full || reply->over ? REPLY_WHOLE : REPLY_MORE;
}

enum reply_state reply_read(struct reply *reply, struct reply_body *body) {
  for (;;) {
    reply->bytes[reply->length] = 0;
    char *end = strstr(reply->bytes, "\r\n\r\n");
    if (!end) return reply->over || reply->length == REPLY_MAX ? REPLY_BROKEN : REPLY_MORE;
    if (strncmp(reply->bytes, "HTTP/1.", 7) != 0 || strnlen(reply->bytes, 13) < 13) return REPLY_BROKEN;
    *body = (struct reply_body){.status = (unsigned)strtoul(reply->bytes + 8, NULL, 10), .bytes = end + 4};
    if (body->status >= 200 && body->status <= 599) {
      body->keeps = !says(header(reply->bytes, end, "Connection"), "close") && reply->bytes[7] == '1';
      bool chunked = says(header(reply->bytes, end, "Transfer-Encoding"), "chunked");
      return read_body(reply, body, header(reply->bytes, end, "Content-Length"), chunked);
    }
    if (body->status < 100 || body->status > 199) return REPLY_BROKEN;
    /* One that only says that the real one will come. */
    reply->length -= (size_t)(body->bytes - reply->bytes);
    memmove(reply->bytes, body->bytes, reply->length);
  }
}
