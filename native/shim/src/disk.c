#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "names.h"
#include "reach.h"

/* What of a request is not read yet. */
struct request {
  const uint8_t *at;
  size_t left;
};

static bool take(struct request *request, size_t count, const uint8_t **bytes) {
  if (request->left < count) return false;
  *bytes = request->at;
  request->at += count;
  request->left -= count;
  return true;
}

static bool take_path(struct request *request, char *path) {
  const uint8_t *bytes;
  if (!take(request, 2, &bytes)) return false;
  size_t length = get16(bytes);
  if (length == 0 || length >= PATH_MAX || !take(request, length, &bytes) || memchr(bytes, 0, length)) return false;
  memcpy(path, bytes, length);
  path[length] = 0;
  return true;
}

/* The way to what a path names, from a folder that is open already: below the working directory, or an output. */
static const char *way(const struct job *job, const char *path, int *folder) {
  size_t length = strlen(job->directory);
  if (length > 1 && strncmp(path, job->directory, length) == 0 && path[length] == '/') {
    *folder = job->folder;
    return path + length + 1;
  }
  *folder = job->root;
  return *path == '/' && names_output(job, path) ? path : NULL;
}

static int outside(void) {
  errno = EXDEV;
  return -1;
}

static int write_file(const struct job *job, struct request *request) {
  char path[PATH_MAX];
  const uint8_t *head;
  int folder;
  if (!take(request, 9, &head) || !take_path(request, path)) return errno = EBADMSG, -1;
  const char *rest = way(job, path, &folder);
  int begin = head[0] & 1 ? O_CREAT | O_TRUNC : 0;
  int file = rest ? reach_file(folder, rest, O_WRONLY | begin, 0666) : outside();
  if (file < 0) return -1;
  off_t offset = (off_t)(get64(head + 1) & INT64_MAX);
  int error = 0;
  while (request->left > 0 && !error) {
    ssize_t written = pwrite(file, request->at, request->left, offset);
    if (written < 0 && errno != EINTR) error = errno;
    if (written <= 0) continue;
    request->at += written;
    request->left -= (size_t)written;
    offset += written;
  }
  if (close(file) != 0 && !error) error = errno;
  errno = error;
  return error ? -1 : 0;
}

/* Opens the folder that holds what the request names next; its last component is left in `name`. */
static int take_place(const struct job *job, struct request *request, char *path, const char **name) {
  int folder;
  if (!take_path(request, path)) return errno = EBADMSG, -1;
  const char *rest = way(job, path, &folder);
  return rest ? reach_parent(folder, rest, name) : outside();
}

static int rename_file(const struct job *job, struct request *request) {
  char from[PATH_MAX], to[PATH_MAX];
  const char *old, *new;
  int source = take_place(job, request, from, &old);
  if (source < 0) return -1;
  int target = take_place(job, request, to, &new);
  int result = target < 0 ? -1 : renameat(source, old, target, new);
  int error = errno;
  close(source);
  if (target >= 0) close(target);
  errno = error;
  return result;
}

static int remove_file(const struct job *job, struct request *request) {
  char path[PATH_MAX];
  const char *name;
  int folder = take_place(job, request, path, &name);
  if (folder < 0) return -1;
  int result = unlinkat(folder, name, 0);
  int error = errno;
  close(folder);
  errno = error;
  return result;
}

static int look(const struct job *job, struct request *request, uint8_t *answer, size_t *length) {
  char path[PATH_MAX];
  const char *name;
  struct stat about;
  int folder = take_place(job, request, path, &name);
  if (folder < 0) return -1;
  int result = fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW);
  int error = errno;
  close(folder);
  errno = error;
  if (result != 0) return -1;
  answer[4] = S_ISREG(about.st_mode) ? 1 : S_ISDIR(about.st_mode) ? 2 : 0;
  put64(answer + 5, (uint64_t)about.st_size);
  put64(answer + 13, (uint64_t)about.st_mtim.tv_sec * 1000000000u + (uint64_t)about.st_mtim.tv_nsec);
  *length = 21;
  return 0;
}

/* Names of plain files in a folder, after the first `skip`; the byte after the error tells whether there are more. */
static void list_entries(DIR *folder, uint32_t skip, uint8_t *answer, size_t *length) {
  struct stat about;
  *length = 5;
  answer[4] = 0;
  for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
    size_t name = strlen(entry->d_name);
    if (fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode)) continue;
    if (skip > 0) {
      skip--;
      continue;
    }
    if (*length + 10 + name > PAYLOAD_MAX) {
      answer[4] = 1;
      return;
    }
    put64(answer + *length, (uint64_t)about.st_size);
    answer[*length + 8] = (uint8_t)(name >> 8);
    answer[*length + 9] = (uint8_t)name;
    memcpy(answer + *length + 10, entry->d_name, name);
    *length += 10 + name;
  }
}

/* Only folders below the working directory, itself included: an output's folder may hold what is none of the job's. */
static int list(const struct job *job, struct request *request, uint8_t *answer, size_t *length) {
  char path[PATH_MAX + 2];
  const uint8_t *skip;
  const char *name;
  int place;
  if (!take(request, 4, &skip) || !take_path(request, path)) return errno = EBADMSG, -1;
  /* With a name at its end the folder itself is the parent that is reached. */
  strcat(path, "/x");
  const char *rest = way(job, path, &place);
  int parent = !rest || place != job->folder ? outside() : reach_parent(place, rest, &name);
  int folder = parent < 0 ? -1 : openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *opened = folder < 0 ? NULL : fdopendir(folder);
  int error = errno;
  if (parent >= 0) close(parent);
  if (opened) {
    list_entries(opened, get32(skip), answer, length);
    closedir(opened);
    return 0;
  }
  if (folder >= 0) close(folder);
  errno = error;
  return -1;
}

size_t disk_serve(const struct job *job, const uint8_t *bytes, size_t count, uint8_t *answer) {
  struct request request = {bytes, count};
  const uint8_t *operation;
  size_t length = 4;
  int result = -1;
  errno = EBADMSG;
  if (take(&request, 1, &operation)) {
    switch (*operation) {
      case FILE_WRITE: result = write_file(job, &request); break;
      case FILE_RENAME: result = rename_file(job, &request); break;
      case FILE_REMOVE: result = remove_file(job, &request); break;
      case FILE_LIST: result = list(job, &request, answer, &length); break;
      case FILE_LOOK: result = look(job, &request, answer, &length); break;
      default: break;
    }
  }
  put32(answer, result == 0 ? 0 : (uint32_t)errno);
  return result == 0 ? length : 4;
}
