#include "outbox.h"

#include <errno.h>
#include <sys/socket.h>

#include "frame.h"

bool outbox_is_empty(const struct outbox *outbox) { return outbox->start == outbox->end; }

bool outbox_has_room_for_signal(const struct outbox *outbox) {
  return sizeof outbox->bytes - outbox->end >= SIGNAL_FRAME;
}

uint8_t *outbox_payload(struct outbox *outbox) { return outbox->bytes + outbox->end + HEADER_BYTES; }

void outbox_add(struct outbox *outbox, enum frame_type type, size_t length) {
  put_header(outbox->bytes + outbox->end, type, length);
  outbox->end += HEADER_BYTES + length;
  outbox_flush(outbox);
}

void outbox_flush(struct outbox *outbox) {
  while (outbox->start < outbox->end) {
    ssize_t sent = send(outbox->head, outbox->bytes + outbox->start, outbox->end - outbox->start,
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      outbox->start += (size_t)sent;
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      /* What the head sent before it went is still to be read: only there can the job's end be told. */
      break;
    }
  }
  outbox->start = outbox->end = 0;
}
