#ifndef MASK_H
#define MASK_H

#include <stdbool.h>
#include <stddef.h>

/* What stands in an argument in place of a token. */
#define MASKED "{token}"

/*
 * Copies an argument without tokens: neither the server's own, wherever it stands, nor what follows `X-Plex-Token`
 * and `=`, `:` or `%3D`, up to the end of a value. `to` may be NULL to count only. Returns the length.
 */
size_t mask(const char *text, const char *token, char *to);

#endif
