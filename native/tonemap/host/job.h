/*
 * What the programs beside the filter are asked to do, in words of the form key=value: the filter's own options, and
 * what FFmpeg's frames would say (transfer, range, in, size, siting).
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef TONEMAP_PACELINE_JOB_H
#define TONEMAP_PACELINE_JOB_H

#include <stddef.h>

#include "../tonemap_paceline_kernel.h"

typedef struct Job {
    PacelineOptions options;
    PacelineFormat in, out;
    int width, height, out_width, out_height;
    int scaler;
    int scaling_kernel; ///< even where the unscaled one could do it
} Job;

/** Where the planes of a picture lie in one piece of memory. */
typedef struct Layout {
    size_t cb, cr, bytes;
    int luma_pitch, chroma_pitch;
} Layout;

/** Reads the words; ends the program with a sentence when one is wrong. */
Job job_from_words(int count, char **words);

/** Rows begin at multiples of "alignment" bytes. */
Layout layout_of(const PacelineFormat *format, int width, int height, int alignment);

/** The picture at that address. */
PacelinePicture picture_at(unsigned char *memory, const Layout *layout, const PacelineFormat *format, int width,
                           int height);

/** Ends the program with a sentence. */
_Noreturn void fail(const char *format, ...);

#endif
