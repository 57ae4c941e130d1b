#include "ask.h"

#include <stddef.h>
#include <string.h>

static bool is_segmenter(const char *format) {
  static const char *const segmenters[] = {"hls", "dash", "segment", "ssegment", "stream_segment"};
  for (size_t i = 0; i < sizeof segmenters / sizeof *segmenters; i++)
    if (strcmp(format, segmenters[i]) == 0) return true;
  return false;
}

bool worth_asking(char *const *arguments) {
  for (; *arguments; arguments++) {
    if (strcmp(*arguments, "-progressurl") == 0) return true;
    if (strncmp(*arguments, "-hls_", 5) == 0) return true;
    if (strcmp(*arguments, "-f") == 0 && arguments[1] && is_segmenter(arguments[1])) return true;
  }
  return false;
}
