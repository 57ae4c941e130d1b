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
    /* For the unscaled kernels, from paceline_grid(). */
    int strips;
    float strip_per_place, rows_per_strip;
    /* For the scaling kernels only. Chroma is sampled where the luma samples of the output lie. */
    PacelineAxis luma_x, luma_y, chroma_x, chroma_y;
} PacelineLaunch;

#define PACELINE_ALIGNMENT 16 ///< of what the unscaled kernels load and store at once, in bytes

#define PACELINE_THREADS 256 ///< of a block

/*
 * The "large" kernels have the plain tables sixteen times, and one block for each processor. A processor serves a load
 * of 64 bits to sixteen threads at once, if they read different banks: each then has a copy of its own.
 */
#define PACELINE_LARGE_THREADS 1024
#define PACELINE_LARGE_COPIES 16
#define PACELINE_LARGE_BYTES \
    ((PACELINE_TABLE_GAIN_BY_CODE + PACELINE_GAIN_NODES) * PACELINE_LARGE_COPIES * (int)sizeof(PacelineLine))

/**
 * How much later, in 256ths of a row, strips begin every 32 columns. Tried by counting the rows that each quarter of a
 * processor gets: of 3840x2160 on 132 processors at most 62, and 61.4 in the mean (without it 64).
 */
#define PACELINE_PHASE 49

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

/** How a kernel is launched. */
typedef struct PacelineGrid {
    int is_large; ///< the "large" kernel, if the GPU lets a block have PACELINE_LARGE_BYTES
    int blocks, threads, shared_bytes;
} PacelineGrid;

/**
 * The grid for a GPU of so many processors, and what the unscaled kernels have to know of it: each thread has a part
 * of a column of tiles.
 *
 * @param room shared memory a block can have, in bytes
 */
static inline PacelineGrid paceline_grid(PacelineLaunch *launch, enum PacelineKernelSet set, int is_plain,
                                         int processors, int room)
{
    int columns = launch->out.width / 4, rows = launch->out.height / 2;
    PacelineGrid grid = { 0, 8 * processors, PACELINE_THREADS, launch->lines * (int)sizeof(PacelineLine) };

    if (!is_plain || set != PACELINE_UNSCALED) /* larger tables or fewer tiles: fewer blocks to fill with tables */
        grid.blocks = 4 * processors;
    if (is_plain && set == PACELINE_UNSCALED && room >= PACELINE_LARGE_BYTES) {
        grid.is_large = 1;
        grid.blocks = processors;
        grid.threads = PACELINE_LARGE_THREADS;
        grid.shared_bytes = PACELINE_LARGE_BYTES;
        launch->params.copy_mask = (PACELINE_LARGE_COPIES - 1) * sizeof(PacelineLine);
    }
    if (set != PACELINE_UNSCALED)
        return grid;
    if (grid.blocks * grid.threads < columns)
        grid.blocks = (columns + grid.threads - 1) / grid.threads;
    launch->strips = grid.blocks * grid.threads / columns;
    launch->strip_per_place = 1.0f / (float)columns;
    launch->rows_per_strip = (float)rows / (float)launch->strips;
    return grid;
}

/** Whether the plain kernels can do it: what nearly all films need. */
static inline int paceline_is_usual(const PacelineOptions *options, const PacelineFormat *in, const PacelineFormat *out)
{
    return ff_paceline_is_plain_max(options) && !in->planar && out->depth == 8;
}

/** Fills in the tables that the kernel will read; ff_paceline_tables() says more. */
static inline int paceline_kernel_tables(PacelineLine *lines, const PacelineOptions *options, const PacelineFormat *in,
                                         const PacelineFormat *out)
{
    enum PacelineTables which = PACELINE_TABLES_BY_LIGHT;

    if (paceline_is_usual(options, in, out))
        which = PACELINE_TABLES_OF_ROOTS;
    else if (options->mode == PACELINE_MODE_ITP)
        which = PACELINE_TABLES_OF_ITP;
    return ff_paceline_tables(lines, options, in->depth, which);
}

/** What a kernel's name ends with: that of the options. */
static inline const char *paceline_kernel(const PacelineOptions *options, const PacelineFormat *in,
                                          const PacelineFormat *out)
{
    static const char *const by_mode[PACELINE_MODE_COUNT] = { "max", "luma", "rgb", "itp" };

    if (paceline_is_usual(options, in, out))
        return options->dither ? "plain_dithered" : "plain";
    return by_mode[options->mode];
}

/** And with what it begins: that of the grid and the set. */
static inline const char *paceline_kernel_prefix(const PacelineGrid *grid, enum PacelineKernelSet set)
{
    static const char *const by_set[] = { "tonemap_", "tonemap_half_", "tonemap_scale_" };

    return grid->is_large ? "tonemap_large_" : by_set[set];
}

#endif /* AVFILTER_TONEMAP_PACELINE_KERNEL_H */
