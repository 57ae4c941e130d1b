/*
 * HDR to SDR tone mapping on NVIDIA GPUs, with scaling in the same kernel.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <stdio.h>
#include <string.h>

#include "libavutil/common.h"
#include "libavutil/cuda_check.h"
#include "libavutil/hwcontext.h"
#include "libavutil/hwcontext_cuda_internal.h"
#include "libavutil/mem.h"
#include "libavutil/opt.h"
#include "libavutil/pixdesc.h"

#include "avfilter.h"
#include "version.h"
#include "video.h"

#include "cuda/load_helper.h"
#include "vf_tonemap_paceline_common.h"
#include "vf_tonemap_paceline_download.h"
#include "vf_tonemap_paceline_gpu.h"
#include "vf_tonemap_paceline_links.h"

/* As in cuda.h; nv-codec-headers have not got them. */
#define CU_DEVICE_MAX_SHARED_OPTIN 97
#define CU_FUNCTION_MAX_DYNAMIC_SHARED 8

#define CHECK_CU(x) FF_CUDA_CHECK_DL(ctx, s->hwctx->internal->cuda_dl, x)

extern const unsigned char ff_vf_tonemap_paceline_cuda_ptx_data[];
extern const unsigned int ff_vf_tonemap_paceline_cuda_ptx_len;

typedef struct TonemapPacelineCudaContext {
    const AVClass *class;
    PacelineOptions options;
    int format;           ///< enum AVPixelFormat of the output
    char *w_expr, *h_expr;
    int scaler;           ///< enum PacelineScaler
    int download;         ///< the output lies in the processor's memory

    AVCUDADeviceContext *hwctx;
    enum AVPixelFormat in_format;
    CUmodule module;
    CUdeviceptr tables;   ///< all tables in one piece
    int processors;
    int room;             ///< shared memory a block can have, in bytes
    PacelineLaunch launch;
    PacelineGrid grid;
    Made made;
    CUfunction function;
    enum PacelineKernelSet function_set;
    AVBufferRef *frames;  ///< of the output on the GPU
    AVBufferPool *pool;   ///< of page-locked memory, where that is of use
} TonemapPacelineCudaContext;

static av_cold int init(AVFilterContext *ctx)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    const char *fault = ff_paceline_options_fault(&s->options);

    if (!fault && s->format != AV_PIX_FMT_NV12 && s->format != AV_PIX_FMT_P010)
        fault = "format must be nv12 or p010";
    if (!fault)
        return 0;
    av_log(ctx, AV_LOG_ERROR, "%s.\n", fault);
    return AVERROR(EINVAL);
}

static av_cold void uninit(AVFilterContext *ctx)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    CudaFunctions *cu;
    CUcontext dummy;

    av_buffer_pool_uninit(&s->pool);
    if (s->tables || s->module) {
        cu = s->hwctx->internal->cuda_dl;
        if (CHECK_CU(cu->cuCtxPushCurrent(s->hwctx->cuda_ctx)) >= 0) {
            if (s->tables)
                CHECK_CU(cu->cuMemFree(s->tables));
            if (s->module)
                CHECK_CU(cu->cuModuleUnload(s->module));
            CHECK_CU(cu->cuCtxPopCurrent(&dummy));
        }
    }
    s->tables   = 0;
    s->module   = NULL;
    s->function = NULL;
    /* Last, since they keep the device. */
    av_buffer_unref(&s->frames);
}

#ifdef FILTER_QUERY_FUNC2
static int query_formats(const AVFilterContext *ctx, AVFilterFormatsConfig **in, AVFilterFormatsConfig **out)
{
    const TonemapPacelineCudaContext *s = ctx->priv;
    int ret = paceline_offer_formats(&in[0]->formats, &out[0]->formats, s->download ? s->format : AV_PIX_FMT_CUDA);

    return ret < 0 ? ret : paceline_offer_colours(out[0]);
}
#define QUERY FILTER_QUERY_FUNC2(query_formats)
#else
static int query_formats(AVFilterContext *ctx)
{
    const TonemapPacelineCudaContext *s = ctx->priv;

    return paceline_offer_formats(&ctx->inputs[0]->outcfg.formats, &ctx->outputs[0]->incfg.formats,
                                  s->download ? s->format : AV_PIX_FMT_CUDA);
}
#define QUERY FILTER_QUERY_FUNC(query_formats)
#endif

static int output_frames(AVFilterContext *ctx, AVFilterLink *outlink, const AVHWFramesContext *in)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    AVBufferRef *ref = av_hwframe_ctx_alloc(in->device_ref);
    AVHWFramesContext *frames;
    int ret;

    if (!ref)
        return AVERROR(ENOMEM);
    frames            = (AVHWFramesContext *)ref->data;
    frames->format    = AV_PIX_FMT_CUDA;
    frames->sw_format = s->format;
    frames->width     = outlink->w;
    frames->height    = outlink->h;
    if ((ret = av_hwframe_ctx_init(ref)) < 0) {
        av_buffer_unref(&ref);
        return ret;
    }
    s->frames = ref;
    av_buffer_unref(&LINK_FRAMES(outlink));
    if (!s->download && !(LINK_FRAMES(outlink) = av_buffer_ref(ref)))
        return AVERROR(ENOMEM);
    return 0;
}

static int load_module(AVFilterContext *ctx)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    CudaFunctions *cu = s->hwctx->internal->cuda_dl;
    CUcontext dummy;
    int ret = CHECK_CU(cu->cuCtxPushCurrent(s->hwctx->cuda_ctx));

    if (ret < 0)
        return ret;
    ret = ff_cuda_load_module(ctx, s->hwctx, &s->module, ff_vf_tonemap_paceline_cuda_ptx_data,
                              ff_vf_tonemap_paceline_cuda_ptx_len);
    if (ret >= 0)
        ret = CHECK_CU(cu->cuDeviceGetAttribute(&s->processors, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT,
                                                s->hwctx->internal->cuda_device));
    /* Drivers before CUDA 9 do not know this one. */
    if (ret >= 0 && cu->cuDeviceGetAttribute(&s->room, CU_DEVICE_MAX_SHARED_OPTIN, s->hwctx->internal->cuda_device))
        s->room = 0;
    CHECK_CU(cu->cuCtxPopCurrent(&dummy));
    return ret;
}

static int config_output(AVFilterLink *outlink)
{
    AVFilterContext *ctx = outlink->src;
    AVFilterLink *inlink = ctx->inputs[0];
    TonemapPacelineCudaContext *s = ctx->priv;
    AVHWFramesContext *in;
    int ret;

    if (!LINK_FRAMES(inlink)) {
        av_log(ctx, AV_LOG_ERROR, "The input has no CUDA frames; put hwupload_cuda before this filter.\n");
        return AVERROR(EINVAL);
    }
    in = (AVHWFramesContext *)LINK_FRAMES(inlink)->data;
    if (in->sw_format != AV_PIX_FMT_P010 && in->sw_format != AV_PIX_FMT_P016 && in->sw_format != AV_PIX_FMT_YUV420P10) {
        av_log(ctx, AV_LOG_ERROR, "The input is %s, and only p010, p016 and yuv420p10 can be tone mapped.\n",
               av_get_pix_fmt_name(in->sw_format));
        return AVERROR(ENOSYS);
    }
    paceline_clear_link(outlink);
    uninit(ctx);
    s->in_format = in->sw_format;
    s->hwctx     = in->device_ctx->hwctx;
    if ((ret = paceline_output_size(ctx, s->w_expr, s->h_expr, inlink, outlink)) < 0 || (ret = output_frames(ctx, outlink, in)) < 0 ||
        (s->download && (ret = download_pool(&s->pool, ctx, in->device_ref, s->format, outlink->w, outlink->h)) < 0))
        return ret;
    return load_module(ctx);
}

/** Puts the pile on the GPU in place of the last one, which no kernel may be reading any more. */
static int upload_pile(AVFilterContext *ctx, const Pile *pile)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    CudaFunctions *cu = s->hwctx->internal->cuda_dl;
    int ret;

    if (s->tables) {
        if ((ret = CHECK_CU(cu->cuStreamSynchronize(s->hwctx->stream))) < 0 ||
            (ret = CHECK_CU(cu->cuMemFree(s->tables))) < 0)
            return ret;
        s->tables = 0;
    }
    if ((ret = CHECK_CU(cu->cuMemAlloc(&s->tables, pile->size))) < 0 ||
        (ret = CHECK_CU(cu->cuMemcpyHtoD(s->tables, pile->memory, pile->size))) < 0)
        return ret;
    point_into_pile(&s->launch, s->tables);
    return 0;
}

/** Tables and parameters for frames like this one, unless those there will do. A context must be current. */
static int prepare(AVFilterContext *ctx, const AVFrame *in, const AVFilterLink *outlink)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    Pile pile = { 0 };
    Made made;
    int ret = paceline_read_frame(ctx, &s->options, in);

    if (ret < 0)
        return ret;
    memset(&made, 0, sizeof(made)); /* padding too, since it is compared as bytes */
    memcpy(&made.options, &s->options, sizeof(made.options));
    made.in.depth      = s->in_format == AV_PIX_FMT_P016 ? 16 : 10;
    made.in.left_shift = s->in_format == AV_PIX_FMT_P010 ? 6 : 0;
    made.in.planar     = s->in_format == AV_PIX_FMT_YUV420P10;
    made.out.depth     = s->format == AV_PIX_FMT_P010 ? 10 : 8;
    paceline_read_siting(&made.in, in);
    made.out.chroma_x = made.in.chroma_x;
    made.out.chroma_y = made.in.chroma_y;
    made.width  = in->width;
    made.height = in->height;
    if (s->function && !memcmp(&s->made, &made, sizeof(made)))
        return 0;

    paceline_warn_of_guesses(ctx, in);
    ret = fill_pile(&s->launch, &pile, &made, s->scaler, outlink->w, outlink->h);
    if (ret >= 0)
        ret = upload_pile(ctx, &pile);
    av_free(pile.memory);
    if (ret < 0)
        return ret;
    ff_paceline_params(&s->launch.params, &made.options, &made.in, &made.out);
    s->made     = made;
    s->function = NULL;
    return 0;
}

/** Lets a kernel have more shared memory than the 48 KB any may have; nv-codec-headers do not know the function. */
static int allow_shared(TonemapPacelineCudaContext *s, int bytes)
{
    CUresult(CUDAAPI * set)(CUfunction, int, int) = (void *)dlsym(s->hwctx->internal->cuda_dl->lib, "cuFuncSetAttribute");

    return set && set(s->function, CU_FUNCTION_MAX_DYNAMIC_SHARED, bytes) == CUDA_SUCCESS;
}

/** The kernel that fits where these frames lie in memory. */
static int choose_kernel(AVFilterContext *ctx)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    CudaFunctions *cu = s->hwctx->internal->cuda_dl;
    enum PacelineKernelSet set = paceline_kernel_set(&s->launch, s->scaler);
    int plain = paceline_is_usual(&s->options, &s->made.in, &s->made.out), ret;
    char name[64];

    if (s->function && s->function_set == set)
        return 0;
    s->function_set = set;
    for (;;) {
        s->grid = paceline_grid(&s->launch, set, plain, s->processors, s->room);
        snprintf(name, sizeof(name), "%s%s", paceline_kernel_prefix(&s->grid, set),
                 paceline_kernel(&s->options, &s->made.in, &s->made.out));
        if ((ret = CHECK_CU(cu->cuModuleGetFunction(&s->function, s->module, name))) < 0)
            return ret;
        if (!s->grid.is_large || allow_shared(s, s->grid.shared_bytes)) {
            av_log(ctx, AV_LOG_VERBOSE, "kernel %s, %d blocks of %d\n", name, s->grid.blocks, s->grid.threads);
            return 0;
        }
        s->room = 0;
    }
}

static int map_frame(AVFilterContext *ctx, AVFrame *out, const AVFrame *in)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    CudaFunctions *cu = s->hwctx->internal->cuda_dl;
    void *parameters[] = { &s->launch };
    CUcontext dummy;
    int ret = CHECK_CU(cu->cuCtxPushCurrent(s->hwctx->cuda_ctx));

    if (ret < 0)
        return ret;
    if ((ret = prepare(ctx, in, ctx->outputs[0])) >= 0) {
        s->launch.in  = picture_of(in, s->in_format);
        s->launch.out = picture_of(out, s->format);
        if ((ret = choose_kernel(ctx)) >= 0)
            ret = CHECK_CU(cu->cuLaunchKernel(s->function, s->grid.blocks, 1, 1, s->grid.threads, 1, 1,
                                              s->grid.shared_bytes, s->hwctx->stream, parameters, NULL));
    }
    CHECK_CU(cu->cuCtxPopCurrent(&dummy));
    return ret;
}

/** The output where it shall lie, in place of where it was made. */
static int move_output(AVFilterContext *ctx, AVFrame **out)
{
    TonemapPacelineCudaContext *s = ctx->priv;
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *here = s->pool ? download_frame(s->pool, s->format, outlink->w, outlink->h)
                            : ff_get_video_buffer(outlink, outlink->w, outlink->h);
    int ret = here ? download_planes(ctx, s->hwctx, here, *out) : AVERROR(ENOMEM);

    av_frame_free(out);
    *out = here;
    return ret;
}

static int filter_frame(AVFilterLink *inlink, AVFrame *in)
{
    AVFilterContext *ctx = inlink->dst;
    TonemapPacelineCudaContext *s = ctx->priv;
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *out = av_frame_alloc();
    int ret = out ? av_hwframe_get_buffer(s->frames, out, 0) : AVERROR(ENOMEM);

    if (ret >= 0)
        ret = map_frame(ctx, out, in);
    if (ret >= 0 && s->download)
        ret = move_output(ctx, &out);
    if (ret >= 0)
        ret = av_frame_copy_props(out, in);
    if (ret < 0) {
        av_frame_free(&in);
        av_frame_free(&out);
        return ret;
    }
    paceline_tag_output(out);
    out->sample_aspect_ratio = outlink->sample_aspect_ratio;
    av_frame_free(&in);
    return ff_filter_frame(outlink, out);
}

#define OFFSET(x) offsetof(TonemapPacelineCudaContext, x)
#define OPTION(x) offsetof(TonemapPacelineCudaContext, options.x)

static const AVOption tonemap_paceline_cuda_options[] = {
    PACELINE_AVOPTIONS(OPTION),
    { "format", "nv12 or p010", OFFSET(format), AV_OPT_TYPE_PIXEL_FMT, { .i64 = AV_PIX_FMT_NV12 }, AV_PIX_FMT_NONE,
      INT_MAX, PACELINE_FLAGS },
    { "w", "width of the output", OFFSET(w_expr), AV_OPT_TYPE_STRING, { .str = "iw" }, 0, 0, PACELINE_FLAGS },
    { "h", "height of the output", OFFSET(h_expr), AV_OPT_TYPE_STRING, { .str = "ih" }, 0, 0, PACELINE_FLAGS },
    { "scaler", "how to scale", OFFSET(scaler), AV_OPT_TYPE_INT, { .i64 = PACELINE_SCALER_BILINEAR }, 0,
      PACELINE_SCALER_COUNT - 1, PACELINE_FLAGS, "scaler" },
    PACELINE_CHOICE("bilinear", "between the nearest samples", PACELINE_SCALER_BILINEAR, "scaler"),
    PACELINE_CHOICE("bicubic", "Catmull-Rom, over as many samples as it takes", PACELINE_SCALER_BICUBIC, "scaler"),
    { "download", "copy frames to the processor's memory, faster than hwdownload does", OFFSET(download),
      AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, PACELINE_FLAGS },
    { NULL }
};

AVFILTER_DEFINE_CLASS(tonemap_paceline_cuda);

static const AVFilterPad inputs[] = {
    {
        .name         = "default",
        .type         = AVMEDIA_TYPE_VIDEO,
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

#define DESCRIPTION NULL_IF_CONFIG_SMALL("HDR to SDR tone mapping on NVIDIA GPUs, with scaling.")

/* FFmpeg 8 has the public half of a filter in a field of its own. */
#if LIBAVFILTER_VERSION_MAJOR < 11
const AVFilter ff_vf_tonemap_paceline_cuda = {
    .name        = "tonemap_paceline_cuda",
    .description = DESCRIPTION,
    .priv_class  = &tonemap_paceline_cuda_class,
#else
const FFFilter ff_vf_tonemap_paceline_cuda = {
    .p.name        = "tonemap_paceline_cuda",
    .p.description = DESCRIPTION,
    .p.priv_class  = &tonemap_paceline_cuda_class,
#endif
    .priv_size      = sizeof(TonemapPacelineCudaContext),
    .init           = init,
    .uninit         = uninit,
    FILTER_INPUTS(inputs),
    FILTER_OUTPUTS(outputs),
    QUERY,
    .flags_internal = FF_FILTER_FLAG_HWFRAME_AWARE,
};
