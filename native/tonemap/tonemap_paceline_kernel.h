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
    /* For the unscaled kernels, from paceline_share_out(). */
    int strip_rows;
    float strip_per_place;
    /* For the scaling kernels only. Chroma is sampled where the luma samples of the output lie. */
    PacelineAxis luma_x, luma_y, chroma_x, chroma_y;
} PacelineLaunch;

#define PACELINE_ALIGNMENT 16 ///< of what the unscaled kernels load and store at once, in bytes

/** How the kernels are launched, on any GPU: one block of so many threads for each multiprocessor. */
#define PACELINE_BLOCKS_PER_PROCESSOR 2
#define PACELINE_THREADS_PER_BLOCK 512
#define PACELINE_COPIES 1

/** Three sets of kernels. The first two work on tiles and know no edges; the third does any picture. */
enum PacelineKernelSet {
    PACELINE_UNSCALED, ///< tonemap_...: tiles of 4x2
    PACELINE_HALVING,  ///< tonemap_half_...: out of tiles of 8x4, bilinear
    PACELINE_SCALING   ///< tonemap_scale_...: with the weights of the axes
};

/** The fastest set that can do it. */
static inline enum PacelineKernelSet paceline_kernel_set(const PacelineLaunch *launch, int scaler)
{
    const PacelinePicture *in = &launch->in, *out = &launch->out;
    unsigned long long all = (unsigned long long)(size_t)in->luma | (size_t)in->cb | (size_t)out->luma |
                             (size_t)out->cb | (unsigned)in->luma_pitch | (unsigned)in->chroma_pitch |
                             (unsigned)out->luma_pitch | (unsigned)out->chroma_pitch;

    if (in->planar)
        all |= (size_t)in->cr;
    if (in->width % 8 || in->height % 2 || launch->params.chroma_x > 0 || launch->params.chroma_y >= 1 ||
        all % PACELINE_ALIGNMENT)
        return PACELINE_SCALING;
    if (in->width == out->width && in->height == out->height)
        return PACELINE_UNSCALED;
    if (in->width == 2 * out->width && in->height == 2 * out->height && out->height % 2 == 0 &&
        scaler == PACELINE_SCALER_BILINEAR)
        return PACELINE_HALVING;
    return PACELINE_SCALING;
}

/**
 * Gives each thread of the unscaled kernels a part of a column of tiles, all of one length, and returns how many
 * blocks to launch: as many as the GPU can work on at a time, or as there are columns for.
 */
static inline int paceline_share_out(PacelineLaunch *launch, int blocks, int threads)
{
    int columns = launch->out.width / 4, rows = launch->out.height / 2, strips;

    if (columns == 0)
        return blocks;
    if (blocks < (columns + threads - 1) / threads)
        blocks = (columns + threads - 1) / threads;
    strips = blocks * threads / columns;
    launch->strip_rows = (rows + strips - 1) / strips;
    launch->strip_per_place = 1.0f / (float)columns;
    return blocks;
}

/** The kernel for these options, without the prefix that tells the sets apart. */
static inline const char *paceline_kernel(const PacelineOptions *options, const PacelineFormat *out)
{
    static const char *const by_mode[PACELINE_MODE_COUNT] = { "max", "luma", "rgb", "itp" };

    if (ff_paceline_is_plain_max(options, out))
        return options->dither ? "plain_dithered" : "plain";
    return by_mode[options->mode];
}

#endif /* AVFILTER_TONEMAP_PACELINE_KERNEL_H */
