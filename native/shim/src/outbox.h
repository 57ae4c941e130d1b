#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

enum { SIGNAL_FRAME = HEADER_BYTES + 1, SIGNALS_WAITING = 16 };

/* What the head has not taken yet: one large frame at most, and some signals behind it. */
struct outbox {
  int head;
  size_t start, end;
  uint8_t bytes[HEADER_BYTES + PAYLOAD_MAX + SIGNALS_WAITING * SIGNAL_FRAME];
};

bool outbox_is_empty(const struct outbox *outbox);
bool outbox_has_room_for_signal(const struct outbox *outbox);

/* Where the payload of the next frame is to be written before outbox_add(). */
uint8_t *outbox_payload(struct outbox *outbox);
void outbox_add(struct outbox *outbox, enum frame_type type, size_t length);

/* Sends what the head takes without waiting; all is forgotten when the head has gone. */
void outbox_flush(struct outbox *outbox);

#endif
