#ifndef UNQUOTE_H
#define UNQUOTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes one level of FFmpeg's quoting off a text, in place: a backslash protects the next character, single quotes
 * all between them (libavutil's av_get_token). literal[i] tells whether text[i] was protected, and so separates
 * nothing. Returns the new length.
 */
size_t unquote(char *text, bool *literal);

/*
 * Whether the path stands in the text as a value of its own on any level of quoting: a filter's option, say. `:`,
 * `,`, `;`, `=`, `|`, brackets and blanks that are not protected end a value.
 */
bool is_value_in(const char *text, const char *path);

#endif
