#include "unquote.h"

#include <stdlib.h>
#include <string.h>

/* A filter's option inside a filter inside a graph; Plex adds one more. */
enum { LEVELS = 4 };

size_t unquote(char *text, bool *literal) {
  size_t length = 0;
  bool quoted = false;
  for (const char *from = text; *from; from++) {
    bool escaped = !quoted && *from == '\\' && from[1];
    if (*from == '\'') {
      quoted = !quoted;
      continue;
    }
    if (escaped) from++;
    literal[length] = quoted || escaped;
    text[length++] = *from;
  }
  text[length] = 0;
  return length;
}

static bool separates(char character) { return strchr(":,;=|[]()'\"\n\t ", character) != NULL; }

static bool stands_in(const char *text, const bool *literal, const char *path) {
  size_t length = strlen(path);
  for (const char *found = strstr(text, path); found; found = strstr(found + 1, path)) {
    size_t start = (size_t)(found - text), end = start + length;
    bool begins = start == 0 || (separates(text[start - 1]) && !literal[start - 1]);
    bool ends = text[end] == 0 || (separates(text[end]) && !literal[end]);
    if (begins && ends) return true;
  }
  return false;
}

bool is_value_in(const char *text, const char *path) {
  char *copy = strdup(text);
  bool *literal = calloc(strlen(text) + 1, sizeof *literal);
  bool found = copy && literal && stands_in(copy, literal, path);
  for (int level = 0; copy && literal && !found && level < LEVELS; level++) {
    unquote(copy, literal);
    found = stands_in(copy, literal, path);
  }
  free(copy);
  free(literal);
  return found;
}
