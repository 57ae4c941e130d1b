#include "place.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

const char *shim_path(void) {
  static char path[PATH_MAX];
  if (path[0]) return path;
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length > 0) {
    path[length] = 0;
    return path;
  }
  /* A chroot may have no /proc: the kernel also hands over the name it was asked to run. */
  const char *named = (const char *)getauxval(AT_EXECFN);
  return named && realpath(named, path) ? path : NULL;
}

static const char *beside(char *path, size_t size, const char *suffix) {
  const char *shim = shim_path();
  if (!shim) return NULL;
  int length = snprintf(path, size, "%s%s", shim, suffix);
  return length > 0 && (size_t)length < size ? path : NULL;
}

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : NULL;
}

const char *original_path(void) {
  static char path[PATH_MAX];
  const char *named = setting("PACELINE_ORIGINAL");
  return named ? named : beside(path, sizeof path, ".orig");
}

static const char *first_line(char *line, size_t size, const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return NULL;
  ssize_t length = read(file, line, size - 1);
  close(file);
  if (length <= 0) return NULL;
  line[length] = 0;
  line[strcspn(line, "\r\n")] = 0;
  return line;
}

const char *head_path(void) {
  static char line[PATH_MAX];
  char path[PATH_MAX];
  const char *address = setting("PACELINE_HEAD");
  if (!address) {
    const char *file = beside(path, sizeof path, ".head");
    address = file ? first_line(line, sizeof line, file) : NULL;
  }
  if (!address || strncmp(address, "unix:/", 6) != 0) return NULL;
  return address + strlen("unix:");
}
