/*
 * Throws garbage at everything in the shim that reads what others write: frames, requests, replies, arguments. Built
 * with address and undefined-behaviour checks, which end it at the first finding; the input then lies in the file
 * that is named on stderr. Inputs that reach new code are kept and changed further.
 *
 *   fuzz --seconds N [--seed N] [--folder EMPTY] [INPUT...]     with INPUTs: only those, each once
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/address.h"
#include "../src/ask.h"
#include "../src/clock.h"
#include "../src/disk.h"
#include "../src/features.h"
#include "../src/frame.h"
#include "../src/hello.h"
#include "../src/http.h"
#include "../src/mask.h"
#include "../src/names.h"
#include "../src/read.h"
#include "../src/reply.h"
#include "../src/resume.h"
#include "../src/unquote.h"
#include "coverage.h"

enum { INPUT_MAX = 4096, KEPT_MAX = 4096, WORDS_MAX = 64 };

struct sample {
  size_t length;
  uint8_t bytes[INPUT_MAX];
};

static struct sample current, *kept[KEPT_MAX];
static size_t kept_count;
static uint64_t state = 1;
static struct job job;
static uint8_t answer[PAYLOAD_MAX];

static char *plain_argv[] = {
    "transcoder", "-ss", "5", "-i", "film", "-i", "file:/no/film", "-fps_mode:0", "cfr", "-filter_complex",
    "[0:0]subtitles=filename='/fonts/a\\\\:b':size=4[1]", "-segment_start_number", "3", "-segment_list",
    "http://127.0.0.1:1/list?X-Plex-Token=abc", "/out/a-%05d-$Number$.ts", "-progressurl", "http://127.0.0.1:1/p",
    NULL};

#define SEED(target, text) {target, sizeof text - 1, text}

static const struct {
  uint8_t target;
  size_t length;
  const char *bytes;
} seeds[] = {
    SEED(0, "\0\0\0\5\203hello\0\0\0\7\201\0\1\1\0\0\0"),
    SEED(0, "\1\0\0\0\4read\1\0\0\0\6resume"),
    SEED(1, "\1\1\0\0\0\1\0013\3\0\0\0\6\0\1\0\0\0\13\00242"),
    SEED(1, "\2"),
    SEED(1, "\5\4note\1\0\0\0\1\0013"),
    SEED(2, "/out/a-00001-2.ts.tmp"),
    SEED(2, "http://[::1]:80/a?X-Plex-Token%3Dabc&server-token"),
    SEED(2, "a='/fonts/a\\:b':c"),
    SEED(3, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"),
    SEED(3, "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    SEED(5, "\0\0\0\3\0\0\0\0\0\0\0\2\0\0\0\12"),
    SEED(5, "\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0"),
    SEED(5, "\0\0\0\11\0\0\0\0\0\0\0\0\0\0\0\12/fonts/a:b"),
    SEED(6, "\3\0\0\0\12\0\0\0\20\1\2\0\4?a=b\0\3A: b\0\0a body"),
    SEED(6, "\12more"),
    SEED(7, "-i\0/a\0-f\0hls\0-vf\0subtitles=/fonts/a:b\0/out/a-%d.ts\0X-Plex-Token=a"),
};

/* The operations on files, each on a file below the working directory. */
static size_t file_seed(uint8_t operation, uint8_t *to) {
  static const size_t head[] = {0, 9, 0, 0, 4, 0};
  size_t length = 1 + head[operation], folder = strlen(job.directory);
  memset(to, 0, length);
  to[0] = operation;
  to[1] = operation == 1;
  for (int paths = operation == 2 ? 2 : 1; paths > 0; paths--) {
    to[length] = 0;
    to[length + 1] = (uint8_t)(folder + 6);
    memcpy(to + length + 2, job.directory, folder);
    memcpy(to + length + 2 + folder, "/sub/x", 6);
    length += 2 + folder + 6;
  }
  memcpy(to + length, "bytes", 5);
  return length + (operation == 1 ? 5 : 0);
}

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static void fuzz_text(const char *text) {
  struct address address;
  char *copy = malloc(3 * strlen(text) + 64 * sizeof MASKED + 1);
  mask(text, "server-token", NULL);
  if (strlen(text) < 64) mask(text, "server-token", copy);
  free(copy);
  is_value_in(plain_argv[10], text);
  is_value_in(text, "/fonts/a:b");
  names_output(&job, text);
  if (address_read(text, &address)) is_suffix(address.target);
}

static void fuzz_arguments(char *text, size_t length) {
  char *argv[WORDS_MAX + 2] = {"transcoder"};
  size_t count = 1, hello_length;
  static struct call call;
  struct job *other = &call.job;
  for (size_t at = 0; at < length && count < WORDS_MAX; at += strlen(text + at) + 1) argv[count++] = text + at;
  worth_asking(argv + 1);
  call.argv = argv;
  job_look(other, argv);
  uint8_t *hello = hello_build(&call, NULL, &hello_length);
  names_output(other, "/out/a-1.ts");
  for (size_t i = 0; i < count; i++) names_in_graph(other, i, "/fonts/a:b");
  for (size_t i = 0; i < other->input_count; i++)
    if (other->inputs[i].file >= 0) close(other->inputs[i].file);
  close(other->folder);
  close(other->root);
  free(other->directory);
  free(hello);
}

static void fuzz_reply(const uint8_t *bytes, size_t length) {
  static struct reply reply;
  struct reply_body body;
  reply.length = 0;
  reply.over = false;
  for (size_t at = 0; at < length;) {
    size_t piece = 1 + bytes[at] % 64;
    if (piece > length - at) piece = length - at;
    memcpy(reply.bytes + reply.length, bytes + at, piece);
    reply.length += piece;
    at += piece;
    reply.over = at == length;
    if (reply_read(&reply, &body) != REPLY_MORE) return;
  }
}

static void fuzz_frames(const uint8_t *bytes, size_t length) {
  static struct inbox inbox;
  struct frame frame;
  unsigned features;
  inbox.start = 0;
  inbox.end = length;
  memcpy(inbox.bytes, bytes, length);
  while (inbox_next(&inbox, &frame) == INBOX_FRAME)
    if (features_read(frame.payload, frame.length, &features)) features_allow(features, frame.type);
}

static void fuzz_resume(const uint8_t *bytes, size_t length) {
  static struct resume now, later;
  resume_take(plain_argv, bytes, length, &now, &later);
  resume_settle(length % 2, &now, &later);
}

/* The first byte tells what is fed with the rest. */
static void run(const struct sample *input) {
  static char text[INPUT_MAX + 1];
  const uint8_t *bytes = input->bytes + 1;
  size_t length = input->length - 1;
  memcpy(text, bytes, length);
  text[length] = 0;
  switch (input->bytes[0] % 8) {
    case 0: fuzz_frames(bytes, length); break;
    case 1: fuzz_resume(bytes, length); break;
    case 2: fuzz_text(text); break;
    case 3: fuzz_reply(bytes, length); break;
    case 4: disk_serve(&job, bytes, length, answer); break;
    case 5: read_serve(&job, bytes, length, answer); break;
    case 6: http_serve(&job, bytes, length, answer); break;
    default: fuzz_arguments(text, length);
  }
}

static void change(struct sample *input) {
  for (uint64_t changes = 1 + next() % 6; changes > 0; changes--) {
    size_t at = next() % input->length;
    const struct sample *other = kept[next() % kept_count];
    size_t piece = 1 + next() % 16;
    switch (next() % 6) {
      case 0: input->bytes[at] ^= (uint8_t)(1u << next() % 8); break;
      case 1: input->bytes[at] = (uint8_t)next(); break;
      case 2: input->bytes[at] = (uint8_t)"\0\xff\x7f/.\\':%$=\r\n "[next() % 14]; break;
      case 3: input->length = 1 + at; break;
      case 4:
        if (input->length + piece > INPUT_MAX) break;
        memmove(input->bytes + at + piece, input->bytes + at, input->length - at);
        input->length += piece;
        break;
      default:
        if (piece > other->length) piece = other->length;
        if (at + piece > INPUT_MAX) break;
        memcpy(input->bytes + at, other->bytes, piece);
        if (at + piece > input->length) input->length = at + piece;
    }
  }
}

static void keep(const struct sample *input) {
  size_t place = kept_count < KEPT_MAX ? kept_count++ : next() % KEPT_MAX;
  if (!kept[place]) kept[place] = malloc(sizeof *input);
  *kept[place] = *input;
}

/* A sanitizer aborts: what it was fed with last must not be lost. */
static void save(int number) {
  int file = open("/tmp/paceline-shim-fuzz-finding", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  if (file >= 0 && write(file, current.bytes, current.length) >= 0)
    (void)!write(2, "the input is in /tmp/paceline-shim-fuzz-finding\n", 48);
  signal(number, SIG_DFL);
  raise(number);
}

static int once(char *const *paths) {
  for (; *paths; paths++) {
    int file = open(*paths, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, current.bytes, sizeof current.bytes);
    if (length <= 0) return 1;
    current.length = (size_t)length;
    run(&current);
    close(file);
  }
  return 0;
}

int main(int argc, char **argv) {
  int64_t seconds = 10;
  unsigned long runs = 0;
  const char *folder = NULL;
  int option = 1;
  for (; option + 1 < argc && strncmp(argv[option], "--", 2) == 0; option += 2) {
    if (strcmp(argv[option], "--seconds") == 0) seconds = atoll(argv[option + 1]);
    if (strcmp(argv[option], "--seed") == 0) state = (uint64_t)atoll(argv[option + 1]) * 2654435761u + 1;
    if (strcmp(argv[option], "--folder") == 0) folder = argv[option + 1];
  }
  signal(SIGABRT, save);
  if (folder && chdir(folder) != 0) return 1;
  static char film[4096];
  snprintf(film, sizeof film, "%s/film", folder ? folder : "");
  plain_argv[4] = film;
  job_look(&job, plain_argv);
  if (argv[option]) return once(argv + option);
  for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
    current = (struct sample){.length = 1 + seeds[i].length, .bytes = {seeds[i].target}};
    memcpy(current.bytes + 1, seeds[i].bytes, seeds[i].length);
    keep(&current);
  }
  for (uint8_t operation = 1; operation <= 5; operation++) {
    current = (struct sample){.bytes = {4}};
    current.length = 1 + file_seed(operation, current.bytes + 1);
    keep(&current);
  }
  int64_t end = now_ms() + seconds * 1000;
  for (; runs % 256 || now_ms() < end; runs++) {
    current = *kept[next() % kept_count];
    change(&current);
    run(&current);
    if (coverage_grew()) keep(&current);
  }
  printf("%lu inputs, %u places reached, %zu inputs kept, no finding\n", runs, coverage_count(), kept_count);
  return 0;
}
