/*
 * Of the CUDA filter: what a launch is given. Frames as pictures; tables, weights and patterns, made for one kind of frame
 * and kept on the GPU in one piece.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_VF_TONEMAP_PACELINE_GPU_H
#define AVFILTER_VF_TONEMAP_PACELINE_GPU_H

#include <stdint.h>

#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/frame.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "tonemap_paceline_kernel.h"
#include "tonemap_paceline_scale.h"

/** What the tables on the GPU were made for. */
typedef struct Made {
    PacelineOptions options;
    PacelineFormat in, out;
    int width, height;
} Made;

static inline PacelinePicture picture_of(const AVFrame *frame, enum AVPixelFormat format)
{
    int planar = format == AV_PIX_FMT_YUV420P10, sample = format == AV_PIX_FMT_NV12 ? 1 : 2;

    return (PacelinePicture){
        .luma         = frame->data[0],
        .cb           = frame->data[1],
        .cr           = planar ? frame->data[2] : frame->data[1] + sample,
        .luma_pitch   = frame->linesize[0],
        .chroma_pitch = frame->linesize[1],
        .width        = frame->width,
        .height       = frame->height,
        .planar       = planar,
    };
}

/** Tables on their way to the GPU, one after the other in one piece of memory. */
typedef struct Pile {
    uint8_t *memory;
    size_t size;
} Pile;

/** Room for so many bytes, or a null pointer; the place within the pile is kept in "at". */
static inline void *pile_up(Pile *pile, size_t bytes, size_t *at)
{
    uint8_t *memory = av_realloc(pile->memory, pile->size + bytes + 255);

    if (!memory)
        return NULL;
    pile->memory = memory;
    *at          = FFALIGN(pile->size, 256);
    pile->size   = *at + bytes;
    return memory + *at;
}

/** The weights of one axis; its pointers are offsets into the pile until it is uploaded. */
static inline int pile_axis(Pile *pile, PacelineAxis *axis, const PacelineAxisGeometry *geometry)
{
    size_t count = ff_paceline_axis_count(geometry), starts, weights;

    axis->taps = ff_paceline_axis_taps(geometry);
    if (!pile_up(pile, count * sizeof(*axis->start), &starts) ||
        !pile_up(pile, count * axis->taps * sizeof(*axis->weight), &weights))
        return AVERROR(ENOMEM);
    ff_paceline_axis(geometry, (int *)(pile->memory + starts), (float *)(pile->memory + weights));
    axis->start  = (const int *)starts;
    axis->weight = (const float *)weights;
    return 0;
}

/** All that a kernel reads besides pictures. The pointers of the launch are offsets until point_into_pile(). */
static inline int fill_pile(PacelineLaunch *launch, Pile *pile, const Made *made, int scaler, int out_width, int out_height)
{
    size_t lines, pattern;
    void *to;
    int ret;

    if (made->width == out_width && made->height == out_height)
        scaler = PACELINE_SCALER_BILINEAR;
    if (!(to = pile_up(pile, PACELINE_TABLE_LINES_MAX * sizeof(PacelineLine), &lines)))
        return AVERROR(ENOMEM);
    launch->lines = paceline_kernel_tables(to, &made->options, &made->in, &made->out);
    if (!(to = pile_up(pile, PACELINE_DITHER_SIZE * PACELINE_DITHER_SIZE * sizeof(float), &pattern)))
        return AVERROR(ENOMEM);
    ff_paceline_dither_pattern(to, made->options.dither);
    launch->tables         = (const PacelineLine *)lines;
    launch->dither_pattern = (const float *)pattern;
    if ((ret = pile_axis(pile, &launch->luma_x, &(PacelineAxisGeometry){ made->width, out_width, 0, 0, scaler })) < 0 ||
        (ret = pile_axis(pile, &launch->luma_y, &(PacelineAxisGeometry){ made->height, out_height, 0, 0, scaler })) < 0 ||
        (ret = pile_axis(pile, &launch->chroma_x,
                         &(PacelineAxisGeometry){ made->width, out_width, 1, made->in.chroma_x, scaler })) < 0)
        return ret;
    return pile_axis(pile, &launch->chroma_y,
                     &(PacelineAxisGeometry){ made->height, out_height, 1, made->in.chroma_y, scaler });
}

static inline void point_axis_into_pile(PacelineAxis *axis, uintptr_t base)
{
    axis->start  = (const int *)(base + (uintptr_t)axis->start);
    axis->weight = (const float *)(base + (uintptr_t)axis->weight);
}

/** Makes pointers of the offsets, for a pile that is at that place on the GPU. */
static inline void point_into_pile(PacelineLaunch *launch, uintptr_t base)
{
    launch->tables         = (const PacelineLine *)(base + (uintptr_t)launch->tables);
    launch->dither_pattern = (const float *)(base + (uintptr_t)launch->dither_pattern);
    point_axis_into_pile(&launch->luma_x, base);
    point_axis_into_pile(&launch->luma_y, base);
    point_axis_into_pile(&launch->chroma_x, base);
    point_axis_into_pile(&launch->chroma_y, base);
}

#endif /* AVFILTER_VF_TONEMAP_PACELINE_GPU_H */
