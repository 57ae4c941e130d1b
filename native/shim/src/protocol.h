#ifndef PROTOCOL_H
#define PROTOCOL_H

/* Numbers of the wire protocol and its limits; PROTOCOL.md says what they mean and why. */

enum {
  PROTOCOL_VERSION = 1,
  HEADER_BYTES = 5,
  PAYLOAD_MAX = 64 * 1024,
  HELLO_MAX = 4 * 1024 * 1024,
};

enum frame_type {
  FRAME_HELLO = 0x01,
  FRAME_STDIN = 0x02,
  FRAME_STDIN_END = 0x03,
  FRAME_SIGNAL = 0x04,
  FRAME_ACCEPT = 0x81,
  FRAME_LOCAL = 0x82,
  FRAME_STDOUT = 0x83,
  FRAME_STDERR = 0x84,
  FRAME_EXIT = 0x85,
  FRAME_STDIN_NEXT = 0x86,
};

enum hello_field {
  FIELD_FEATURE = 0x01,
  FIELD_PID = 0x02,
  FIELD_STDIO = 0x03,
  FIELD_DIRECTORY = 0x04,
  FIELD_PROGRAM = 0x05,
  FIELD_ARGUMENT = 0x06,
  FIELD_ENVIRONMENT = 0x07,
};

enum { EXIT_BY_CODE = 0, EXIT_BY_SIGNAL = 1 };

/* Exit codes of the shim itself. The first two are those of shells, the others those of sysexits.h. */
enum {
  CODE_ORIGINAL_BROKEN = 126,
  CODE_ORIGINAL_MISSING = 127,
  CODE_HEAD_GONE = 69,
  CODE_HEAD_GARBLED = 76,
};

/* Milliseconds. */
enum {
  ANSWER_BUDGET = 1500,
  STALLED_BUDGET = 20,
  STALLED_FOR = 30 * 1000,
  SIGNAL_SILENCE = 2000,
};

#endif
