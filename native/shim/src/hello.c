#include "hello.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"

extern char **environ;

/* Counts bytes while `bytes` is NULL, writes them when it is not: both passes run the same code. */
struct writer {
  uint8_t *bytes;
  size_t length;
};

static void add_field(struct writer *to, enum hello_field field, const void *value, size_t length) {
  if (to->bytes) {
    to->bytes[to->length] = (uint8_t)field;
    put32(to->bytes + to->length + 1, (uint32_t)length);
    memcpy(to->bytes + to->length + 5, value, length);
  }
  to->length += 5 + length;
}

static void add_text(struct writer *to, enum hello_field field, const char *text) {
  add_field(to, field, text, strlen(text));
}

static bool starts_with(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool is_allowed(const char *entry) {
  /* A `=` at the end asks for this very name, its absence for every name that begins so. */
  static const char *const allowed[] = {
      "X_PLEX_TOKEN=", "PLEX_MEDIA_SERVER_", "PLEX_ARCH=", "FFMPEG_EXTERNAL_LIBS=", "EAE_ROOT=",
      "LANG=",         "LC_ALL=",            "TZ=",        "JELLYFIN_",
  };
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (starts_with(entry, allowed[i])) return true;
  return false;
}

static void add_all(struct writer *to, char *const *argv, const struct streams *streams, const char *directory) {
  uint8_t version[2] = {PROTOCOL_VERSION >> 8, PROTOCOL_VERSION & 0xff};
  if (to->bytes) memcpy(to->bytes + to->length, version, sizeof version);
  to->length += sizeof version;
  add_text(to, FIELD_FEATURE, "stdio");
  add_text(to, FIELD_FEATURE, "signals");
  uint8_t pid[4];
  put32(pid, (uint32_t)getpid());
  add_field(to, FIELD_PID, pid, sizeof pid);
  add_field(to, FIELD_STDIO, streams->kind, sizeof streams->kind);
  add_text(to, FIELD_DIRECTORY, directory);
  if (argv[0]) add_text(to, FIELD_PROGRAM, argv[0]);
  for (char *const *argument = argv[0] ? argv + 1 : argv; *argument; argument++)
    add_text(to, FIELD_ARGUMENT, *argument);
  for (char **entry = environ; *entry; entry++)
    if (is_allowed(*entry)) add_text(to, FIELD_ENVIRONMENT, *entry);
}

uint8_t *hello_build(char *const *argv, const struct streams *streams, size_t *length) {
  uint8_t *hello = NULL;
  char *directory = getcwd(NULL, 0);
  if (!directory) return NULL;
  struct writer counted = {NULL, HEADER_BYTES};
  add_all(&counted, argv, streams, directory);
  if (counted.length - HEADER_BYTES <= HELLO_MAX) hello = malloc(counted.length);
  if (hello) {
    struct writer written = {hello, HEADER_BYTES};
    put_header(hello, FRAME_HELLO, counted.length - HEADER_BYTES);
    add_all(&written, argv, streams, directory);
    *length = written.length;
  }
  free(directory);
  return hello;
}
