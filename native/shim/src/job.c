#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "reach.h"
#include "streams.h"

const char *job_path(const char *argument) {
  return strncmp(argument, "file:", strlen("file:")) == 0 ? argument + strlen("file:") : argument;
}

static void open_input(struct job *job, size_t argument) {
  const char *path = job_path(job->arguments[argument]);
  if (*path != '/' || job->input_count == INPUTS_MAX) return;
  int file = above_streams(reach_file(job->root, path, O_RDONLY, 0));
  job->inputs[job->input_count++] = (struct input){argument, file, file < 0 ? errno : 0};
}

void job_look(struct job *job, char *const *argv) {
  *job = (struct job){.arguments = argv[0] ? argv + 1 : argv, .directory = getcwd(NULL, 0)};
  job->folder = above_streams(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  job->root = above_streams(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  while (job->arguments[job->count]) job->count++;
  for (size_t i = 1; i < job->count; i++)
    if (strcmp(job->arguments[i - 1], "-i") == 0) open_input(job, i);
}
