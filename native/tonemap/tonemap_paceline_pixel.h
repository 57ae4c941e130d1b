/*
 * The arithmetic of one pixel: R'G'B' codes of BT.2020 in, R'G'B' of BT.709 out. The same source for GPU and CPU.
 *
 * Codes are on a scale of 1/1024 for a 10-bit step with black at 0; light is in units of the target.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_PIXEL_H
#define AVFILTER_TONEMAP_PACELINE_PIXEL_H

#include "tonemap_paceline_shim.h"

/** Not a mode of the options: mode max where ff_paceline_is_plain_max() holds. */
#define PL_PLAIN_MAX PACELINE_MODE_COUNT

/** What tells kernels apart; constants to the compiler. */
typedef struct PlKind {
    int mode;
    int dithered;
    int usual;  ///< interleaved chroma comes in and NV12 comes out, whatever the parameters say
    int copies; ///< of the tables
} PlKind;

#define PL_LINE_BYTES 8
#define PL_LOG_LOWEST_BITS ((unsigned)(127 + PACELINE_LOG_LOWEST) << 23)
#define PL_LOG_SHIFT (23 - PACELINE_LOG_STEPS_LOG2)

typedef struct PlRgb {
    float r, g, b;
} PlRgb;

/** How a code becomes the address of a line. */
typedef struct PlGrid {
    unsigned mask, copy;
    float scale, magic;
} PlGrid;

/** The tables in shared memory. */
typedef struct PlTables {
    unsigned base; ///< byte address of the first line
    PlGrid grid;   ///< of the tables by code
    PlGrid pq, intensity; ///< of further ones in mode itp
} PlTables;

/**
 * Adding a number whose last bit is worth a line's share of a byte puts the line's address into the lower bits of the
 * sum: one operation and one AND instead of a multiplication, a conversion and a shift. With copies, each line is there
 * that many times side by side, and threads that are neighbours read different ones: they meet in fewer banks.
 */
PL_INLINE PlGrid pl_grid(const PacelineParams *p, unsigned base, float line, float scale, int copies)
{
    const float byte = line / (float)(PL_LINE_BYTES * copies);
    PlGrid grid;

    grid.copy = pl_copy(copies, p->copy_mask);
    grid.mask = 0x3fffffu & ~(unsigned)(PL_LINE_BYTES * copies - 1);
    grid.scale = scale;
    grid.magic = 1.5f * 8388608.0f * byte + ((float)base * byte + 0.5f * line);
    return grid;
}

PL_INLINE PlTables pl_end_sharing(const PacelineParams *p, const PlSharing *sharing, const PacelineLine *lines, int count,
                                  PlKind kind)
{
    const float usual = 1.0f / PACELINE_CODE_NODES, line = kind.mode == PACELINE_MODE_ITP ? p->itp_line : usual;
    PlTables tables;

    tables.base = pl_share_end(sharing, lines, count, kind.copies);
    tables.grid = pl_grid(p, tables.base, line, kind.mode == PACELINE_MODE_ITP ? p->itp_scale : p->code_scale, kind.copies);
    tables.pq = pl_grid(p, tables.base + (unsigned)p->itp_pq_first * PL_LINE_BYTES, line, p->itp_scale, kind.copies);
    tables.intensity = pl_grid(p, tables.base, usual, p->itp_intensity_scale, kind.copies);
    return tables;
}

PL_INLINE PlTables pl_tables(const PacelineParams *p, const PacelineLine *lines, int count, PlKind kind)
{
    PlSharing sharing = pl_share_begin(lines, kind.copies);
    return pl_end_sharing(p, &sharing, lines, count, kind);
}

/** Address of the line of a code grid that is nearest to a code in 0..1. */
PL_INLINE unsigned pl_code_address(const PlGrid *grid, float code)
{
    return (pl_bits(pl_fma(code, grid->scale, grid->magic)) & grid->mask) | grid->copy;
}

/** The same for the table of gains, whose lines are twice as long. */
PL_INLINE unsigned pl_gain_address(const PacelineParams *p, const PlGrid *grid, float code)
{
    return (pl_bits(pl_fma(code, p->gain_scale, grid->magic)) & grid->mask) | grid->copy;
}

/** Address of the line of the log grid for a light >= 0. */
PL_INLINE unsigned pl_log_address(const PlTables *tables, float light)
{
    unsigned bits = pl_bits(pl_max(light, pl_float(PL_LOG_LOWEST_BITS)));
    return tables->base + ((bits - PL_LOG_LOWEST_BITS) >> PL_LOG_SHIFT) * PL_LINE_BYTES;
}

/** "offset" is from the first table's first line, in lines. */
#define PL_LOOK_UP(result, x, address, offset)           \
    do {                                                 \
        PacelineLine line_;                              \
        PL_LINE(line_, address, (offset) * PL_LINE_BYTES); \
        (result) = pl_fma(line_.slope, x, line_.base);   \
    } while (0)

PL_INLINE float pl_by_code(const PlGrid *grid, float code)
{
    float light;

    PL_LOOK_UP(light, code, pl_code_address(grid, code), PACELINE_TABLE_LIGHT);
    return light;
}

/** The log table: gain for light. */
PL_INLINE float pl_by_light(const PlTables *tables, float light)
{
    float value;

    PL_LOOK_UP(value, light, pl_log_address(tables, light), PACELINE_TABLE_LOG);
    return value;
}

/** And in mode itp: PQ code for light. */
PL_INLINE float pl_pq_by_light(const PlTables *tables, float light)
{
    float value;

    PL_LOOK_UP(value, light, pl_log_address(tables, light), PACELINE_ITP_LOG);
    return value;
}

PL_INLINE float pl_dot(const float *row, PlRgb v)
{
    return pl_fma(row[2], v.b, pl_fma(row[1], v.g, row[0] * v.r));
}

/** Display light of the codes: EOTF of PQ, or inverse OETF and OOTF of HLG (BT.2100 table 5). */
PL_INLINE PlRgb pl_light(const PacelineParams *p, const PlTables *tables, PlRgb code)
{
    PlRgb light = { pl_by_code(&tables->grid, code.r), pl_by_code(&tables->grid, code.g), pl_by_code(&tables->grid, code.b) };

    if (p->hlg) {
        float luma = pl_max(pl_dot(p->light_to_luma, light), 1e-12f);
        float gain = p->hlg_gain * pl_exp2(pl_log2(luma) * p->hlg_exponent);
        light.r *= gain;
        light.g *= gain;
        light.b *= gain;
    }
    return light;
}

/** The bright lose saturation: the share of the luminance that is above the threshold is the share of grey. */
PL_INLINE PlRgb pl_desaturate(const PacelineParams *p, PlRgb light)
{
    float luma = pl_dot(p->light_to_luma, light);
    float share = pl_max(luma - p->desat, 0.0f) * pl_reciprocal(pl_max(luma, 1e-6f));

    light.r = pl_fma(luma - light.r, share, light.r);
    light.g = pl_fma(luma - light.g, share, light.g);
    light.b = pl_fma(luma - light.b, share, light.b);
    return light;
}

PL_INLINE PlRgb pl_scaled(PlRgb v, float r, float g, float b)
{
    PlRgb scaled = { v.r * r, v.g * g, v.b * b };
    return scaled;
}

/**
 * The curve on I of ICtCp (BT.2100 table 7); Ct and Cp shrink as I grows or falls, whichever is more (BT.2390-11
 * 5.4.2). The inverse matrices are those of BT.2100, inverted.
 */
PL_INLINE PlRgb pl_tone_itp(const PacelineParams *p, const PlTables *tables, PlRgb v)
{
    const float ll[3] = { 1688.0f / 4096, 2146.0f / 4096, 262.0f / 4096 };
    const float lm[3] = { 683.0f / 4096, 2951.0f / 4096, 462.0f / 4096 };
    const float ls[3] = { 99.0f / 4096, 309.0f / 4096, 3688.0f / 4096 };
    const float ct[3] = { 6610.0f / 4096, -13613.0f / 4096, 7003.0f / 4096 };
    const float cp[3] = { 17933.0f / 4096, -17390.0f / 4096, -543.0f / 4096 };
    const float red[3] = { 3.436606694333079f, -2.506452118656270f, 0.069845424323191f };
    const float green[3] = { -0.791329555598929f, 1.983600451792291f, -0.192270896193362f };
    const float blue[3] = { -0.025949899690593f, -0.098913714711726f, 1.124863614402319f };
    PlRgb lms = { pl_pq_by_light(tables, pl_dot(ll, v)), pl_pq_by_light(tables, pl_dot(lm, v)),
                  pl_pq_by_light(tables, pl_dot(ls, v)) };
    float t = pl_dot(ct, lms), c = pl_dot(cp, lms);
    float i = 0.5f * (lms.r + lms.g), mapped, shrink;
    PlRgb out;

    i = pl_min(i, 1.0f);
    PL_LOOK_UP(mapped, i, pl_code_address(&tables->intensity, i), PACELINE_ITP_INTENSITY);
    shrink = pl_min(mapped * pl_reciprocal(pl_max(i, 1e-6f)), i * pl_reciprocal(pl_max(mapped, 1e-6f)));
    t *= shrink;
    c *= shrink;
    lms.r = pl_fma(c, 0.1110296250030f, pl_fma(t, 0.0086090370379f, mapped));
    lms.g = pl_fma(c, -0.1110296250030f, pl_fma(t, -0.0086090370379f, mapped));
    lms.b = pl_fma(c, -0.3206271749873f, pl_fma(t, 0.5600313357107f, mapped));
    lms.r = pl_by_code(&tables->pq, pl_fma_sat(lms.r, p->itp_pq_unit, 0.0f));
    lms.g = pl_by_code(&tables->pq, pl_fma_sat(lms.g, p->itp_pq_unit, 0.0f));
    lms.b = pl_by_code(&tables->pq, pl_fma_sat(lms.b, p->itp_pq_unit, 0.0f));
    out.r = pl_dot(red, lms);
    out.g = pl_dot(green, lms);
    out.b = pl_dot(blue, lms);
    return out;
}

/** Light of the source to light of the target, the lifted black's floor left out. */
PL_INLINE PlRgb pl_tone(const PacelineParams *p, const PlTables *tables, int mode, PlRgb light)
{
    float gain;

    if (mode == PACELINE_MODE_ITP)
        return pl_tone_itp(p, tables, light);
    if (mode == PACELINE_MODE_RGB)
        return pl_scaled(light, pl_by_light(tables, light.r), pl_by_light(tables, light.g),
                         pl_by_light(tables, light.b));
    if (mode == PACELINE_MODE_LUMA)
        gain = pl_by_light(tables, pl_dot(p->light_to_luma, light));
    else
        gain = pl_by_light(tables, pl_max(light.r, pl_max(light.g, light.b)));
    return pl_scaled(light, gain, gain, gain);
}

/** One channel of the gamut compression; "most" is the largest of the three. */
PL_INLINE float pl_compress(const PacelineParams *p, int channel, float most, float over_most, float value)
{
    float distance = (most - value) * over_most, root;

    if (distance <= p->compress_threshold[channel])
        return value;
    root = pl_sqrt(distance - p->compress_origin[channel]);
    distance = pl_fma(root, p->compress_scale[channel], p->compress_offset[channel]);
    return pl_fma(distance, -most, most);
}

/** BT.1886 with a black of 0: R'G'B' = light ^ (1 / 2.4). The logarithm of 0 is -infinity and comes back as 0. */
PL_INLINE float pl_gamma(float light) { return pl_exp2(pl_log2(light) * (1 / 2.4f)); }

/** Light in BT.2020 to R'G'B' of BT.709, each in 0..1. */
PL_INLINE PlRgb pl_to_bt709(const PacelineParams *p, PlRgb light)
{
    const float *m = p->to_bt709;
    PlRgb out;

    if (p->compress) {
        float most, over_most;
        out.r = pl_dot(m, light) + p->floor;
        out.g = pl_dot(m + 3, light) + p->floor;
        out.b = pl_dot(m + 6, light) + p->floor;
        most = pl_max(pl_max(out.r, pl_max(out.g, out.b)), 1e-9f);
        over_most = pl_reciprocal(most);
        out.r = pl_fma_sat(pl_compress(p, 0, most, over_most, out.r), 1.0f, 0.0f);
        out.g = pl_fma_sat(pl_compress(p, 1, most, over_most, out.g), 1.0f, 0.0f);
        out.b = pl_fma_sat(pl_compress(p, 2, most, over_most, out.b), 1.0f, 0.0f);
    } else {
        out.r = pl_fma_sat(m[0], light.r, pl_fma(m[1], light.g, pl_fma(m[2], light.b, p->floor)));
        out.g = pl_fma_sat(m[3], light.r, pl_fma(m[4], light.g, pl_fma(m[5], light.b, p->floor)));
        out.b = pl_fma_sat(m[6], light.r, pl_fma(m[7], light.g, pl_fma(m[8], light.b, p->floor)));
    }
    out.r = pl_gamma(out.r);
    out.g = pl_gamma(out.g);
    out.b = pl_gamma(out.b);
    return out;
}

/**
 * One of R', G', B' of BT.709 from its own colour's light and the two others', in the order R, G, B, R. The gain comes
 * last, so that one operation multiplies and clamps: a logarithm of less than 0 is no number, and becomes 0 there.
 */
PL_INLINE float pl_plain_channel(const PacelineParams *p, int channel, float own, float next, float last, float gain)
{
    float light = pl_fma(p->share_of_last[channel], last, pl_fma(p->share_of_next[channel], next, own));
    return pl_fma_sat(pl_exp2(pl_fma(pl_log2(light), 1 / 2.4f, p->missing_exponent[channel])), gain, 0.0f);
}

PL_INLINE unsigned pl_most(unsigned a, unsigned b, unsigned c)
{
    unsigned most = a > b ? a : b;
    return most > c ? most : c;
}

/**
 * Mode max in PQ, codes to R'G'B' of BT.709: the gain is looked up by the largest code itself. Floats that are not
 * negative compare as their bits do, and integers have a maximum of three in one instruction on some GPUs.
 */
PL_INLINE PlRgb pl_plain_max(const PacelineParams *p, const PlTables *tables, PlKind kind, PlRgb code)
{
    float most = pl_float(pl_most(pl_bits(code.r), pl_bits(code.g), pl_bits(code.b))), gain;
    PlRgb light, out;

    PL_LOOK_UP(light.r, code.r, pl_code_address(&tables->grid, code.r), PACELINE_TABLE_LIGHT);
    PL_LOOK_UP(light.g, code.g, pl_code_address(&tables->grid, code.g), PACELINE_TABLE_LIGHT);
    PL_LOOK_UP(light.b, code.b, pl_code_address(&tables->grid, code.b), PACELINE_TABLE_LIGHT);
    PL_LOOK_UP(gain, most, pl_gain_address(p, &tables->grid, most), PACELINE_TABLE_GAIN_BY_CODE * kind.copies);
    out.r = pl_plain_channel(p, 0, light.r, light.g, light.b, gain);
    out.g = pl_plain_channel(p, 1, light.g, light.b, light.r, gain);
    out.b = pl_plain_channel(p, 2, light.b, light.r, light.g, gain);
    return out;
}

/** R'G'B' codes of the input, each in 0..1, to R'G'B' of BT.709. */
PL_INLINE PlRgb pl_tone_map(const PacelineParams *p, const PlTables *tables, PlKind kind, PlRgb code)
{
    PlRgb light;

    if (kind.mode == PL_PLAIN_MAX)
        return pl_plain_max(p, tables, kind, code);
    light = pl_light(p, tables, code);
    if (p->desat > 0)
        light = pl_desaturate(p, light);
    return pl_to_bt709(p, pl_tone(p, tables, kind.mode, light));
}

/** R'G'B' codes from a luma code and colour differences (BT.2100 table 6), clamped to 0..1. */
PL_INLINE PlRgb pl_rgb_code(const PacelineChromaGain *gain, float luma, float cb, float cr)
{
    PlRgb code;

    code.r = pl_fma_sat(cr, gain->red_by_cr, luma);
    code.g = pl_fma_sat(cr, gain->green_by_cr, pl_fma(cb, gain->green_by_cb, luma));
    code.b = pl_fma_sat(cb, gain->blue_by_cb, luma);
    return code;
}

/** Rounded to the nearest integer, which is in the lower bits of the result; "zero" is the code of 0. */
PL_INLINE unsigned pl_round(float value, float zero) { return pl_bits(value + (12582912.0f + zero)); }

/**
 * A sum of products, rounded to the nearest integer, which is in bits 8 to 15 of the result. It begins at a number so
 * large that its last bit is worth 1/256: no addition is needed for the rounding, and an error of 0.002 is made.
 */
PL_INLINE unsigned pl_rounded_dot(const float *row, PlRgb v, float start)
{
    return pl_bits(pl_fma(row[2], v.b, pl_fma(row[1], v.g, pl_fma(row[0], v.r, start))));
}

#endif /* AVFILTER_TONEMAP_PACELINE_PIXEL_H */
