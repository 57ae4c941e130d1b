#include "original.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"
#include "place.h"
#include "protocol.h"

extern char **environ;

/* Else a shim that was copied over its own original would run itself for ever. */
static bool is_the_shim(const char *path) {
  struct stat original, shim;
  const char *own = shim_path();
  return own && stat(own, &shim) == 0 && stat(path, &original) == 0 && original.st_dev == shim.st_dev &&
         original.st_ino == shim.st_ino;
}

noreturn void become_original(char *const *argv) {
  const char *path = original_path();
  const char *problem = "this is the shim itself";
  int code = CODE_ORIGINAL_BROKEN;
  if (!path) {
    path = "<transcoder>.orig";
    problem = "the system does not tell where the shim is";
  } else if (!is_the_shim(path)) {
    execve(path, argv, environ);
    problem = strerror(errno);
    if (errno == ENOENT || errno == ENOTDIR) code = CODE_ORIGINAL_MISSING;
  }
  complain("cannot run the original transcoder ", path, ": ", problem,
           "; put it back there, or set PACELINE_ORIGINAL to where it is", NULL);
  _exit(code);
}
