/*
 * What a launch of a kernel is given.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_KERNEL_H
#define AVFILTER_TONEMAP_PACELINE_KERNEL_H

#include <stddef.h>

#include "tonemap_paceline_setup.h"

/** A picture where the kernel can reach it. Interleaved chroma begins at "cb", and "cr" is one sample later. */
typedef struct PacelinePicture {
    unsigned char *luma, *cb, *cr;
    int luma_pitch, chroma_pitch; ///< bytes
    int width, height;            ///< luma samples
    int planar;                   ///< Cb and Cr have planes of their own
} PacelinePicture;

/** From which samples of the input each output sample along one axis is made. Edges are folded into the weights. */
typedef struct PacelineAxis {
    const int *start;
    const float *weight; ///< "taps" for each output sample
    int taps;
} PacelineAxis;

typedef struct PacelineLaunch {
    PacelineParams params;
    PacelinePicture in, out;
    const PacelineLine *tables;
    const float *dither_pattern;
    int lines;
    /* For the scaling kernels only. Chroma is sampled where the luma samples of the output lie. */
    PacelineAxis luma_x, luma_y, chroma_x, chroma_y;
} PacelineLaunch;

#define PACELINE_ALIGNMENT 16 ///< of what the unscaled kernels load and store at once, in bytes

/**
 * Whether the unscaled kernels can do it, which work on tiles of 8x2 samples and know no edges. The scaling kernels do
 * any picture, unscaled ones too.
 */
static inline int paceline_fits_tiles(const PacelineLaunch *launch)
{
    const PacelinePicture *in = &launch->in, *out = &launch->out;
    unsigned long long all = (unsigned long long)(size_t)in->luma | (size_t)in->cb | (size_t)out->luma |
                             (size_t)out->cb | (unsigned)in->luma_pitch | (unsigned)in->chroma_pitch |
                             (unsigned)out->luma_pitch | (unsigned)out->chroma_pitch;

    if (in->planar)
        all |= (size_t)in->cr;
    return in->width == out->width && in->height == out->height && out->width % 8 == 0 && out->height % 2 == 0 &&
           launch->params.chroma_x == 0 && all % PACELINE_ALIGNMENT == 0;
}

/** The kernel for these options, without the prefix that tells the unscaled from the scaling one. */
static inline const char *paceline_kernel(const PacelineOptions *options)
{
    static const char *const by_mode[PACELINE_MODE_COUNT] = { "max", "luma", "rgb", "itp" };

    if (ff_paceline_is_plain_max(options))
        return options->dither ? "plain_dithered" : "plain";
    return by_mode[options->mode];
}

#endif /* AVFILTER_TONEMAP_PACELINE_KERNEL_H */
