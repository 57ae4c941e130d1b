#include "features.h"

#include <string.h>

#include "frame.h"

static const char *const names[] = {"stdio", "signals", "files", "http", "read", "resume", "token",
                                    "return"};

const char *feature_name(size_t number) { return number < sizeof names / sizeof *names ? names[number] : NULL; }

bool features_read(const uint8_t *fields, size_t length, unsigned *features) {
  *features = FEATURE_STDIO | FEATURE_SIGNALS;
  while (length > 0) {
    if (length < 5 || get32(fields + 1) > length - 5) return false;
    size_t value = get32(fields + 1);
    for (size_t i = 0; fields[0] == FIELD_FEATURE && feature_name(i); i++)
      if (strlen(names[i]) == value && memcmp(names[i], fields + 5, value) == 0) *features |= 1u << i;
    fields += 5 + value;
    length -= 5 + value;
  }
  return true;
}

bool features_allow(unsigned features, uint8_t frame_type) {
  switch (frame_type) {
    case FRAME_FILE: return features & FEATURE_FILES;
    case FRAME_HTTP: return features & FEATURE_HTTP;
    case FRAME_READ: return features & FEATURE_READ;
    case FRAME_RESUME: case FRAME_BEAT: return features & FEATURE_RESUME;
    default: return true;
  }
}
