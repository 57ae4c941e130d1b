/*
 * What both filters ask of FFmpeg in the same way: options, and what frames say of themselves.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_VF_TONEMAP_PACELINE_COMMON_H
#define AVFILTER_VF_TONEMAP_PACELINE_COMMON_H

#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/opt.h"
#include "libavutil/pixdesc.h"
#include "libavutil/version.h"

#include "version.h"

#include "tonemap_paceline_setup.h"

#define PACELINE_FLAGS (AV_OPT_FLAG_VIDEO_PARAM | AV_OPT_FLAG_FILTERING_PARAM)
#define PACELINE_CHOICE(name, help, value, unit) \
    { name, help, 0, AV_OPT_TYPE_CONST, { .i64 = value }, 0, 0, PACELINE_FLAGS, unit }

/** AVOptions of both filters; `offset(field)` is the offset of a field of their PacelineOptions. */
#define PACELINE_AVOPTIONS(offset)                                                                                     \
    { "tonemap", "tone curve", offset(curve), AV_OPT_TYPE_INT, { .i64 = PACELINE_CURVE_BT2390 }, 0,                    \
      PACELINE_CURVE_COUNT - 1, PACELINE_FLAGS, "tonemap" },                                                           \
    PACELINE_CHOICE("bt2390", "EETF of ITU-R BT.2390", PACELINE_CURVE_BT2390, "tonemap"),                              \
    PACELINE_CHOICE("reinhard", "Reinhard, normalised to the peak", PACELINE_CURVE_REINHARD, "tonemap"),               \
    PACELINE_CHOICE("hable", "Hable, normalised to the peak", PACELINE_CURVE_HABLE, "tonemap"),                        \
    PACELINE_CHOICE("mobius", "linear, then a Moebius transform", PACELINE_CURVE_MOBIUS, "tonemap"),                   \
    PACELINE_CHOICE("clip", "nothing below the target changes", PACELINE_CURVE_CLIP, "tonemap"),                       \
    { "mode", "what the curve works on", offset(mode), AV_OPT_TYPE_INT, { .i64 = PACELINE_MODE_MAX }, 0,               \
      PACELINE_MODE_COUNT - 1, PACELINE_FLAGS, "mode" },                                                               \
    PACELINE_CHOICE("max", "the largest of R, G, B", PACELINE_MODE_MAX, "mode"),                                       \
    PACELINE_CHOICE("luma", "luminance", PACELINE_MODE_LUMA, "mode"),                                                  \
    PACELINE_CHOICE("rgb", "each of R, G, B by itself", PACELINE_MODE_RGB, "mode"),                                    \
    PACELINE_CHOICE("itp", "I of ICtCp", PACELINE_MODE_ITP, "mode"),                                                   \
    { "peak", "brightest the source gets, in nits", offset(peak), AV_OPT_TYPE_DOUBLE,                                  \
      { .dbl = PACELINE_DEFAULT_PEAK }, PACELINE_LEAST_NITS, PACELINE_MOST_NITS, PACELINE_FLAGS },                     \
    { "target", "what becomes white, in nits", offset(target), AV_OPT_TYPE_DOUBLE, { .dbl = PACELINE_DEFAULT_TARGET }, \
      PACELINE_LEAST_NITS, PACELINE_MOST_NITS, PACELINE_FLAGS },                                                       \
    { "black", "what black becomes, in nits (bt2390 only), at most a tenth of the target", offset(black),              \
      AV_OPT_TYPE_DOUBLE, { .dbl = 0 }, 0, PACELINE_MOST_NITS / 10, PACELINE_FLAGS },                                  \
    { "desat", "times the target above which colours lose saturation; 0 is off", offset(desat), AV_OPT_TYPE_DOUBLE,    \
      { .dbl = 0 }, 0, PACELINE_MOST_DESAT, PACELINE_FLAGS },                                                          \
    { "gamut", "what becomes of colours outside BT.709", offset(gamut), AV_OPT_TYPE_INT,                               \
      { .i64 = PACELINE_GAMUT_CLIP }, 0, PACELINE_GAMUT_COUNT - 1, PACELINE_FLAGS, "gamut" },                          \
    { "dither", "noise that hides steps", offset(dither), AV_OPT_TYPE_INT, { .i64 = PACELINE_DITHER_NONE }, 0,         \
      PACELINE_DITHER_COUNT - 1, PACELINE_FLAGS, "dither" },                                                           \
    PACELINE_CHOICE("none", "none", PACELINE_DITHER_NONE, "dither"),                                                   \
    PACELINE_CHOICE("ordered", "Bayer, 8x8", PACELINE_DITHER_ORDERED, "dither"),                                       \
    PACELINE_CHOICE("blue", "blue noise, 64x64", PACELINE_DITHER_BLUE, "dither"),                                      \
    PACELINE_CHOICE("clip", "each channel is clamped", PACELINE_GAMUT_CLIP, "gamut"),                                  \
    PACELINE_CHOICE("compress", "distances from grey are compressed", PACELINE_GAMUT_COMPRESS, "gamut")

/**
 * Takes transfer and range of a frame into the options.
 *
 * @return 0, or AVERROR(EINVAL) after a sentence in the log
 */
static inline int paceline_read_frame(void *log, PacelineOptions *options, const AVFrame *frame)
{
    const char *name = av_color_transfer_name(frame->color_trc);

    switch (frame->color_trc) {
    case AVCOL_TRC_UNSPECIFIED:
    case AVCOL_TRC_SMPTE2084:
        options->transfer = PACELINE_TRANSFER_PQ;
        break;
    case AVCOL_TRC_ARIB_STD_B67:
        options->transfer = PACELINE_TRANSFER_HLG;
        break;
    default:
        av_log(log, AV_LOG_ERROR, "The input is tagged %s, and only smpte2084 (PQ) and arib-std-b67 (HLG) can be tone mapped.\n",
               name ? name : "with an unknown transfer");
        return AVERROR(EINVAL);
    }
    options->full_range = frame->color_range == AVCOL_RANGE_JPEG;
    return 0;
}

/** Says what is taken for granted of a frame that does not say it, or says otherwise. */
static inline void paceline_warn_of_guesses(void *log, const AVFrame *frame)
{
    const char *matrix = av_color_space_name(frame->colorspace), *primaries = av_color_primaries_name(frame->color_primaries);

    if (frame->color_trc == AVCOL_TRC_UNSPECIFIED)
        av_log(log, AV_LOG_WARNING, "The input does not say what its transfer is; it is taken for PQ.\n");
    if (frame->colorspace != AVCOL_SPC_BT2020_NCL && frame->colorspace != AVCOL_SPC_UNSPECIFIED)
        av_log(log, AV_LOG_WARNING, "The matrix of the input is tagged %s and taken for bt2020nc.\n",
               matrix ? matrix : "as one that is not known");
    if (frame->color_primaries != AVCOL_PRI_BT2020 && frame->color_primaries != AVCOL_PRI_UNSPECIFIED)
        av_log(log, AV_LOG_WARNING, "The primaries of the input are tagged %s and taken for bt2020.\n",
               primaries ? primaries : "as ones that are not known");
}

/** Where chroma lies in a frame; on the left between the rows where it does not say. */
static inline void paceline_read_siting(PacelineFormat *format, const AVFrame *frame)
{
    enum AVChromaLocation location = frame->chroma_location;

    format->chroma_x = location == AVCHROMA_LOC_CENTER || location == AVCHROMA_LOC_TOP ||
                       location == AVCHROMA_LOC_BOTTOM ? 0.5 : 0;
    format->chroma_y = location == AVCHROMA_LOC_TOPLEFT || location == AVCHROMA_LOC_TOP ? 0 :
                       location == AVCHROMA_LOC_BOTTOMLEFT || location == AVCHROMA_LOC_BOTTOM ? 1 : 0.5;
}

/** Takes away what was said of the light of the whole film: since FFmpeg 8 links carry that to the encoder. */
static inline void paceline_clear_link(AVFilterLink *outlink)
{
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(10, 7, 100)
    av_frame_side_data_remove_by_props(&outlink->side_data, &outlink->nb_side_data, AV_SIDE_DATA_PROP_COLOR_DEPENDENT);
    av_frame_side_data_remove(&outlink->side_data, &outlink->nb_side_data, AV_FRAME_DATA_AMBIENT_VIEWING_ENVIRONMENT);
#else
    (void)outlink;
#endif
}

/** Tags a frame as what it has become, and takes away what was said of its light before. */
static inline void paceline_tag_output(AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(59, 53, 100)
    av_frame_side_data_remove_by_props(&frame->side_data, &frame->nb_side_data, AV_SIDE_DATA_PROP_COLOR_DEPENDENT);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_AMBIENT_VIEWING_ENVIRONMENT);
#else
    static const enum AVFrameSideDataType gone[] = {
        AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
        AV_FRAME_DATA_CONTENT_LIGHT_LEVEL,
        AV_FRAME_DATA_DYNAMIC_HDR_PLUS,
        AV_FRAME_DATA_DYNAMIC_HDR_VIVID,
        AV_FRAME_DATA_DOVI_RPU_BUFFER,
        AV_FRAME_DATA_DOVI_METADATA,
        AV_FRAME_DATA_ICC_PROFILE,
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 0, 0)
        AV_FRAME_DATA_AMBIENT_VIEWING_ENVIRONMENT,
#endif
    };

    for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++)
        av_frame_remove_side_data(frame, gone[i]);
#endif
    frame->color_trc       = AVCOL_TRC_BT709;
    frame->color_primaries = AVCOL_PRI_BT709;
    frame->colorspace      = AVCOL_SPC_BT709;
    frame->color_range     = AVCOL_RANGE_MPEG;
}

#endif /* AVFILTER_VF_TONEMAP_PACELINE_COMMON_H */
