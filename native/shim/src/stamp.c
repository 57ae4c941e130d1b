#include "stamp.h"

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "protocol.h"

enum { PLACES = 2 };

/* FNV-1a, 64 bits: sockets of different heads must not share a stamp in the temporary folder. */
static uint64_t digest(const char *text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
  return hash;
}

static bool place(char *path, size_t size, int number, const char *socket_path) {
  const char *temporary = getenv("TMPDIR");
  if (!temporary || *temporary != '/') temporary = "/tmp";
  int length = number == 0 ? snprintf(path, size, "%s.stalled", socket_path)
                           : snprintf(path, size, "%s/paceline-%u-%016llx.stalled", temporary, (unsigned)geteuid(),
                                      (unsigned long long)digest(socket_path));
  return length > 0 && (size_t)length < size;
}

/* Only this user's own file counts: in a shared folder others could keep every job off the head. */
static bool is_fresh(const char *path) {
  struct stat about;
  struct timespec now;
  if (lstat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_uid != geteuid()) return false;
  clock_gettime(CLOCK_REALTIME, &now);
  int64_t age = ((int64_t)now.tv_sec - about.st_mtim.tv_sec) * 1000 + (now.tv_nsec - about.st_mtim.tv_nsec) / 1000000;
  return age >= 0 && age < STALLED_FOR;
}

bool stamp_is_fresh(const char *socket_path) {
  char path[PATH_MAX];
  for (int number = 0; number < PLACES; number++)
    if (place(path, sizeof path, number, socket_path) && is_fresh(path)) return true;
  return false;
}

void stamp_leave(const char *socket_path) {
  char path[PATH_MAX];
  for (int number = 0; number < PLACES; number++) {
    if (!place(path, sizeof path, number, socket_path)) continue;
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (file < 0) continue;
    bool set = futimens(file, NULL) == 0;
    close(file);
    if (set) return;
  }
}

void stamp_remove(const char *socket_path) {
  char path[PATH_MAX];
  for (int number = 0; number < PLACES; number++)
    if (place(path, sizeof path, number, socket_path) && is_fresh(path)) unlink(path);
}
