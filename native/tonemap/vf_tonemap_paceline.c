/*
 * HDR to SDR tone mapping on the CPU, from 10-bit to 8-bit 4:2:0.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <string.h>

#include "libavutil/avutil.h"
#include "libavutil/cpu.h"
#include "libavutil/mem.h"
#include "libavutil/opt.h"
#include "libavutil/pixdesc.h"

#include "avfilter.h"
#include "formats.h"
#include "version.h"
#include "video.h"
#if LIBAVFILTER_VERSION_INT < AV_VERSION_INT(10, 4, 0) /* FFmpeg 7.1 */
#include "internal.h"
#else
#include "filters.h"
#endif

#include "tonemap_paceline_cpu.h"
#include "vf_tonemap_paceline_common.h"

typedef struct TonemapPacelineContext {
    const AVClass *class;
    PacelineOptions options;
    int format; ///< enum AVPixelFormat of the output, AV_PIX_FMT_NONE for whichever the next filter prefers

    PacelineCpu *cpu; ///< made for `made`, and made anew when frames turn out otherwise
    struct {
        PacelineOptions options;
        PacelineFormat in, out;
    } made;
    uint8_t *scratch; ///< for each thread `scratch_size` bytes
    size_t scratch_size;
} TonemapPacelineContext;

typedef struct ThreadData {
    const PacelineCpu *cpu;
    PacelineCpuPicture picture;
} ThreadData;

static av_cold int init(AVFilterContext *ctx)
{
    TonemapPacelineContext *s = ctx->priv;
    const char *fault = ff_paceline_options_fault(&s->options);

    if (!fault && s->format != AV_PIX_FMT_NONE && s->format != AV_PIX_FMT_YUV420P && s->format != AV_PIX_FMT_NV12)
        fault = "format must be yuv420p or nv12";
    if (!fault)
        return 0;
    av_log(ctx, AV_LOG_ERROR, "%s.\n", fault);
    return AVERROR(EINVAL);
}

static av_cold void uninit(AVFilterContext *ctx)
{
    TonemapPacelineContext *s = ctx->priv;

    ff_paceline_cpu_free(s->cpu);
    s->cpu = NULL;
    av_freep(&s->scratch);
}

static const int in_formats[]  = { AV_PIX_FMT_YUV420P10, AV_PIX_FMT_P010, -1 };
static const int out_formats[] = { AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12, -1 };

static AVFilterFormats *chosen_formats(const TonemapPacelineContext *s)
{
    return s->format == AV_PIX_FMT_NONE ? ff_make_format_list(out_formats) : ff_make_formats_list_singleton(s->format);
}

#ifdef FILTER_QUERY_FUNC2
static int query_formats(const AVFilterContext *ctx, AVFilterFormatsConfig **in, AVFilterFormatsConfig **out)
{
    int ret;

    if ((ret = ff_formats_ref(ff_make_format_list(in_formats), &in[0]->formats)) < 0 ||
        (ret = ff_formats_ref(chosen_formats(ctx->priv), &out[0]->formats)) < 0 ||
        (ret = ff_formats_ref(ff_make_formats_list_singleton(AVCOL_SPC_BT709), &out[0]->color_spaces)) < 0)
        return ret;
    return ff_formats_ref(ff_make_formats_list_singleton(AVCOL_RANGE_MPEG), &out[0]->color_ranges);
}
#define QUERY FILTER_QUERY_FUNC2(query_formats)
#else
static int query_formats(AVFilterContext *ctx)
{
    int ret = ff_formats_ref(ff_make_format_list(in_formats), &ctx->inputs[0]->outcfg.formats);

    return ret < 0 ? ret : ff_formats_ref(chosen_formats(ctx->priv), &ctx->outputs[0]->incfg.formats);
}
#define QUERY FILTER_QUERY_FUNC(query_formats)
#endif

static int config_input(AVFilterLink *inlink)
{
    AVFilterContext *ctx = inlink->dst;
    TonemapPacelineContext *s = ctx->priv;

    s->scratch_size = (ff_paceline_cpu_scratch(inlink->w) + 63) & ~(size_t)63;
    av_freep(&s->scratch);
    s->scratch = av_calloc(ff_filter_get_nb_threads(ctx), s->scratch_size);
    return s->scratch ? 0 : AVERROR(ENOMEM);
}

static int config_output(AVFilterLink *outlink)
{
    paceline_clear_link(outlink);
    return 0;
}

static int instructions(void)
{
    int flags = av_get_cpu_flags(), wanted = AV_CPU_FLAG_AVX2 | AV_CPU_FLAG_FMA3;
    int has = (flags & wanted) == wanted ? PACELINE_CPU_AVX2 : 0;

#ifdef AV_CPU_FLAG_AVX512ICL
    /* Processors before these lower their clock for it. */
    if (flags & AV_CPU_FLAG_AVX512ICL)
        has |= PACELINE_CPU_AVX512;
#endif
    return has;
}

/** Makes the tables, unless those of the last frame will do. */
static int prepare(AVFilterContext *ctx, const AVFrame *frame, enum AVPixelFormat out_format)
{
    TonemapPacelineContext *s = ctx->priv;
    PacelineFormat in, out;
    int ret = paceline_read_frame(ctx, &s->options, frame);

    if (ret < 0)
        return ret;
    /* Padding too, since they are compared as bytes. */
    memset(&in, 0, sizeof(in));
    memset(&out, 0, sizeof(out));
    in.depth      = 10;
    in.left_shift = frame->format == AV_PIX_FMT_P010 ? 6 : 0;
    in.planar     = frame->format == AV_PIX_FMT_YUV420P10;
    out.depth     = 8;
    out.planar    = out_format == AV_PIX_FMT_YUV420P;
    paceline_read_siting(&in, frame);
    out.chroma_x = in.chroma_x;
    out.chroma_y = in.chroma_y;
    if (s->cpu && !memcmp(&s->made.options, &s->options, sizeof(s->options)) && !memcmp(&s->made.in, &in, sizeof(in)) &&
        !memcmp(&s->made.out, &out, sizeof(out)))
        return 0;

    paceline_warn_of_guesses(ctx, frame);
    ff_paceline_cpu_free(s->cpu);
    s->cpu          = ff_paceline_cpu_alloc(&s->options, &in, &out, instructions());
    s->made.options = s->options;
    s->made.in      = in;
    s->made.out     = out;
    return s->cpu ? 0 : AVERROR(ENOMEM);
}

static int map_slice(AVFilterContext *ctx, void *arg, int job, int jobs)
{
    TonemapPacelineContext *s = ctx->priv;
    ThreadData *data = arg;
    int rows = (data->picture.height + 1) >> 1;

    ff_paceline_cpu_rows(data->cpu, &data->picture, rows * job / jobs, rows * (job + 1) / jobs,
                         s->scratch + job * s->scratch_size);
    return 0;
}

static int filter_frame(AVFilterLink *inlink, AVFrame *in)
{
    AVFilterContext *ctx = inlink->dst;
    AVFilterLink *outlink = ctx->outputs[0];
    TonemapPacelineContext *s = ctx->priv;
    ThreadData data = { 0 };
    int rows = (in->height + 1) >> 1, jobs = FFMIN(rows, ff_filter_get_nb_threads(ctx));
    AVFrame *out = ff_get_video_buffer(outlink, outlink->w, outlink->h);
    int ret = AVERROR(ENOMEM);

    if (!out || (ret = av_frame_copy_props(out, in)) < 0 || (ret = prepare(ctx, in, outlink->format)) < 0) {
        av_frame_free(&in);
        av_frame_free(&out);
        return ret;
    }
    paceline_tag_output(out);

    data.cpu            = s->cpu;
    data.picture.width  = in->width;
    data.picture.height = in->height;
    for (int i = 0; i < 3; i++) {
        data.picture.in[i]         = in->data[i];
        data.picture.in_stride[i]  = in->linesize[i];
        data.picture.out[i]        = out->data[i];
        data.picture.out_stride[i] = out->linesize[i];
    }
    ff_filter_execute(ctx, map_slice, &data, NULL, jobs);
    av_frame_free(&in);
    return ff_filter_frame(outlink, out);
}

#define OFFSET(x) offsetof(TonemapPacelineContext, x)
#define OPTION(x) offsetof(TonemapPacelineContext, options.x)

static const AVOption tonemap_paceline_options[] = {
    PACELINE_AVOPTIONS(OPTION),
    { "format", "yuv420p or nv12; none is what the next filter takes", OFFSET(format), AV_OPT_TYPE_PIXEL_FMT, { .i64 = AV_PIX_FMT_NONE },
      AV_PIX_FMT_NONE, INT_MAX, PACELINE_FLAGS },
    { NULL }
};

AVFILTER_DEFINE_CLASS(tonemap_paceline);

static const AVFilterPad inputs[] = {
    {
        .name         = "default",
        .type         = AVMEDIA_TYPE_VIDEO,
        .config_props = config_input,
        .filter_frame = filter_frame,
    },
};

static const AVFilterPad outputs[] = {
    {
        .name         = "default",
        .type         = AVMEDIA_TYPE_VIDEO,
        .config_props = config_output,
    },
};

#define DESCRIPTION NULL_IF_CONFIG_SMALL("HDR to SDR tone mapping, 10-bit to 8-bit.")

/* FFmpeg 8 has the public half of a filter in a field of its own. */
#if LIBAVFILTER_VERSION_MAJOR < 11
const AVFilter ff_vf_tonemap_paceline = {
    .name        = "tonemap_paceline",
    .description = DESCRIPTION,
    .priv_class  = &tonemap_paceline_class,
    .flags       = AVFILTER_FLAG_SLICE_THREADS,
#else
const FFFilter ff_vf_tonemap_paceline = {
    .p.name        = "tonemap_paceline",
    .p.description = DESCRIPTION,
    .p.priv_class  = &tonemap_paceline_class,
    .p.flags       = AVFILTER_FLAG_SLICE_THREADS,
#endif
    .priv_size = sizeof(TonemapPacelineContext),
    .init      = init,
    .uninit    = uninit,
    FILTER_INPUTS(inputs),
    FILTER_OUTPUTS(outputs),
    QUERY,
};
