#include "hello.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features.h"
#include "frame.h"
#include "http.h"
#include "mask.h"
#include "read.h"

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
      "PLEX_MEDIA_SERVER_", "PLEX_ARCH=", "FFMPEG_EXTERNAL_LIBS=", "EAE_ROOT=", "LANG=", "LC_ALL=", "TZ=", "JELLYFIN_",
  };
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (starts_with(entry, allowed[i])) return true;
  return false;
}

static void add_masked(struct writer *to, const char *argument) {
  size_t length = mask(argument, server_token(), NULL);
  if (to->bytes) {
    to->bytes[to->length] = FIELD_ARGUMENT;
    put32(to->bytes + to->length + 1, (uint32_t)length);
    mask(argument, server_token(), (char *)to->bytes + to->length + 5);
  }
  to->length += 5 + length;
}

static void add_input(struct writer *to, const struct input *input) {
  uint8_t value[8 + IDENTITY_BYTES] = {0};
  struct stat about;
  put32(value, (uint32_t)input->argument);
  put32(value + 4, (uint32_t)input->error);
  if (input->file >= 0 && fstat(input->file, &about) == 0) put_identity(value + 8, &about);
  add_field(to, FIELD_INPUT, value, sizeof value);
}

static void add_folder(struct writer *to, const struct job *job) {
  uint8_t value[17] = {0};
  struct stat about;
  if (fstat(job->folder, &about) != 0) return;
  put64(value, (uint64_t)about.st_dev);
  put64(value + 8, (uint64_t)about.st_ino);
  value[16] = faccessat(job->folder, ".", W_OK | X_OK, AT_EACCESS) == 0;
  add_field(to, FIELD_FOLDER, value, sizeof value);
}

static void add_all(struct writer *to, const struct call *call, const struct note *note) {
  const struct job *job = &call->job;
  uint8_t version[2] = {PROTOCOL_VERSION >> 8, PROTOCOL_VERSION & 0xff};
  if (to->bytes) memcpy(to->bytes + to->length, version, sizeof version);
  to->length += sizeof version;
  for (size_t i = 0; feature_name(i); i++)
    if (1u << i != FEATURE_TOKEN || server_token()) add_text(to, FIELD_FEATURE, feature_name(i));
  uint8_t pid[4];
  put32(pid, (uint32_t)getpid());
  add_field(to, FIELD_PID, pid, sizeof pid);
  add_field(to, FIELD_STDIO, call->streams.kind, sizeof call->streams.kind);
  add_text(to, FIELD_DIRECTORY, job->directory);
  if (call->argv[0]) add_text(to, FIELD_PROGRAM, call->argv[0]);
  for (size_t i = 0; i < job->count; i++) add_masked(to, job->arguments[i]);
  for (char **entry = environ; *entry; entry++)
    if (is_allowed(*entry)) add_text(to, FIELD_ENVIRONMENT, *entry);
  for (size_t i = 0; i < job->input_count; i++) add_input(to, &job->inputs[i]);
  add_folder(to, job);
  if (note) add_field(to, FIELD_NOTE, note->bytes, note->length);
}

uint8_t *hello_build(const struct call *call, const struct note *note, size_t *length) {
  if (!call->job.directory) return NULL;
  struct writer counted = {NULL, HEADER_BYTES};
  add_all(&counted, call, note);
  if (counted.length - HEADER_BYTES > HELLO_MAX) return NULL;
  uint8_t *hello = malloc(counted.length);
  if (!hello) return NULL;
  struct writer written = {hello, HEADER_BYTES};
  put_header(hello, FRAME_HELLO, counted.length - HEADER_BYTES);
  add_all(&written, call, note);
  *length = written.length;
  return hello;
}
