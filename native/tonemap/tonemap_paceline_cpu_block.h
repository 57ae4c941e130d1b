/*
 * The CPU filter's arithmetic over a block of samples, a stage at a time. Part of tonemap_paceline_cpu.c, which says how
 * it is compiled.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_CPU_BLOCK_H
#define AVFILTER_TONEMAP_PACELINE_CPU_BLOCK_H

#include "tonemap_paceline_cpu_lookup.h"

/** Y'CbCr to R'G'B' codes with their places in a code grid, and the largest of them as what the gain is looked up by. */
INLINE void split(const PacelineCpu *cpu, Block *block, const uint16_t *y, const int16_t *cb, const int16_t *cr)
{
    const PacelineChromaGain *k = &cpu->params.chroma_gain;
    const float unit = 1.0f / (1024 * FRACTION), luma_unit = cpu->luma_unit, black = cpu->black;
    const float scale = grid_scale(cpu);

    for (int i = 0; i < BLOCK; i++) {
        float luma = y[i] * luma_unit - black, u = cb[i] * unit - 0.5f, v = cr[i] * unit - 0.5f;
        float red   = clampf(luma + k->red_by_cr * v, 0, 1);
        float green = clampf(luma + k->green_by_cb * u + k->green_by_cr * v, 0, 1);
        float blue  = clampf(luma + k->blue_by_cb * u, 0, 1);
        float most  = maxf(red, maxf(green, blue));

        block->red.at[i]     = red;
        block->green.at[i]   = green;
        block->blue.at[i]    = blue;
        block->gain.at[i]    = most;
        block->red.step[i]   = nearest(red, scale);
        block->green.step[i] = nearest(green, scale);
        block->blue.step[i]  = nearest(blue, scale);
        block->gain.step[i]  = nearest(most, scale);
    }
}

INLINE void multiply(Block *block)
{
    for (int i = 0; i < BLOCK; i++) {
        block->red.at[i] *= block->gain.at[i];
        block->green.at[i] *= block->gain.at[i];
        block->blue.at[i] *= block->gain.at[i];
    }
}

INLINE void take_luminance(const PacelineCpu *cpu, Block *block)
{
    const float *k = cpu->params.light_to_luma;

    for (int i = 0; i < BLOCK; i++)
        block->gain.at[i] = k[0] * block->red.at[i] + k[1] * block->green.at[i] + k[2] * block->blue.at[i];
}

INLINE void desaturate(const PacelineCpu *cpu, Block *block)
{
    float threshold = cpu->params.desat;

    take_luminance(cpu, block);
    for (int i = 0; i < BLOCK; i++) {
        float luma = block->gain.at[i], share = maxf(luma - threshold, 0) / maxf(luma, 1e-6f);

        block->red.at[i] += (luma - block->red.at[i]) * share;
        block->green.at[i] += (luma - block->green.at[i]) * share;
        block->blue.at[i] += (luma - block->blue.at[i]) * share;
    }
}

/** All three channels by a matrix. */
INLINE void transform(Block *block, const float *m)
{
    for (int i = 0; i < BLOCK; i++) {
        float r = block->red.at[i], g = block->green.at[i], b = block->blue.at[i];

        block->red.at[i]   = m[0] * r + m[1] * g + m[2] * b;
        block->green.at[i] = m[3] * r + m[4] * g + m[5] * b;
        block->blue.at[i]  = m[6] * r + m[7] * g + m[8] * b;
    }
}

/** The matrices of BT.2100 table 7 and BT.2124, see tonemap_paceline_pixel.h. */
static const float rgb_to_lms[9] = {
    1688.0f / 4096, 2146.0f / 4096, 262.0f / 4096, 683.0f / 4096, 2951.0f / 4096, 462.0f / 4096,
    99.0f / 4096,   309.0f / 4096,  3688.0f / 4096,
};
static const float lms_to_ictcp[9] = {
    0.5f,            0.5f,             0,              6610.0f / 4096, -13613.0f / 4096, 7003.0f / 4096,
    17933.0f / 4096, -17390.0f / 4096, -543.0f / 4096,
};
static const float ictcp_to_lms[9] = {
    1, 0.0086090370379f, 0.1110296250030f, 1, -0.0086090370379f, -0.1110296250030f, 1, 0.5600313357107f,
    -0.3206271749873f,
};
static const float lms_to_rgb[9] = {
    3.436606694333079f,  -2.506452118656270f, 0.069845424323191f,  -0.791329555598929f, 1.983600451792291f,
    -0.192270896193362f, -0.025949899690593f, -0.098913714711726f, 1.124863614402319f,
};

INLINE void clamp(Channel *channel)
{
    for (int i = 0; i < BLOCK; i++)
        channel->at[i] = clampf(channel->at[i], 0, 1);
}

INLINE void to_pq(const PacelineCpu *cpu, Channel *channel)
{
    step_by_light(channel, PQ_STEPS_LOG2);
    replace(channel, cpu->pq_by_light);
}

/** PQ codes to light; in PQ by the same table as the codes of the input, which have a scale of their own. */
INLINE void from_pq(const PacelineCpu *cpu, Channel *channel)
{
    float unit = cpu->params.itp_pq_unit;

    for (int i = 0; i < BLOCK; i++)
        channel->at[i] = clampf(channel->at[i] * unit, 0, 1);
    replace_by_code(channel, cpu->lines + cpu->params.itp_pq_first, grid_scale(cpu));
}

INLINE void tone_itp(const PacelineCpu *cpu, Block *block)
{
    const float scale = cpu->params.itp_intensity_scale * PACELINE_CODE_NODES;

    transform(block, rgb_to_lms);
    to_pq(cpu, &block->red);
    to_pq(cpu, &block->green);
    to_pq(cpu, &block->blue);
    transform(block, lms_to_ictcp);
    for (int i = 0; i < BLOCK; i++)
        block->gain.at[i] = clampf(block->red.at[i], 0, 1);
    replace_by_code(&block->gain, cpu->lines + PACELINE_ITP_INTENSITY, scale);
    for (int i = 0; i < BLOCK; i++) {
        float before = clampf(block->red.at[i], 0, 1), after = block->gain.at[i];
        float down = after / maxf(before, 1e-6f), up = before / maxf(after, 1e-6f), shrink = down < up ? down : up;

        block->red.at[i] = after;
        block->green.at[i] *= shrink;
        block->blue.at[i] *= shrink;
    }
    transform(block, ictcp_to_lms);
    from_pq(cpu, &block->red);
    from_pq(cpu, &block->green);
    from_pq(cpu, &block->blue);
    transform(block, lms_to_rgb);
}

INLINE void tone(const PacelineCpu *cpu, Block *block)
{
    const PacelineLine *gains = cpu->lines + PACELINE_TABLE_LOG;

    switch (cpu->options.mode) {
    case PACELINE_MODE_ITP:
        tone_itp(cpu, block);
        return;
    case PACELINE_MODE_RGB:
        step_by_light(&block->red, PACELINE_LOG_STEPS_LOG2);
        fetch(&block->red, gains);
        step_by_light(&block->green, PACELINE_LOG_STEPS_LOG2);
        fetch(&block->green, gains);
        step_by_light(&block->blue, PACELINE_LOG_STEPS_LOG2);
        fetch(&block->blue, gains);
        for (int i = 0; i < BLOCK; i++) {
            block->red.at[i] *= found(&block->red, i);
            block->green.at[i] *= found(&block->green, i);
            block->blue.at[i] *= found(&block->blue, i);
        }
        return;
    case PACELINE_MODE_LUMA:
        take_luminance(cpu, block);
        break;
    default:
        for (int i = 0; i < BLOCK; i++)
            block->gain.at[i] = maxf(block->red.at[i], maxf(block->green.at[i], block->blue.at[i]));
    }
    replace_by_light(&block->gain, gains);
    multiply(block);
}

INLINE float compressed(const PacelineParams *p, int channel, float most, float value)
{
    float distance = (most - value) / most;
    float root     = sqrtf(maxf(distance - p->compress_origin[channel], 0));
    float nearer   = most - (root * p->compress_scale[channel] + p->compress_offset[channel]) * most;

    return distance <= p->compress_threshold[channel] ? value : nearer;
}

INLINE void compress(const PacelineParams *p, Block *block)
{
    for (int i = 0; i < BLOCK; i++) {
        float r = block->red.at[i], g = block->green.at[i], b = block->blue.at[i];
        float most = maxf(maxf(r, maxf(g, b)), 1e-9f);

        block->red.at[i]   = compressed(p, 0, most, r);
        block->green.at[i] = compressed(p, 1, most, g);
        block->blue.at[i]  = compressed(p, 2, most, b);
    }
}

/** To BT.709, in 0..1. */
INLINE void convert(const PacelineCpu *cpu, Block *block)
{
    float floor = cpu->params.floor;

    transform(block, cpu->params.to_bt709);
    for (int i = 0; i < BLOCK; i++) {
        block->red.at[i] += floor;
        block->green.at[i] += floor;
        block->blue.at[i] += floor;
    }
    if (cpu->params.compress)
        compress(&cpu->params, block);
    clamp(&block->red);
    clamp(&block->green);
    clamp(&block->blue);
}

/** Every way but the plain one. */
INLINE void map_light(const PacelineCpu *cpu, Block *block)
{
    replace(&block->red, cpu->lines + PACELINE_TABLE_LIGHT);
    replace(&block->green, cpu->lines + PACELINE_TABLE_LIGHT);
    replace(&block->blue, cpu->lines + PACELINE_TABLE_LIGHT);
    if (cpu->params.hlg) {
        take_luminance(cpu, block);
        replace_by_light(&block->gain, cpu->system_gain);
        multiply(block);
    }
    if (cpu->params.desat > 0)
        desaturate(cpu, block);
    tone(cpu, block);
    convert(cpu, block);
}

/** Mode max in PQ with nothing else: two tables, and everything after them in one loop. */
INLINE void map_plain(const PacelineCpu *cpu, Block *block)
{
    const float *m = cpu->params.to_bt709, floor = cpu->params.floor;

    fetch(&block->red, cpu->lines + PACELINE_TABLE_LIGHT);
    fetch(&block->green, cpu->lines + PACELINE_TABLE_LIGHT);
    fetch(&block->blue, cpu->lines + PACELINE_TABLE_LIGHT);
    fetch(&block->gain, cpu->lines + PACELINE_TABLE_GAIN_BY_CODE);
    for (int i = 0; i < BLOCK; i++) {
        float gain = found(&block->gain, i);
        float r = found(&block->red, i) * gain, g = found(&block->green, i) * gain, b = found(&block->blue, i) * gain;

        block->red.at[i]   = clampf(m[0] * r + m[1] * g + m[2] * b + floor, 0, 1);
        block->green.at[i] = clampf(m[3] * r + m[4] * g + m[5] * b + floor, 0, 1);
        block->blue.at[i]  = clampf(m[6] * r + m[7] * g + m[8] * b + floor, 0, 1);
    }
}

INLINE int32_t bits_of(float value)
{
    int32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

INLINE float float_of(int32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/**
 * light ^ (1 / 2.4) for light in 0..1, by logarithm and power of two: cheaper than a table, since it stays in vectors.
 * The polynomials are minimax fits of log2(1 + t) / t and (2^f - 1) / f, so that 1 stays 1; the result is off by at most
 * a 150000th. What is less than 2^-40 counts as that, which is far below half a code.
 */
INLINE float gamma_of(float light)
{
    const float rounder = 12582912.0f; /* 1.5 * 2^23: adding it leaves the nearest integer in the lower bits */
    int32_t bits = bits_of(maxf(light, 9.094947e-13f)), exponent = (bits - 0x3f3504f3) >> 23;
    float t = float_of(bits - (int32_t)((uint32_t)exponent << 23)) - 1, log2, sum, f, power;

    log2  = 1.44257800f + t * (-0.72024182f + t * (0.48668645f + t * (-0.39457507f + t * 0.25265810f)));
    log2  = (exponent + t * log2) * (5.0f / 12);
    sum   = log2 + rounder;
    f     = log2 - (sum - rounder);
    power = 1 + f * (0.69312152f + f * (0.24022024f + f * (0.05591975f + f * 0.00968176f)));
    return float_of(bits_of(power) + (int32_t)((uint32_t)bits_of(sum) << 23));
}

/** Light to R'G'B'. */
INLINE void encode(float *restrict to, const float *restrict light)
{
    for (int i = 0; i < BLOCK; i++)
        to[i] = gamma_of(light[i]);
}

/** Leaves R', G', B' of BT.709 in the block. */
INLINE void map_block(const PacelineCpu *cpu, Block *block, int row, const uint16_t *y, const int16_t *cb,
                      const int16_t *cr)
{
    split(cpu, block, y, cb, cr);
    if (cpu->plain_max)
        map_plain(cpu, block);
    else
        map_light(cpu, block);
    encode(block->r[row], block->red.at);
    encode(block->g[row], block->green.at);
    encode(block->b[row], block->blue.at);
}

INLINE void weigh_luma(const PacelineCpu *cpu, Block *block, int row, const float *dither)
{
    const float *restrict r = block->r[row], *restrict g = block->g[row], *restrict b = block->b[row];
    const float *k = cpu->params.luma_from_rgb, zero = cpu->params.luma_zero + 0.5f;

    for (int i = 0; i < BLOCK; i++)
        block->packed[i] = (int)(zero + dither[i] + k[0] * r[i] + k[1] * g[i] + k[2] * b[i]);
}

/** What lies where a chroma sample does: the mean of two rows, or the upper or the lower. */
INLINE void mix_rows(const PacelineCpu *cpu, float rows[2][BLOCK])
{
    float upper = cpu->params.chroma_upper, lower = cpu->params.chroma_lower;

    for (int i = 0; i < BLOCK; i++)
        rows[0][i] = upper * rows[0][i] + lower * rows[1][i];
}

/** The same between columns. */
INLINE float mixed(const PacelineCpu *cpu, const float *row, int i)
{
    return row[2 * i] + cpu->params.chroma_right * (row[2 * i + 1] - row[2 * i]);
}

INLINE void weigh_chroma(const PacelineCpu *cpu, Block *block, int row, uint8_t *restrict cb, uint8_t *restrict cr)
{
    const float *cb_dither = cpu->chroma_dither[0][row], *cr_dither = cpu->chroma_dither[1][row];
    const float *u = cpu->params.from_rgb.cb, *v = cpu->params.from_rgb.cr, zero = cpu->params.chroma_zero + 0.5f;

    mix_rows(cpu, block->r);
    mix_rows(cpu, block->g);
    mix_rows(cpu, block->b);
    for (int i = 0; i < BLOCK / 2; i++) {
        float r = mixed(cpu, block->r[0], i), g = mixed(cpu, block->g[0], i), b = mixed(cpu, block->b[0], i);

        cb[i] = (int)(zero + cb_dither[i] + u[0] * r + u[1] * g + u[2] * b);
        cr[i] = (int)(zero + cr_dither[i] + v[0] * r + v[1] * g + v[2] * b);
    }
}

#endif /* AVFILTER_TONEMAP_PACELINE_CPU_BLOCK_H */
