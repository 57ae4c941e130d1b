#ifndef JOB_H
#define JOB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { INPUTS_MAX = 16 };

/* A file that stands behind `-i`, opened before the head is asked: what is put in its place later does not matter. */
struct input {
  size_t argument;
  int file;  /* -1 when it could not be opened */
  int error; /* why not */
};

/* What the media server wants, as far as the head's hands may touch it. */
struct job {
  char *const *arguments; /* without the program; NULL at the end */
  size_t count;
  char *directory; /* the working directory, absolute */
  int folder;      /* the same, open */
  int root;        /* `/`, open */
  struct input inputs[INPUTS_MAX];
  size_t input_count;
};

/* Looks at the job and opens its inputs. `directory` is NULL when the working directory is not there any more. */
void job_look(struct job *job, char *const *argv);

/* Without a `file:` before it, if the argument has one. */
const char *job_path(const char *argument);

#endif
