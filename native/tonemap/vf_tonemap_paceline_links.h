/*
 * Of the CUDA filter: what its links are told, in the words of each version of FFmpeg.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_VF_TONEMAP_PACELINE_LINKS_H
#define AVFILTER_VF_TONEMAP_PACELINE_LINKS_H

#include "libavutil/common.h"
#include "libavutil/log.h"
#include "libavutil/rational.h"

#include "avfilter.h"
#include "formats.h"
#include "scale_eval.h"
#include "version.h"
#if LIBAVFILTER_VERSION_INT < AV_VERSION_INT(10, 4, 0) /* FFmpeg 7.1 */
#include "internal.h"
#define LINK_FRAMES(link) (link)->hw_frames_ctx
#else
#include "filters.h"
#define LINK_FRAMES(link) ff_filter_link(link)->hw_frames_ctx
#endif

/** Frames on the GPU in, frames of one format out. */
static inline int paceline_offer_formats(AVFilterFormats **in, AVFilterFormats **out, enum AVPixelFormat format)
{
    int ret = ff_formats_ref(ff_make_formats_list_singleton(AV_PIX_FMT_CUDA), in);

    return ret < 0 ? ret : ff_formats_ref(ff_make_formats_list_singleton(format), out);
}

#ifdef FILTER_QUERY_FUNC2
static inline int paceline_offer_colours(AVFilterFormatsConfig *out)
{
    int ret = ff_formats_ref(ff_make_formats_list_singleton(AVCOL_SPC_BT709), &out->color_spaces);

    return ret < 0 ? ret : ff_formats_ref(ff_make_formats_list_singleton(AVCOL_RANGE_MPEG), &out->color_ranges);
}
#endif

/** Width and height of the output; one of them may be given as "keep the aspect ratio". */
static inline int paceline_output_size(AVFilterContext *ctx, const char *w_expr, const char *h_expr, AVFilterLink *inlink,
                                       AVFilterLink *outlink)
{
    int w, h, ret = ff_scale_eval_dimensions(ctx, w_expr, h_expr, inlink, outlink, &w, &h);

    if (ret < 0)
        return ret;
#if LIBAVFILTER_VERSION_INT < AV_VERSION_INT(11, 0, 0)
    ff_scale_adjust_dimensions(inlink, &w, &h, 0, 1);
#else
    ff_scale_adjust_dimensions(inlink, &w, &h, 0, 1, 1);
#endif
    if (w < 2 || h < 2 || w > 16384 || h > 16384) {
        av_log(ctx, AV_LOG_ERROR, "The output would be %dx%d, and it must be between 2x2 and 16384x16384.\n", w, h);
        return AVERROR(EINVAL);
    }
    outlink->w = w;
    outlink->h = h;
    outlink->sample_aspect_ratio = inlink->sample_aspect_ratio;
    if (inlink->sample_aspect_ratio.num)
        outlink->sample_aspect_ratio =
            av_mul_q((AVRational){ h * inlink->w, w * inlink->h }, inlink->sample_aspect_ratio);
    return 0;
}

#endif /* AVFILTER_VF_TONEMAP_PACELINE_LINKS_H */
