#include "resume.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum { WITH_NEXT_EXCHANGE = 1, OVER = 2, WITH_NOTE = 4, EDIT_HEAD = 6 };

struct edit {
  uint8_t kind;
  uint32_t argument;
  uint8_t length;
  const uint8_t *value;
};

static bool is_one_of(const char *option, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(option, names[i]) == 0) return true;
  return false;
}

/* Options that say where a job begins. */
static bool says_start(const char *option) {
  static const char *const names[] = {"-ss", "-segment_start_number", "-start_number", "-skip_to_segment"};
  return is_one_of(option, names, sizeof names / sizeof *names);
}

/* Options that would fill the time before the new start with copies of its first picture. */
static bool fills_from_zero(const char *option) {
  static const char *const names[] = {"-fps_mode", "-vsync"};
  size_t length = strcspn(option, ":");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == length && strncmp(option, names[i], length) == 0) return true;
  return false;
}

static bool is_number(const uint8_t *text, size_t length) {
  size_t dots = 0;
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '.') dots++;
    else if (text[i] < '0' || text[i] > '9') return false;
  }
  return length > 0 && length <= 20 && dots <= 1;
}

static bool take_edit(const uint8_t **at, size_t *left, struct edit *edit) {
  if (*left < EDIT_HEAD || *left - EDIT_HEAD < (*at)[5]) return false;
  *edit = (struct edit){(*at)[0], get32(*at + 1), (*at)[5], *at + EDIT_HEAD};
  *at += EDIT_HEAD + edit->length;
  *left -= EDIT_HEAD + edit->length;
  return true;
}

static bool is_allowed(char *const *arguments, size_t count, const struct edit *edit) {
  uint32_t at = edit->argument;
  if (at == 0 || at >= count) return false;
  switch (edit->kind) {
    case EDIT_VALUE: return says_start(arguments[at - 1]) && is_number(edit->value, edit->length);
    case EDIT_SEEK: return strcmp(arguments[at], "-i") == 0 && is_number(edit->value, edit->length);
    case EDIT_DROP: return fills_from_zero(arguments[at]) && at + 1 < count && edit->length == 0;
    default: return false;
  }
}

static void forget(struct resume *resume) {
  free(resume->argv);
  *resume = (struct resume){.left = false};
}

/*
 * Pointers and the numbers they point at lie in one piece of memory. Edits come in the order of their arguments; the
 * count of them is bounded by their bytes.
 */
static char **edited(char *const *argv, const uint8_t *at, size_t left) {
  size_t count = 0, next = 0, used = 0;
  while (argv[count]) count++;
  size_t pointers = count + 2 * (left / EDIT_HEAD) + 1;
  char **list = malloc(pointers * sizeof *list + left + left / EDIT_HEAD + 1);
  if (!list || count == 0) return free(list), NULL;
  char *text = (char *)(list + pointers);
  struct edit edit;
  for (list[used++] = argv[next++]; left > 0;) {
    if (!take_edit(&at, &left, &edit) || !is_allowed(argv + 1, count - 1, &edit)) return free(list), NULL;
    size_t place = (size_t)edit.argument + 1;
    if (place < next) return free(list), NULL;
    while (next < place) list[used++] = argv[next++];
    if (edit.kind == EDIT_DROP) {
      next += 2;
      continue;
    }
    if (edit.kind == EDIT_SEEK) list[used++] = (char *)"-ss";
    else next++;
    list[used++] = memcpy(text, edit.value, edit.length);
    text += edit.length;
    *text++ = 0;
  }
  while (next <= count) list[used++] = argv[next++];
  return list;
}

/* Where the changes begin; 0 for a note that is none. */
static size_t take_note(const uint8_t *payload, size_t length, struct note *note) {
  if (length < 2 || payload[1] == 0 || payload[1] > NOTE_MAX || length - 2 < payload[1]) return 0;
  note->length = payload[1];
  memcpy(note->bytes, payload + 2, note->length);
  return 2 + (size_t)note->length;
}

bool resume_take(char *const *argv, const uint8_t *payload, size_t length, struct resume *current,
                 struct resume *next) {
  struct note note = {0};
  if (length < 1 || payload[0] > (WITH_NEXT_EXCHANGE | OVER | WITH_NOTE)) return false;
  size_t head = 1;
  if ((payload[0] & WITH_NOTE) && !(head = take_note(payload, length, &note))) return false;
  bool over = payload[0] & OVER;
  char **list = over ? NULL : edited(argv, payload + head, length - head);
  if (over ? length != head : !list) return false;
  struct resume *target = payload[0] & WITH_NEXT_EXCHANGE ? next : current;
  forget(next);
  if (target == current) forget(current);
  *target = (struct resume){.left = true, .over = over, .argv = list, .note = note};
  return true;
}

void resume_settle(bool sent, struct resume *current, struct resume *next) {
  if (!next->left) return;
  if (!sent) {
    forget(next);
    return;
  }
  forget(current);
  *current = *next;
  *next = (struct resume){.left = false};
}
