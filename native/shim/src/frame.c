#include "frame.h"

#include <string.h>
#include <sys/socket.h>

void put32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void put64(uint8_t *at, uint64_t value) {
  put32(at, (uint32_t)(value >> 32));
  put32(at + 4, (uint32_t)value);
}

uint64_t get64(const uint8_t *at) { return (uint64_t)get32(at) << 32 | get32(at + 4); }

uint16_t get16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

void put_header(uint8_t *at, enum frame_type type, size_t payload_length) {
  put32(at, (uint32_t)payload_length);
  at[4] = (uint8_t)type;
}

enum inbox_state inbox_next(struct inbox *inbox, struct frame *frame) {
  const uint8_t *at = inbox->bytes + inbox->start;
  size_t have = inbox->end - inbox->start;
  if (have < HEADER_BYTES) return INBOX_EMPTY;
  uint32_t length = get32(at);
  if (length > PAYLOAD_MAX || at[4] < FRAME_ACCEPT || at[4] > FRAME_LAST) return INBOX_GARBLED;
  if (have < HEADER_BYTES + (size_t)length) return INBOX_EMPTY;
  *frame = (struct frame){.type = at[4], .length = length, .payload = at + HEADER_BYTES};
  inbox->start += HEADER_BYTES + (size_t)length;
  return INBOX_FRAME;
}

ssize_t inbox_fill(struct inbox *inbox, int head) {
  size_t have = inbox->end - inbox->start;
  memmove(inbox->bytes, inbox->bytes + inbox->start, have);
  inbox->start = 0;
  inbox->end = have;
  ssize_t got = recv(head, inbox->bytes + have, sizeof inbox->bytes - have, MSG_DONTWAIT);
  if (got > 0) inbox->end += (size_t)got;
  return got;
}
