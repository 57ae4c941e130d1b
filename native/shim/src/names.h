#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "job.h"

/*
 * Whether the path is an output of the job outside its working directory: one of the arguments, with numbers in
 * place of `%d`, `%05d` and `$Number$`, or such a name with `.tmp` after it. What stands behind an option that names
 * something to read is no output.
 */
bool names_output(const struct job *job, const char *path);

/* Whether the argument is a filter graph that names this file. */
bool names_in_graph(const struct job *job, size_t argument, const char *path);

#endif
