#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int closed_with(int descriptor, int error) {
  close(descriptor);
  errno = error;
  return -1;
}

static bool is_link(int folder, const char *name) {
  struct stat about;
  return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode);
}

static int step(int folder, const char *component, size_t length) {
  char name[NAME_MAX + 1];
  memcpy(name, component, length);
  name[length] = 0;
  int next = openat(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int error = next < 0 && is_link(folder, name) ? ELOOP : errno;
  if (next < 0) return closed_with(folder, error);
  close(folder);
  return next;
}

int reach_parent(int folder, const char *path, const char **name) {
  int at = fcntl(folder, F_DUPFD_CLOEXEC, 3);
  while (at >= 0) {
    path += strspn(path, "/");
    size_t length = strcspn(path, "/");
    if (length == 0 || strncmp(path, "..", length) == 0) return closed_with(at, EXDEV);
    if (length > NAME_MAX) return closed_with(at, ENAMETOOLONG);
    if (path[length] == 0) {
      *name = path;
      return at;
    }
    at = step(at, path, length);
    path += length;
  }
  return at;
}

int reach_file(int folder, const char *path, int flags, mode_t mode) {
  const char *name;
  struct stat about;
  int parent = reach_parent(folder, path, &name);
  if (parent < 0) return -1;
  /* Looked at first: to open a pipe or a device can have effects, and its kind can change only to that harm. */
  if (fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(about.st_mode))
    return closed_with(parent, S_ISLNK(about.st_mode) ? ELOOP : S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
  int file = openat(parent, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
  int error = errno;
  close(parent);
  if (file < 0) {
    errno = error;
    return -1;
  }
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return closed_with(file, EINVAL);
  return file;
}
