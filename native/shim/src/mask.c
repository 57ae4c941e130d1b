#include "mask.h"

#include <string.h>
#include <strings.h>

/* A shorter one would hide half a command line by chance. */
enum { TOKEN_MIN = 8 };

static size_t own_token(const char *at, const char *token) {
  size_t length = token ? strlen(token) : 0;
  return length >= TOKEN_MIN && strncmp(at, token, length) == 0 ? length : 0;
}

/* The length of `X-Plex-Token=` and its like, 0 for anything else. */
static size_t token_name(const char *at) {
  static const char name[] = "X-Plex-Token";
  size_t length = strlen(name);
  if (strncasecmp(at, name, length) != 0) return 0;
  if (strncasecmp(at + length, "%3D", 3) == 0) return length + 3;
  if (at[length] != '=' && at[length] != ':') return 0;
  return length + 1 + strspn(at + length + 1, " \t");
}

static size_t add(char *to, size_t at, const char *text, size_t length) {
  if (to) memcpy(to + at, text, length);
  return at + length;
}

size_t mask(const char *text, const char *token, char *to) {
  size_t length = 0;
  while (*text) {
    size_t named = token_name(text);
    length = add(to, length, text, named);
    text += named;
    size_t hidden = named ? strcspn(text, "&#;,|'\"\\ \t\r\n") : own_token(text, token);
    if (hidden) length = add(to, length, MASKED, strlen(MASKED));
    else if (!named) length = add(to, length, text, hidden = 1);
    text += hidden;
  }
  return length;
}
