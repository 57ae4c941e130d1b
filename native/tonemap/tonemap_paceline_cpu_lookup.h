/*
 * Of the CPU filter's loops: what a block of samples is, and how tables are looked up for it.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_CPU_LOOKUP_H
#define AVFILTER_TONEMAP_PACELINE_CPU_LOOKUP_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "tonemap_paceline_setup.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/** Samples in a block; with the tables a block has room in 32 KiB. */
#define BLOCK 128

/** Samples are carried in sixteenths of a 10-bit code, since chroma between samples has quarters both ways. */
#define FRACTION 16

/** The log grid of mode itp has twice the steps that a GPU has room for: what it is off by is the most of that mode's error. */
#define PQ_STEPS_LOG2 (PACELINE_LOG_STEPS_LOG2 + 1)

/** Weights in quarters. */
typedef struct Filters {
    int8_t chroma_rows[2][2];    ///< chroma at the upper luma row from chroma rows -1 and 0, at the lower from 0 and 1
    int8_t chroma_columns[2][2]; ///< at the left luma column from -1 and 0, at the right from 0 and 1
} Filters;

struct PacelineCpu {
    PacelineOptions options;
    PacelineParams params;
    PacelineFormat in, out;
    int instructions;
    int plain_max;
    float luma_unit, black; ///< from a luma sample to a code on the scale of the tables

    Filters filters;
    PacelineLine lines[PACELINE_TABLE_LINES_MAX];
    PacelineLine pq_by_light[PACELINE_LOG_OCTAVES << PQ_STEPS_LOG2]; ///< mode itp
    PacelineLine system_gain[PACELINE_LOG_NODES]; ///< HLG: scene luminance to what scene light is multiplied by
    float dither[PACELINE_DITHER_SIZE][BLOCK];    ///< repeated along a block
    float chroma_dither[2][PACELINE_DITHER_SIZE][BLOCK / 2]; ///< of Cb and Cr: the luma's, mirrored, as in the kernels
};

/** A channel of a block, and where in a table it was looked up. */
typedef struct Channel {
    float at[BLOCK];
    uint16_t step[BLOCK];
    PacelineLine line[BLOCK];
} Channel;

typedef struct Block {
    Channel red, green, blue, gain;
    float r[2][BLOCK], g[2][BLOCK], b[2][BLOCK]; ///< R', G', B' of BT.709 of two rows
    uint16_t tail[BLOCK]; ///< luma where a row ends within a block
    uint8_t packed[BLOCK];
} Block;

INLINE float clampf(float value, float low, float high)
{
    value = value > low ? value : low;
    return value < high ? value : high;
}

INLINE float maxf(float a, float b)
{
    return a > b ? a : b;
}

/** Lines of the code grid of light for each unit of the code. */
INLINE float grid_scale(const PacelineCpu *cpu)
{
    if (cpu->options.mode == PACELINE_MODE_ITP)
        return cpu->params.itp_scale / cpu->params.itp_line;
    return cpu->params.code_scale * PACELINE_CODE_NODES;
}

/** The line of a code grid for a code in 0..1. */
INLINE uint16_t nearest(float code, float scale)
{
    return (int)(code * scale + 0.5f);
}

INLINE void step_by_code(Channel *channel, float scale)
{
    for (int i = 0; i < BLOCK; i++)
        channel->step[i] = nearest(channel->at[i], scale);
}

/** The line of a log grid for a light. */
INLINE void step_by_light(Channel *channel, int steps_log2)
{
    const int32_t lowest = (127 + PACELINE_LOG_LOWEST) << 23;

    for (int i = 0; i < BLOCK; i++) {
        int32_t bits;

        memcpy(&bits, &channel->at[i], sizeof(bits));
        bits = (bits > lowest ? bits : lowest) - lowest;
        channel->step[i] = bits >> (23 - steps_log2);
    }
}

/** Lines of a table. These loads and stores are a third of what the filter costs. */
INLINE void fetch(Channel *restrict channel, const PacelineLine *restrict table)
{
#pragma GCC unroll 8
    for (int i = 0; i < BLOCK; i++)
        channel->line[i] = table[channel->step[i]];
}

INLINE float found(const Channel *channel, int i)
{
    return channel->line[i].base + channel->line[i].slope * channel->at[i];
}

/** Each value becomes what the table has for it. */
INLINE void replace(Channel *channel, const PacelineLine *table)
{
    fetch(channel, table);
    for (int i = 0; i < BLOCK; i++)
        channel->at[i] = found(channel, i);
}

INLINE void replace_by_code(Channel *channel, const PacelineLine *table, float scale)
{
    step_by_code(channel, scale);
    replace(channel, table);
}

INLINE void replace_by_light(Channel *channel, const PacelineLine *table)
{
    step_by_light(channel, PACELINE_LOG_STEPS_LOG2);
    replace(channel, table);
}

#endif /* AVFILTER_TONEMAP_PACELINE_CPU_LOOKUP_H */
