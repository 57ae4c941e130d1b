#include "read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "names.h"
#include "reach.h"

enum { HEAD_BYTES = 16 };

void put_identity(uint8_t *at, const struct stat *about) {
  put64(at, (uint64_t)about->st_dev);
  put64(at + 8, (uint64_t)about->st_ino);
  put64(at + 16, (uint64_t)about->st_size);
  put64(at + 24, (uint64_t)about->st_mtim.tv_sec * 1000000000u + (uint64_t)about->st_mtim.tv_nsec);
}

static int opened_input(const struct job *job, size_t argument) {
  for (size_t i = 0; i < job->input_count; i++) {
    if (job->inputs[i].argument != argument) continue;
    errno = job->inputs[i].error;
    return job->inputs[i].file;
  }
  errno = EXDEV;
  return -1;
}

/* The file that an argument is, or that the graph in it names. A graph's is kept open for the requests that follow. */
static int file_of(const struct job *job, size_t argument, const uint8_t *bytes, size_t length) {
  static char kept[PATH_MAX];
  static size_t kept_argument;
  static int file = -1;
  char path[PATH_MAX];
  if (length == 0) return opened_input(job, argument);
  if (length >= sizeof path || memchr(bytes, 0, length)) return errno = EBADMSG, -1;
  memcpy(path, bytes, length);
  path[length] = 0;
  if (file >= 0 && kept_argument == argument && strcmp(path, kept) == 0) return file;
  if (!names_in_graph(job, argument, path)) return errno = EXDEV, -1;
  if (file >= 0) close(file);
  file = reach_file(job->root, path, O_RDONLY, 0);
  memcpy(kept, path, length + 1);
  kept_argument = argument;
  return file;
}

size_t read_serve(const struct job *job, const uint8_t *request, size_t length, uint8_t *answer) {
  struct stat about;
  size_t used = 4;
  errno = EBADMSG;
  int file = length < HEAD_BYTES ? -1 : file_of(job, get32(request), request + HEAD_BYTES, length - HEAD_BYTES);
  if (file >= 0) {
    size_t wanted = get32(request + 12);
    if (wanted > PAYLOAD_MAX - 4) wanted = PAYLOAD_MAX - 4;
    ssize_t got = 0;
    if (wanted == 0) {
      got = fstat(file, &about);
      if (got == 0) put_identity(answer + 4, &about);
      used += got == 0 ? IDENTITY_BYTES : 0;
    } else {
      do got = pread(file, answer + 4, wanted, (off_t)(get64(request + 4) & INT64_MAX));
      while (got < 0 && errno == EINTR);
      used += got > 0 ? (size_t)got : 0;
    }
    if (got >= 0) errno = 0;
  }
  put32(answer, (uint32_t)errno);
  return used;
}
