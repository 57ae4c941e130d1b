#ifndef REACH_H
#define REACH_H

#include <sys/types.h>

/*
 * Ways to files on which no link is followed and no `..` taken, whoever changes the folders meanwhile: each
 * component is opened in the one before. They begin at `folder`, a descriptor. Errors are as from openat2() with
 * RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: EXDEV for a way that leads out, ELOOP for a link, else the system's.
 */

/* Opens the folder that holds the last component, which `name` then points at. -1 with errno. */
int reach_parent(int folder, const char *path, const char **name);

/* Opens a plain file, EINVAL for anything else that is there. -1 with errno. */
int reach_file(int folder, const char *path, int flags, mode_t mode);

#endif
