#ifndef ORIGINAL_H
#define ORIGINAL_H

#include <stdnoreturn.h>

/* Replaces this process by the original, arguments and environment untouched. */
noreturn void become_original(char *const *argv);

#endif
