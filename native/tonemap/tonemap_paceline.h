/*
 * HDR to SDR tone mapping: what both filters (CUDA and CPU) share.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_H
#define AVFILTER_TONEMAP_PACELINE_H

/**
 * Names and values are those of the filters' options, so that an AVOption can write straight into the fields of
 * PacelineOptions below.
 */
enum PacelineCurve {
    PACELINE_CURVE_BT2390,   ///< ITU-R BT.2390-11 5.4.1 EETF, knee 1.5 maxLum - 0.5
    PACELINE_CURVE_REINHARD, ///< Reinhard et al. 2002, normalised so that the peak meets the target
    PACELINE_CURVE_HABLE,    ///< Hable 2010 (Uncharted 2), normalised likewise
    PACELINE_CURVE_MOBIUS,   ///< linear up to 0.3 of the target, then a Moebius transform up to the peak
    PACELINE_CURVE_CLIP,     ///< what is brighter than the target is the target
    PACELINE_CURVE_COUNT
};

/** On what the curve works. */
enum PacelineMode {
    PACELINE_MODE_MAX,  ///< the largest of R, G, B; all three are scaled alike
    PACELINE_MODE_LUMA, ///< BT.2020 luminance; all three are scaled alike
    PACELINE_MODE_RGB,  ///< each of R, G, B by itself
    PACELINE_MODE_ITP,  ///< the I of ICtCp (BT.2100), with colour differences reduced as BT.2390 5.4.2 says
    PACELINE_MODE_COUNT
};

enum PacelineTransfer {
    PACELINE_TRANSFER_PQ,  ///< SMPTE ST 2084
    PACELINE_TRANSFER_HLG, ///< ARIB STD-B67, with the OOTF of BT.2100
    PACELINE_TRANSFER_COUNT
};

/** What becomes of colours that BT.709 cannot show. */
enum PacelineGamut {
    PACELINE_GAMUT_CLIP,     ///< each channel is clamped
    PACELINE_GAMUT_COMPRESS, ///< distances from the neutral axis are compressed first
    PACELINE_GAMUT_COUNT
};

enum PacelineDither {
    PACELINE_DITHER_NONE,
    PACELINE_DITHER_ORDERED, ///< Bayer 8x8
    PACELINE_DITHER_BLUE,    ///< void-and-cluster 64x64
    PACELINE_DITHER_COUNT
};

enum PacelineScaler {
    PACELINE_SCALER_BILINEAR,
    PACELINE_SCALER_BICUBIC, ///< Catmull-Rom, widened when it scales down
    PACELINE_SCALER_COUNT
};

/** What a user chooses, and what the frames say of themselves. All luminances are in cd/m2 (nits). */
typedef struct PacelineOptions {
    int curve;      ///< enum PacelineCurve
    int mode;       ///< enum PacelineMode
    int transfer;   ///< enum PacelineTransfer, of the input
    int gamut;      ///< enum PacelineGamut
    int dither;     ///< enum PacelineDither
    int full_range; ///< the input uses all codes rather than 64..940
    double peak;    ///< brightest the title gets: MaxCLL, or the mastering display's; for HLG the nominal peak
    double target;  ///< what becomes code 235
    double black;   ///< what black becomes (bt2390 only); 0 is code 16
    double desat;   ///< colours brighter than this many times the target lose saturation; 0 is off
} PacelineOptions;

#define PACELINE_LEAST_NITS 10.0 ///< of peak and target
#define PACELINE_MOST_NITS 10000.0 ///< SMPTE ST 2084 has no more
#define PACELINE_MOST_DESAT 1000.0
#define PACELINE_DEFAULT_PEAK 1000.0
#define PACELINE_DEFAULT_TARGET 203.0 ///< BT.2408: HDR reference white

/**
 * What is wrong with the options, as a sentence for the log, or a null pointer when nothing is.
 */
const char *ff_paceline_options_fault(const PacelineOptions *options);

#endif /* AVFILTER_TONEMAP_PACELINE_H */
