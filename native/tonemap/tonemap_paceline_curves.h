/*
 * The transfer functions and tone curves, in double precision. Both filters make their tables from these; nothing
 * here runs per pixel.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_CURVES_H
#define AVFILTER_TONEMAP_PACELINE_CURVES_H

#include <math.h>

#include "tonemap_paceline.h"

#define PACELINE_PQ_PEAK 10000.0 ///< luminance of PQ code 1, SMPTE ST 2084

static inline double paceline_clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/** EOTF of SMPTE ST 2084 (BT.2100 table 4): code 0..1 to nits. */
static inline double paceline_pq_to_nits(double code)
{
    const double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128;
    const double c1 = 3424.0 / 4096, c2 = 2413.0 / 4096 * 32, c3 = 2392.0 / 4096 * 32;
    double root = pow(paceline_clamp(code, 0, 1), 1 / m2);
    double above = root - c1;

    return above <= 0 ? 0 : PACELINE_PQ_PEAK * pow(above / (c2 - c3 * root), 1 / m1);
}

/** Its inverse: nits to code 0..1. The formula gives 7.3e-7 for black; black is 0 here. */
static inline double paceline_nits_to_pq(double nits)
{
    const double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128;
    const double c1 = 3424.0 / 4096, c2 = 2413.0 / 4096 * 32, c3 = 2392.0 / 4096 * 32;
    double power;

    if (nits <= 0)
        return 0;
    power = pow(nits / PACELINE_PQ_PEAK, m1);
    return pow((c1 + c2 * power) / (1 + c3 * power), m2);
}

/** Inverse OETF of HLG (BT.2100 table 5): code 0..1 to scene light 0..1. */
static inline double paceline_hlg_to_scene(double code)
{
    const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log(4 * a);
    double x = paceline_clamp(code, 0, 1);

    return x <= 0.5 ? x * x / 3 : (exp((x - c) / a) + b) / 12;
}

/**
 * System gamma of HLG for a display of that nominal peak (BT.2100 note 5f, and BT.2390 6.2 outside 400..2000 nits).
 */
static inline double paceline_hlg_gamma(double peak)
{
    if (peak >= 400 && peak <= 2000)
        return 1.2 + 0.42 * log10(peak / 1000);
    return 1.2 * pow(1.111, log2(peak / 1000));
}

/**
 * EETF of BT.2390-11 5.4.1, for a source whose black is 0: nits in, nits out, from black to target. Two departures:
 * what is brighter than the peak is the peak, and where black is lifted the result is stretched back so that the peak
 * meets the target (the formula as printed overshoots it by 0.7 % for 0.1 to 100 nits).
 */
static inline double paceline_bt2390(double nits, double peak, double target, double black)
{
    double span = paceline_nits_to_pq(peak);
    double max_lum = paceline_nits_to_pq(target) / span;
    double min_lum = paceline_nits_to_pq(black) / span;
    double knee = 1.5 * max_lum - 0.5;
    double e = paceline_clamp(paceline_nits_to_pq(nits) / span, 0, 1);

    if (max_lum >= 1)
        max_lum = 1;
    else if (e >= knee) {
        double t = (e - knee) / (1 - knee), t2 = t * t, t3 = t2 * t;
        e = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (3 * t2 - 2 * t3) * max_lum;
    }
    if (min_lum > 0) {
        /* An exponent of 4 keeps the lift monotonic up to min_lum = 1/4. */
        double exponent = min_lum > 0.25 ? 1 / min_lum : 4;
        double top = max_lum + min_lum * pow(1 - max_lum, exponent);
        double lifted = e + min_lum * pow(1 - e, exponent);
        e = min_lum + (lifted - min_lum) * (max_lum - min_lum) / (top - min_lum);
    }
    return paceline_pq_to_nits(e * span);
}

/** Hable's filmic curve, not normalised: John Hable, "Uncharted 2: HDR Lighting", GDC 2010. */
static inline double paceline_hable(double x)
{
    const double a = 0.15, b = 0.50, c = 0.10, d = 0.20, e = 0.02, f = 0.30;

    return (x * (x * a + b * c) + d * e) / (x * (x * a + b) + d * f) - e / f;
}

/** The identity up to 0.3, then a Moebius transform that joins it smoothly and takes the peak to 1. */
static inline double paceline_mobius(double x, double peak)
{
    const double join = 0.3;
    double a, b, scale;

    if (x <= join)
        return x;
    a = -join * join * (peak - 1) / (join * join - 2 * join + peak);
    b = (join * join - 2 * join * peak + peak) / (peak - 1);
    scale = (b * b + 2 * b * join + join * join) / (b - a);
    return scale * (x + a) / (x + b);
}

/**
 * The chosen curve: nits of the source to nits of the target, monotonic, black to black, the peak and all above it to
 * the target. A source no brighter than the target is left as it is.
 */
static inline double paceline_tone(const PacelineOptions *options, double nits)
{
    double peak = options->peak / options->target;
    double x = paceline_clamp(nits, 0, options->peak) / options->target;

    if (options->curve == PACELINE_CURVE_BT2390)
        return paceline_bt2390(nits, options->peak, options->target, options->black);
    if (options->curve != PACELINE_CURVE_CLIP && peak > 1) {
        if (options->curve == PACELINE_CURVE_REINHARD)
            x = x / (x + 1) * (peak + 1) / peak;
        else if (options->curve == PACELINE_CURVE_HABLE)
            x = paceline_hable(x) / paceline_hable(peak);
        else
            x = paceline_mobius(x, peak);
    }
    return options->target * paceline_clamp(x, 0, 1);
}

#endif /* AVFILTER_TONEMAP_PACELINE_CURVES_H */
