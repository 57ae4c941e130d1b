#ifndef FEATURES_H
#define FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The name of the feature with this number, counted from 0; NULL after the last. */
const char *feature_name(size_t number);

/* Reads what follows the version in an accept: which features the head will use, as a set of `enum feature`. */
bool features_read(const uint8_t *fields, size_t length, unsigned *features);

/* Whether the head may send frames of this type after an accept that named these features. */
bool features_allow(unsigned features, uint8_t frame_type);

#endif
