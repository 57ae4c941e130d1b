#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdbool.h>

/* Whether a place was reached for the first time since the last call. */
bool coverage_grew(void);

/* Places reached so far. */
unsigned coverage_count(void);

#endif
