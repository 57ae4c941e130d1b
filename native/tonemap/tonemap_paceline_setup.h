/*
 * From options to what the per-pixel arithmetic reads: coefficients and tables. Runs once per configuration.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_SETUP_H
#define AVFILTER_TONEMAP_PACELINE_SETUP_H

#include "tonemap_paceline.h"

/**
 * A line: value = base + slope * x, valid near one point of a table's grid. Keeping the line, not the value and the
 * next one, saves the kernel the computation of a fraction.
 */
typedef struct PacelineLine {
    float base;
    float slope;
} PacelineLine;

/*
 * Two kinds of grid. A code grid has 1024 lines over 0..1, a little more than one for each 10-bit code, such that the
 * code of 10000 nits, above which nothing is brighter, lies where one line ends and the next begins. A log grid has 64
 * steps per octave from 2^-24 to 2^10 times the target, picked by the upper bits of the float itself.
 */
#define PACELINE_CODE_NODES 1024
#define PACELINE_GAIN_NODES 512 ///< of the kernels' table of gains by code, which is smoother
#define PACELINE_LOG_STEPS_LOG2 6
#define PACELINE_LOG_LOWEST (-24)
#define PACELINE_LOG_OCTAVES 34
#define PACELINE_LOG_NODES (PACELINE_LOG_OCTAVES << PACELINE_LOG_STEPS_LOG2)

/* Where each table begins, in lines. The first is there always; the second is one of two. */
#define PACELINE_TABLE_LIGHT 0                               ///< code -> light
#define PACELINE_TABLE_GAIN_BY_CODE PACELINE_CODE_NODES      ///< largest code -> gain (max mode without detours)
#define PACELINE_TABLE_LOG PACELINE_CODE_NODES               ///< light -> gain

/*
 * The tables of mode itp, where light is found by code twice and a channel can end near 0. In PQ both look-ups are in one
 * table of 2048 lines; in HLG each has its own of 1024.
 */
#define PACELINE_ITP_NODES 2048
#define PACELINE_ITP_LOG PACELINE_ITP_NODES                            ///< light -> PQ code
#define PACELINE_ITP_INTENSITY (PACELINE_ITP_LOG + PACELINE_LOG_NODES) ///< I -> I of the target

#define PACELINE_TABLE_LINES_MAX (PACELINE_ITP_INTENSITY + PACELINE_CODE_NODES)

#define PACELINE_DITHER_SIZE 64 ///< width and height of the dither pattern

/** How the samples of a picture lie in memory. */
typedef struct PacelineFormat {
    int depth;       ///< significant bits: 10, 12 or 16 in, 8 or 10 out
    int left_shift;  ///< bits below them in a 16-bit word: 6 for P010, 0 for yuv420p10 and P016
    int planar;      ///< Cb and Cr in planes of their own
    double chroma_x; ///< where the first chroma sample lies, in luma samples: 0 left, 0.5 centre
    double chroma_y; ///< 0 top, 0.5 centre, 1 bottom
} PacelineFormat;

/** Colour differences to R'G'B', BT.2100 table 6, in units of the luma code. */
typedef struct PacelineChromaGain {
    float red_by_cr, green_by_cb, green_by_cr, blue_by_cb;
} PacelineChromaGain;

/** R'G'B' of BT.709 to colour differences. */
typedef struct PacelineColourRows {
    float cb[3], cr[3];
} PacelineColourRows;

/** What the arithmetic reads, by value: a kernel's parameter. Light is in units of the target throughout. */
typedef struct PacelineParams {
    /* Samples to codes: a 16-bit word is put below these bits of a float, then the bias is taken off. */
    unsigned word_exponent;
    float luma_bias, chroma_bias, mean_bias;
    PacelineChromaGain chroma_gain, half_chroma_gain; ///< for one sample, and for the sum of two
    float code_scale; ///< of the code grids: line = floor(1024 (code * scale + 0.5 / 1024))
    float gain_scale; ///< the same of the kernels' table of gains, as if it had 1024 lines too
    unsigned copy_mask; ///< bytes to the last copy of a line where there are several
    int hlg;
    float hlg_gain, hlg_exponent; ///< light = scene * gain * Ys^exponent
    float desat;
    float floor;                  ///< light of the lifted black
    float light_to_luma[3];       ///< BT.2020
    float to_bt709[9];
    /* The same for kernels that multiply by the gain last: each row for its own colour to count once. What is then
       missing, in R'G'B', is added to the exponent. */
    float share_of_next[3], share_of_last[3], missing_exponent[3];
    int compress;
    float compress_threshold[3], compress_scale[3], compress_origin[3], compress_offset[3];
    /* R'G'B' to output codes. */
    float luma_from_rgb[3];
    PacelineColourRows from_rgb;     ///< for the mean of the colours around a chroma sample
    PacelineColourRows from_row_sum; ///< for the upper row's colour and so many times the lower's
    float lower_over_upper;
    float luma_zero, chroma_zero;
    float luma_start, chroma_start; ///< the same where the sum's last bit is to be worth 1/256
    int out_words; ///< 16-bit samples with the code in the high bits (P010)
    /* Share of the neighbouring chroma row in the upper and the lower luma row of a pair. */
    float upper_row_share, lower_row_share;
    /* The same for the rows of an output of half the size: which neighbour, and its share. */
    int halved_row_step;
    float halved_row_share;
    /* Share of the upper and the lower luma row in a chroma sample of the output. */
    float chroma_upper, chroma_lower;
    /* Share of the right luma column in a chroma sample of the output: 0 left, 0.5 centre. */
    float chroma_right;
    float chroma_x, chroma_y; ///< siting of the input
    /* Mode itp: width of a line of the table by code, and its scale; where PQ codes find theirs, and their worth there. */
    int itp_pq_first;
    float itp_line, itp_scale, itp_pq_unit, itp_intensity_scale;
} PacelineParams;

/**
 * Fills in the parameters. The options must have no fault.
 */
void ff_paceline_params(PacelineParams *params, const PacelineOptions *options, const PacelineFormat *in,
                        const PacelineFormat *out);

/**
 * 1 when the whole tone mapping can be lookups by code: mode max, PQ,
 * nothing that needs the light itself.
 */
int ff_paceline_is_plain_max(const PacelineOptions *options);

/** Which tables there are. Those by code and of roots need that ff_paceline_is_plain_max() holds. */
enum PacelineTables {
    PACELINE_TABLES_BY_LIGHT, ///< for every way of mapping but mode itp
    PACELINE_TABLES_BY_CODE,  ///< light, and gain of the light by the largest code
    PACELINE_TABLES_OF_ROOTS, ///< light, and gain of R'G'B' by the largest code on PACELINE_GAIN_NODES lines
    PACELINE_TABLES_OF_ITP,   ///< mode itp
};

/**
 * Fills in the tables.
 *
 * @param lines room for PACELINE_TABLE_LINES_MAX
 * @param depth significant bits of the input, which full range needs
 * @return how many lines are in use
 */
int ff_paceline_tables(PacelineLine *lines, const PacelineOptions *options, int depth, enum PacelineTables which);

/**
 * Fills in a log grid from light to PQ code, as mode itp has one.
 *
 * @param lines room for PACELINE_LOG_OCTAVES << steps_log2
 */
void ff_paceline_pq_by_light(PacelineLine *lines, const PacelineOptions *options, int steps_log2);

/**
 * Fills in the dither pattern, values in -0.5..0.5 to be added before rounding.
 *
 * @param pattern room for PACELINE_DITHER_SIZE squared
 */
void ff_paceline_dither_pattern(float *pattern, int dither);

#endif /* AVFILTER_TONEMAP_PACELINE_SETUP_H */
