#include "names.h"

#include <ctype.h>
#include <string.h>

#include "unquote.h"

static bool starts_with(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool names_something_read(const char *option) {
  static const char *const readers[] = {"-i", "-attach"};
  for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
    if (strcmp(option, readers[i]) == 0) return true;
  return starts_with(option, "-/") || starts_with(option, "-filter") || strstr(option, "_device") ||
         strstr(option, "_script") || strstr(option, "pre:");
}

/* Past what a number in a template became: at least one digit, or letters and digits for a name in dollars. */
static const char *past_number(const char *path, bool letters) {
  const char *at = path;
  while (isdigit((unsigned char)*at) || (letters && isalpha((unsigned char)*at))) at++;
  return at > path ? at : NULL;
}

/* Past `%d`, `%05d` or `$Name$`; NULL where none stands. */
static const char *past_placeholder(const char *template) {
  if (*template == '$') {
    const char *end = strchr(template + 1, '$');
    return end && end > template + 1 ? end + 1 : NULL;
  }
  template += 1 + strspn(template + 1, "0123456789");
  return *template == 'd' || *template == 'v' ? template + 1 : NULL;
}

static bool matches(const char *template, const char *path) {
  while (*template) {
    const char *rest = strchr("%$", *template) ? past_placeholder(template) : NULL;
    if (rest) {
      path = past_number(path, *template == '$');
      if (!path) return false;
      template = rest;
    } else {
      if (template[0] == '%' && template[1] == '%') template++;
      if (*template++ != *path++) return false;
    }
  }
  return *path == 0 || strcmp(path, ".tmp") == 0;
}

bool names_output(const struct job *job, const char *path) {
  bool found = false;
  for (size_t i = 0; i < job->count; i++) {
    const char *template = job_path(job->arguments[i]);
    if (*template != '/') continue;
    bool is_read = i > 0 && names_something_read(job->arguments[i - 1]);
    if (is_read && strcmp(template, path) == 0) return false;
    if (!is_read && matches(template, path)) found = true;
  }
  return found;
}

bool names_in_graph(const struct job *job, size_t argument, const char *path) {
  static const char *const graphs[] = {"-filter", "-lavfi", "-vf", "-af"};
  if (argument == 0 || argument >= job->count || *path != '/') return false;
  for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++)
    if (starts_with(job->arguments[argument - 1], graphs[i])) return is_value_in(job->arguments[argument], path);
  return false;
}
