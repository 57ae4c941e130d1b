#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol.h"

void put32(uint8_t *at, uint32_t value);
uint32_t get32(const uint8_t *at);
void put64(uint8_t *at, uint64_t value);
uint64_t get64(const uint8_t *at);
uint16_t get16(const uint8_t *at);
void put_header(uint8_t *at, enum frame_type type, size_t payload_length);

struct frame {
  uint8_t type;
  uint32_t length;
  const uint8_t *payload;
};

/* What has come from the head and is not used yet: room for the largest frame it may send. */
struct inbox {
  size_t start, end;
  uint8_t bytes[HEADER_BYTES + PAYLOAD_MAX];
};

enum inbox_state { INBOX_EMPTY, INBOX_FRAME, INBOX_GARBLED };

/*
 * Takes the next whole frame, if there is one; its payload stays valid until inbox_fill().
 * Garbled: a type that the head may not send, or a length over the limit; seen from the header alone.
 */
enum inbox_state inbox_next(struct inbox *inbox, struct frame *frame);

/* Receives without waiting. Returns as recv() does: 0 when the head has closed, -1 with errno. */
ssize_t inbox_fill(struct inbox *inbox, int head);

#endif
