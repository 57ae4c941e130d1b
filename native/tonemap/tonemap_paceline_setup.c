/*
 * From options to coefficients and tables, in double precision.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <stddef.h>

#include "tonemap_paceline_curves.h"
#include "tonemap_paceline_setup.h"

/* BT.2020 and BT.709 luma coefficients: BT.2100 table 6, BT.709 item 3.2. */
static const double luma_2020[3] = { 0.2627, 0.6780, 0.0593 };
static const double luma_709[3] = { 0.2126, 0.7152, 0.0722 };

/* Linear BT.2020 to BT.709, from the primaries of both and D65 (BT.2087 gives it to four places). */
static const double rgb_2020_to_709[9] = {
     1.660491002108434, -0.587641138788549, -0.072849863319885,
    -0.124550474521591,  1.132899897125960, -0.008349422604370,
    -0.018150763354905, -0.100578898008007,  1.118729661362913,
};

/* Thresholds of the ACES 1.3 reference gamut compression, for red, green and blue. */
static const double compress_threshold[3] = { 0.815, 0.803, 0.880 };

const char *ff_paceline_options_fault(const PacelineOptions *o)
{
    if (o->curve < 0 || o->curve >= PACELINE_CURVE_COUNT)
        return "tonemap must be bt2390, reinhard, hable, mobius or clip";
    if (o->mode < 0 || o->mode >= PACELINE_MODE_COUNT)
        return "mode must be max, luma, rgb or itp";
    if (o->transfer < 0 || o->transfer >= PACELINE_TRANSFER_COUNT)
        return "the input must be PQ (smpte2084) or HLG (arib-std-b67)";
    if (o->gamut < 0 || o->gamut >= PACELINE_GAMUT_COUNT)
        return "gamut must be clip or compress";
    if (o->dither < 0 || o->dither >= PACELINE_DITHER_COUNT)
        return "dither must be none, ordered or blue";
    if (!(o->peak >= PACELINE_LEAST_NITS && o->peak <= PACELINE_MOST_NITS))
        return "peak must be between 10 and 10000 nits";
    if (!(o->target >= PACELINE_LEAST_NITS && o->target <= PACELINE_MOST_NITS))
        return "target must be between 10 and 10000 nits";
    if (!(o->black >= 0 && o->black <= o->target / 10))
        return "black must be between 0 and a tenth of the target";
    if (o->black > 0 && o->curve != PACELINE_CURVE_BT2390)
        return "black can be lifted with tonemap=bt2390 only";
    if (!(o->desat >= 0 && o->desat <= PACELINE_MOST_DESAT))
        return "desat must be between 0 (off) and 1000 times the target";
    return NULL;
}

int ff_paceline_is_plain_max(const PacelineOptions *o)
{
    return o->mode == PACELINE_MODE_MAX && o->transfer == PACELINE_TRANSFER_PQ && o->desat == 0 &&
           o->black == 0 && o->gamut == PACELINE_GAMUT_CLIP;
}

/**
 * Code 0..1 of the standards for one step of the kernel's code scale, on which a 10-bit code is worth 1/1024 and
 * black is 0: BT.2100 table 9.
 */
static double code_per_unit(const PacelineOptions *o, int depth)
{
    return o->full_range ? ldexp(1, depth) / (ldexp(1, depth) - 1) : 1024.0 / 876;
}

/** Of so many lines those for each unit of the code, so that a line begins at that code, where a curve has a kink. */
static double lines_with_kink(double code, int nodes)
{
    /* A little less, so that the code 1 of the kernel, the largest there is, is still on the last line. */
    return (floor(code * (nodes - 0.55) + 0.5) - 0.5) / code;
}

/** The same for code 1 of the standards, above which nothing is brighter. */
static double lines_per_unit(const PacelineOptions *o, int depth, int nodes)
{
    return lines_with_kink(1 / code_per_unit(o, depth), nodes);
}

/** And for the intensity from which on everything is white. */
static double intensity_lines(const PacelineOptions *o)
{
    double white = o->curve == PACELINE_CURVE_CLIP && o->target < o->peak ? o->target : o->peak;

    return lines_with_kink(paceline_nits_to_pq(white), PACELINE_CODE_NODES);
}

static PacelineChromaGain chroma_gains(double unit)
{
    const double *k = luma_2020;
    PacelineChromaGain gain = {
        .red_by_cr = (float)(2 * (1 - k[0]) * unit),
        .green_by_cb = (float)(-2 * (1 - k[2]) * k[2] / k[1] * unit),
        .green_by_cr = (float)(-2 * (1 - k[0]) * k[0] / k[1] * unit),
        .blue_by_cb = (float)(2 * (1 - k[2]) * unit),
    };

    return gain;
}

static void input_params(PacelineParams *p, const PacelineOptions *o, const PacelineFormat *in)
{
    /* A float whose upper half is 0x4300 is 128 + word / 65536; each step of the exponent doubles the word's worth. */
    int spare = 16 - in->depth - in->left_shift;
    double base = ldexp(128, spare);
    double chroma_gain = o->full_range ? 1 : 876.0 / 896;
    int itp_nodes = o->transfer == PACELINE_TRANSFER_PQ ? PACELINE_ITP_NODES : PACELINE_CODE_NODES;

    p->code_scale = (float)(lines_per_unit(o, in->depth, PACELINE_CODE_NODES) / PACELINE_CODE_NODES);
    p->gain_scale = (float)(lines_per_unit(o, in->depth, PACELINE_GAIN_NODES) / PACELINE_CODE_NODES);
    p->itp_line = 1.0f / (float)itp_nodes;
    p->itp_scale = (float)(lines_per_unit(o, in->depth, itp_nodes) / itp_nodes);
    p->itp_intensity_scale = (float)(intensity_lines(o) / PACELINE_CODE_NODES);
    p->itp_pq_first = o->transfer == PACELINE_TRANSFER_PQ ? 0 : PACELINE_CODE_NODES;
    p->itp_pq_unit = o->transfer == PACELINE_TRANSFER_PQ ? (float)(1 / code_per_unit(o, in->depth)) : 1;
    p->word_exponent = (0x4300u + ((unsigned)spare << 7)) << 16;
    p->luma_bias = (float)(base + (o->full_range ? 0 : 64.0 / 1024));
    p->chroma_bias = (float)(base + 0.5);
    p->mean_bias = (float)(base / 4 + (o->full_range ? 0 : 64.0 / 1024));
    p->chroma_gain = chroma_gains(chroma_gain);
    p->half_chroma_gain = chroma_gains(chroma_gain / 2);
    p->chroma_x = (float)in->chroma_x;
    p->chroma_y = (float)in->chroma_y;
    /* Chroma row j lies at luma row 2j + y: how far luma rows 2j and 2j + 1 are from it, in chroma rows. */
    p->upper_row_share = (float)(in->chroma_y / 2);
    p->lower_row_share = (float)((1 - in->chroma_y) / 2);
    /* Row y of an output of half the size lies at luma row 2y + 0.5, which is 0.25 - y / 2 chroma rows from its own. */
    p->halved_row_step = (in->chroma_y < 0.5) - (in->chroma_y > 0.5);
    p->halved_row_share = (float)fabs(0.25 - in->chroma_y / 2);
}

static PacelineColourRows colour_rows(double unit)
{
    const double *k = luma_709;
    PacelineColourRows rows;

    for (int i = 0; i < 3; i++) {
        rows.cb[i] = (float)(unit * ((i == 2) - k[i]) / (2 * (1 - k[2])));
        rows.cr[i] = (float)(unit * ((i == 0) - k[i]) / (2 * (1 - k[0])));
    }
    return rows;
}

static void output_params(PacelineParams *p, const PacelineFormat *out)
{
    double scale = ldexp(1, out->depth - 8);
    const double *k = luma_709;

    for (int i = 0; i < 3; i++) {
        p->luma_from_rgb[i] = (float)(219 * scale * k[i]);
    }
    p->from_rgb = colour_rows(224 * scale);
    p->from_row_sum = colour_rows(224 * scale * (1 - out->chroma_y));
    p->lower_over_upper = out->chroma_y < 1 ? (float)(out->chroma_y / (1 - out->chroma_y)) : 0;
    p->luma_zero = (float)(16 * scale);
    p->chroma_zero = (float)(128 * scale);
    p->luma_start = p->luma_zero + 49152.5f;
    p->chroma_start = p->chroma_zero + 49152.5f;
    p->out_words = out->depth > 8;
    p->chroma_upper = (float)(1 - out->chroma_y);
    p->chroma_lower = (float)out->chroma_y;
    p->chroma_right = (float)out->chroma_x;
}

/**
 * The parabola that is the identity up to the threshold, continues it smoothly, and takes the farthest that a BT.2020
 * colour can lie from the neutral axis to 1, the edge of BT.709: distance' = scale * sqrt(distance - origin) + offset.
 */
static void compress_params(PacelineParams *p)
{
    for (int channel = 0; channel < 3; channel++) {
        double farthest = 1, threshold = compress_threshold[channel], scale;

        for (int primary = 0; primary < 3; primary++) {
            double strongest = rgb_2020_to_709[4 * primary];
            double distance = (strongest - rgb_2020_to_709[3 * channel + primary]) / strongest;
            farthest = distance > farthest ? distance : farthest;
        }
        scale = (1 - threshold) / sqrt(farthest - 1);
        p->compress_threshold[channel] = (float)threshold;
        p->compress_scale[channel] = (float)scale;
        p->compress_origin[channel] = (float)(threshold - scale * scale / 4);
        p->compress_offset[channel] = (float)(threshold - scale * scale / 2);
    }
}

void ff_paceline_params(PacelineParams *p, const PacelineOptions *o, const PacelineFormat *in,
                        const PacelineFormat *out)
{
    input_params(p, o, in);
    output_params(p, out);
    compress_params(p);
    p->hlg = o->transfer == PACELINE_TRANSFER_HLG;
    p->hlg_gain = (float)(o->peak / o->target);
    p->hlg_exponent = (float)(paceline_hlg_gamma(o->peak) - 1);
    p->desat = (float)o->desat;
    p->floor = o->mode == PACELINE_MODE_ITP ? 0 : (float)(o->black / o->target);
    p->compress = o->gamut == PACELINE_GAMUT_COMPRESS;
    for (int i = 0; i < 3; i++)
        p->light_to_luma[i] = (float)luma_2020[i];
    for (int i = 0; i < 9; i++)
        p->to_bt709[i] = (float)rgb_2020_to_709[i];
    for (int i = 0; i < 3; i++) {
        const double *row = rgb_2020_to_709 + 3 * i;

        p->share_of_next[i] = (float)(row[(i + 1) % 3] / row[i]);
        p->share_of_last[i] = (float)(row[(i + 2) % 3] / row[i]);
        p->missing_exponent[i] = (float)(log2(row[i]) / 2.4);
    }
}

typedef double (*Function)(const PacelineOptions *options, int depth, double x);

static double light_of_code(const PacelineOptions *o, int depth, double x)
{
    double code = x * code_per_unit(o, depth);

    if (o->transfer == PACELINE_TRANSFER_HLG)
        return paceline_hlg_to_scene(code);
    return paceline_pq_to_nits(code) / o->target;
}

/** By what light is multiplied before the floor is added, so that the grey of that light becomes the curve's. */
static double gain_of_light(const PacelineOptions *o, int depth, double light)
{
    const double least = ldexp(1, PACELINE_LOG_LOWEST);
    double from = light > least ? light : least;

    (void)depth;
    return (paceline_tone(o, from * o->target) - o->black) / o->target / from;
}

static double gain_of_code(const PacelineOptions *o, int depth, double x)
{
    return gain_of_light(o, depth, light_of_code(o, depth, x));
}

/** What R'G'B' of BT.1886 is multiplied by where light is multiplied by that gain. */
static double root_gain_of_code(const PacelineOptions *o, int depth, double x)
{
    return pow(gain_of_code(o, depth, x), 1 / 2.4);
}

static double pq_of_light(const PacelineOptions *o, int depth, double light)
{
    (void)depth;
    return paceline_nits_to_pq(light * o->target);
}

static double light_of_pq(const PacelineOptions *o, int depth, double code)
{
    (void)depth;
    return paceline_pq_to_nits(code) / o->target;
}

static double target_of_intensity(const PacelineOptions *o, int depth, double code)
{
    (void)depth;
    return paceline_nits_to_pq(paceline_tone(o, paceline_pq_to_nits(code)));
}

/**
 * The line from one end of a stretch to the other, moved half the way to the curve so that its error has both signs.
 * Below 0 there is nothing; there and at 0 it is exact, so that black stays black.
 */
static PacelineLine line_between(const PacelineOptions *o, int depth, Function function, double from, double to)
{
    double start = from < 0 ? 0 : from, begin = function(o, depth, start);
    double slope = (function(o, depth, to) - begin) / (to - start);
    double sag = function(o, depth, (start + to) / 2) - (begin + slope * (to - start) / 2);
    PacelineLine line = { (float)(begin - slope * start + (from <= 0 ? 0 : sag / 2)), (float)slope };

    return line;
}

/** A grid of so many lines, one for each step of the code. */
static void fill_grid(PacelineLine *lines, int nodes, double step, const PacelineOptions *o, int depth, Function function)
{
    for (int i = 0; i < nodes; i++)
        lines[i] = line_between(o, depth, function, (i - 0.5) * step, (i + 0.5) * step);
}

static void fill_code_grid(PacelineLine *lines, int nodes, const PacelineOptions *o, int depth, Function function)
{
    fill_grid(lines, nodes, 1 / lines_per_unit(o, depth, nodes), o, depth, function);
}

static void fill_log_grid(PacelineLine *lines, int steps_log2, const PacelineOptions *o, int depth, Function function)
{
    const int steps = 1 << steps_log2;

    for (int i = 0; i < PACELINE_LOG_OCTAVES << steps_log2; i++) {
        double octave = ldexp(1, PACELINE_LOG_LOWEST + i / steps);
        double from = octave * (1 + (double)(i % steps) / steps);
        lines[i] = line_between(o, depth, function, i ? from : 0, from + octave / steps);
    }
}

void ff_paceline_pq_by_light(PacelineLine *lines, const PacelineOptions *o, int steps_log2)
{
    fill_log_grid(lines, steps_log2, o, 0, pq_of_light);
}

static int fill_itp_tables(PacelineLine *lines, const PacelineOptions *o, int depth)
{
    if (o->transfer == PACELINE_TRANSFER_PQ)
        fill_code_grid(lines, PACELINE_ITP_NODES, o, depth, light_of_code);
    else {
        fill_code_grid(lines, PACELINE_CODE_NODES, o, depth, light_of_code);
        fill_code_grid(lines + PACELINE_CODE_NODES, PACELINE_CODE_NODES, o, depth, light_of_pq);
    }
    ff_paceline_pq_by_light(lines + PACELINE_ITP_LOG, o, PACELINE_LOG_STEPS_LOG2);
    fill_grid(lines + PACELINE_ITP_INTENSITY, PACELINE_CODE_NODES, 1 / intensity_lines(o), o, depth, target_of_intensity);
    return PACELINE_ITP_INTENSITY + PACELINE_CODE_NODES;
}

int ff_paceline_tables(PacelineLine *lines, const PacelineOptions *o, int depth, enum PacelineTables which)
{
    PacelineLine *gain = lines + PACELINE_TABLE_GAIN_BY_CODE;

    if (which == PACELINE_TABLES_OF_ITP)
        return fill_itp_tables(lines, o, depth);
    fill_code_grid(lines + PACELINE_TABLE_LIGHT, PACELINE_CODE_NODES, o, depth, light_of_code);
    if (which == PACELINE_TABLES_BY_CODE) {
        fill_code_grid(gain, PACELINE_CODE_NODES, o, depth, gain_of_code);
        return PACELINE_TABLE_GAIN_BY_CODE + PACELINE_CODE_NODES;
    }
    if (which == PACELINE_TABLES_OF_ROOTS) {
        fill_code_grid(gain, PACELINE_GAIN_NODES, o, depth, root_gain_of_code);
        return PACELINE_TABLE_GAIN_BY_CODE + PACELINE_GAIN_NODES;
    }
    fill_log_grid(lines + PACELINE_TABLE_LOG, PACELINE_LOG_STEPS_LOG2, o, depth, gain_of_light);
    return PACELINE_TABLE_LOG + PACELINE_LOG_NODES;
}
