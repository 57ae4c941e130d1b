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
  FRAME_FILE_ANSWER = 0x05,
  FRAME_HTTP_ANSWER = 0x06,
  FRAME_READ_ANSWER = 0x07,
  FRAME_ACCEPT = 0x81,
  FRAME_LOCAL = 0x82,
  FRAME_STDOUT = 0x83,
  FRAME_STDERR = 0x84,
  FRAME_EXIT = 0x85,
  FRAME_STDIN_NEXT = 0x86,
  FRAME_FILE = 0x87,
  FRAME_HTTP = 0x88,
  FRAME_READ = 0x89,
  FRAME_RESUME = 0x8a,
  FRAME_BEAT = 0x8b,
  FRAME_LAST = FRAME_BEAT,
};

enum hello_field {
  FIELD_FEATURE = 0x01,
  FIELD_PID = 0x02,
  FIELD_STDIO = 0x03,
  FIELD_DIRECTORY = 0x04,
  FIELD_PROGRAM = 0x05,
  FIELD_ARGUMENT = 0x06,
  FIELD_ENVIRONMENT = 0x07,
  FIELD_INPUT = 0x08,
  FIELD_FOLDER = 0x09,
  FIELD_NOTE = 0x0a,
};

/* What a shim can do, in the order of their names in features.c; `token` is there only while there is one. */
enum feature {
  FEATURE_STDIO = 1 << 0,
  FEATURE_SIGNALS = 1 << 1,
  FEATURE_FILES = 1 << 2,
  FEATURE_HTTP = 1 << 3,
  FEATURE_READ = 1 << 4,
  FEATURE_RESUME = 1 << 5,
  FEATURE_TOKEN = 1 << 6,
  FEATURE_RETURN = 1 << 7,
};

enum file_operation { FILE_WRITE = 1, FILE_RENAME = 2, FILE_REMOVE = 3, FILE_LIST = 4, FILE_LOOK = 5 };

enum http_answer { HTTP_REPLY = 0, HTTP_FAILED = 1, HTTP_GO_ON = 2 };

enum resume_edit { EDIT_VALUE = 1, EDIT_SEEK = 2, EDIT_DROP = 3 };

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
  ANSWER_BUDGET = 1480,
  STALLED_BUDGET = 15,
  STALLED_FOR = 30 * 1000,
  SIGNAL_SILENCE = 2000,
  SILENCE_MIN = 500,
  SILENCE_MAX = 60 * 1000,
  EXCHANGE_MAX = 60 * 1000,
  ANNOUNCEMENT_MAX = 5000,
};

#endif
