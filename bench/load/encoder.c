/*
 * Stands for ffmpeg on a node where only what lies around it is measured: takes the arguments of a lease, and sends
 * segments of the right slots, sizes and times to its agent as ffmpeg would, SPEED times as fast as they are shown.
 * What is in the pictures is noise, but for their heads, which the head reads. It goes on until it is killed, as every lease that is cut is.
 *
 * Pictures: 30 a second, a segment of 3 s, on PID 0x100, one PES packet each. Sound: AAC of 48 kHz in ADTS, one frame
 * in each PES packet, in the file of the segment in which it begins. What the job has to be: bench/load/sessions.ts.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef SPEED
#define SPEED 5.0
#endif
#ifndef VIDEO_BITS
#define VIDEO_BITS 3000000
#endif
#ifndef SOURCE_BITS
#define SOURCE_BITS 0
#endif

enum { packet_bytes = 188, payload_bytes = 184, pictures = 90, picture_ticks = 3000, frame_bytes = 341 };
enum { offset_ticks = 20 * 90000, segment_ticks = pictures * picture_ticks, slices = 12 };

static uint8_t *out;
static size_t length;
static unsigned counter;
static uint8_t noise[1 << 16];

static void table(int pid, const uint8_t *section, size_t size) {
  uint8_t *packet = out + length;
  memset(packet, 0xff, packet_bytes);
  packet[0] = 0x47;
  packet[1] = 0x40 | pid >> 8;
  packet[2] = pid;
  packet[3] = 0x10;
  packet[4] = 0;
  memcpy(packet + 5, section, size);
  uint32_t crc = 0xffffffff;
  for (size_t i = 0; i < size; i++) {
    crc ^= (uint32_t)section[i] << 24;
    for (int bit = 0; bit < 8; bit++) crc = crc << 1 ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
  }
  for (int i = 0; i < 4; i++) packet[5 + size + i] = crc >> (24 - 8 * i);
  length += packet_bytes;
}

static void tables(int stream_type) {
  static const uint8_t association[] = {0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xf0, 0};
  uint8_t map[] = {2, 0xb0, 18, 0, 1, 0xc1, 0, 0, 0xe1, 0, 0xf0, 0, stream_type, 0xe1, 0, 0xf0, 0};
  table(0, association, sizeof association);
  table(0x1000, map, sizeof map);
}

static void stamp(uint8_t *at, int prefix, int64_t ticks) {
  at[0] = prefix << 4 | (ticks >> 30 & 7) << 1 | 1;
  at[1] = ticks >> 22;
  at[2] = (ticks >> 15 & 0x7f) << 1 | 1;
  at[3] = ticks >> 7;
  at[4] = (ticks & 0x7f) << 1 | 1;
}

/* One PES packet in transport packets: the header, `first` bytes as given, noise for the rest. */
static void unit(int stream_id, int64_t ticks, const uint8_t *first, size_t first_size, size_t size) {
  uint8_t pes[80] = {0, 0, 1, stream_id, 0, 0, 0x80, 0x80, 5};
  stamp(pes + 9, 2, ticks);
  memcpy(pes + 14, first, first_size);
  size_t head = 14 + first_size, total = 14 + size;
  for (size_t at = 0; at < total; at += payload_bytes) {
    size_t piece = total - at < payload_bytes ? total - at : payload_bytes;
    size_t stuffing = payload_bytes - piece;
    uint8_t *packet = out + length;
    memset(packet, 0xff, 4 + stuffing);
    packet[0] = 0x47;
    packet[1] = (at == 0 ? 0x40 : 0) | 0x01;
    packet[2] = 0;
    packet[3] = (stuffing ? 0x30 : 0x10) | (counter++ & 15);
    if (stuffing) packet[4] = stuffing - 1;
    if (stuffing > 1) packet[5] = 0;
    uint8_t *payload = packet + 4 + stuffing;
    memcpy(payload, noise + counter % (sizeof noise - payload_bytes), piece);
    if (at == 0) memcpy(payload, pes, head);
    length += packet_bytes;
  }
}

static void pictures_of(long segment) {
  /* Delimiter, the parameter sets that x264 writes for 1280x720, and how its slices begin. */
  static const uint8_t key[] = {0, 0, 0, 1, 9, 0x10, 0, 0, 0, 1, 0x67, 0x64, 0, 0x1f, 0xac, 0xd9, 0x40, 0x50, 5, 0xbb, 1, 0x10,
                                0, 0, 3, 0, 0x10, 0, 0, 3, 3, 0xc0, 0xf1, 0x83, 0x19, 0x60, 0, 0, 0, 1, 0x68, 0xef, 0x8f, 0xcb,
                                0, 0, 0, 1, 0x65, 0x88, 0x84};
  static const uint8_t other[] = {0, 0, 0, 1, 9, 0x30, 0, 0, 0, 1, 0x41, 0x9a, 0x24};
  const size_t all = VIDEO_BITS / 8 * 3, large = all / 12, small = (all - large) / (pictures - 1);
  tables(0x1b);
  for (int i = 0; i < pictures; i++) {
    int64_t ticks = offset_ticks + segment * segment_ticks + (int64_t)i * picture_ticks;
    unit(0xe0, ticks, i ? other : key, i ? sizeof other : sizeof key, i ? small : large);
  }
}

static void sound_of(long segment) {
  const uint8_t adts[] = {0xff, 0xf1, 0x4c, 0x80 | frame_bytes >> 11, frame_bytes >> 3 & 0xff, (frame_bytes & 7) << 5 | 0x1f, 0xfc};
  /* Samples: the first frame is the encoder's priming. */
  long frame = segment == 0 ? 0 : (segment * 3 * 48000 + 1024 + 1023) / 1024;
  tables(0x0f);
  for (; (frame - 1) * 1024 < (segment + 1) * 3 * 48000; frame++)
    unit(0xc0, offset_ticks + (frame - 1) * 1024 * 15 / 8, adts, sizeof adts, frame_bytes);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void rest(double seconds) {
  if (seconds > 0) nanosleep(&(struct timespec){(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)}, NULL);
}

static void report(long frames) {
  static double reported;
  if (now() - reported < 0.5) return;
  reported = now();
  dprintf(3, "frame=%ld\nspeed=%.2fx\nprogress=continue\n", frames, (double)SPEED);
}

static int connected(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) _exit(2);
  return fd;
}

static void send_all(int fd, const uint8_t *bytes, size_t size) {
  while (size > 0) {
    ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) _exit(3);
    bytes += sent;
    size -= sent;
  }
}

/* Waits until the agent wants the body; that may take as long as a viewer pauses. */
static void await_continue(int fd, long frames) {
  char answer[512];
  size_t have = 0;
  while (have < sizeof answer - 1) {
    struct pollfd wait = {fd, POLLIN, 0};
    report(frames);
    if (poll(&wait, 1, 500) == 0) continue;
    ssize_t got = recv(fd, answer + have, sizeof answer - 1 - have, 0);
    if (got <= 0) _exit(4);
    answer[have += got] = 0;
    if (strstr(answer, "\r\n\r\n")) break;
  }
  if (strncmp(answer, "HTTP/1.1 100", 12) != 0) _exit(5);
}

/* Reads what this segment's pictures would be made of, as far as it is not there. */
static void read_source(const char *input, long segment) {
  static uint8_t sink[1 << 16];
  int port;
  char path[256], request[512];
  if (!SOURCE_BITS || sscanf(input, "http://127.0.0.1:%d%255s", &port, path) != 2) return;
  long size = SOURCE_BITS / 8 * 3;
  int fd = connected(port);
  int bytes = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nRange: bytes=%ld-%ld\r\n\r\n",
                       path, segment * size, (segment + 1) * size - 1);
  send_all(fd, (uint8_t *)request, bytes);
  while (recv(fd, sink, sizeof sink, 0) > 0) continue;
  close(fd);
}

static void post(int port, const char *token, long segment, double seconds) {
  char head[256], size[16];
  double began = now();
  int fd = connected(port);
  int bytes = snprintf(head, sizeof head,
                       "POST /out/%s/%ld HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
                       token, segment);
  send_all(fd, (uint8_t *)head, bytes);
  await_continue(fd, segment * pictures);
  began = now() - began > seconds ? now() : began;
  size_t slice = (length / slices / packet_bytes + 1) * packet_bytes;
  for (size_t at = 0, n = 1; at < length; at += slice, n++) {
    size_t piece = length - at < slice ? length - at : slice;
    rest(began + seconds * n / slices - now());
    send_all(fd, (uint8_t *)size, snprintf(size, sizeof size, "%zx\r\n", piece));
    send_all(fd, out + at, piece);
    send_all(fd, (const uint8_t *)"\r\n", 2);
    report(segment * pictures);
  }
  send_all(fd, (const uint8_t *)"0\r\n\r\n", 5);
  /* ffmpeg does not wait for the answer; a reset would take the last bytes with it, so what comes is read. */
  shutdown(fd, SHUT_WR);
  while (recv(fd, head, sizeof head, 0) > 0) continue;
  close(fd);
}

int main(int argc, char **argv) {
  long segment = 0;
  int port, is_sound = 0;
  char token[64];
  const char *input = "";
  for (int i = 1; i + 1 < argc; i++) {
    if (strcmp(argv[i], "-segment_start_number") == 0) segment = atol(argv[i + 1]);
    if (strcmp(argv[i], "-i") == 0) input = argv[i + 1];
    if (strcmp(argv[i], "-vn") == 0) is_sound = 1;
  }
  if (argc < 2 || sscanf(argv[argc - 1], "http://%*[^@]@127.0.0.1:%d/out/%32[0-9a-f]", &port, token) != 2) return 1;
  signal(SIGPIPE, SIG_IGN);
  uint32_t seed = 1;
  for (size_t i = 0; i < sizeof noise; i++) noise[i] = (seed = seed * 1664525 + 1013904223) >> 24 | 1;
  out = malloc(VIDEO_BITS / 8 * 3 * 5 / 4 + (1 << 20));
  for (;; segment++) {
    length = 0;
    if (is_sound) sound_of(segment);
    else read_source(input, segment), pictures_of(segment);
    post(port, token, segment, 3 / SPEED);
  }
}
