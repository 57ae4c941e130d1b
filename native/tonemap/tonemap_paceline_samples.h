/*
 * Of the kernels: words of memory to numbers, and numbers to words of memory.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_SAMPLES_H
#define AVFILTER_TONEMAP_PACELINE_SAMPLES_H

#include "tonemap_paceline_kernel.h"
#include "tonemap_paceline_pixel.h"

/** Colour differences. */
typedef struct PlChroma {
    float cb, cr;
} PlChroma;

/** A word's lower 16 bits as a float above the bias that the parameters know. */
PL_INLINE float pl_low(const PacelineParams *p, unsigned word) { return pl_float((word & 0xffff) | p->word_exponent); }

PL_INLINE float pl_high(const PacelineParams *p, unsigned word)
{
    return pl_float(pl_permute(word, p->word_exponent, 0x7632));
}

/** Two rounded values side by side, in 16 bits each; of bytes, only the lower halves of these count. */
PL_INLINE unsigned pl_pair(PlKind kind, unsigned left, unsigned right)
{
    return pl_permute(left, right, kind.usual ? 0x6521 : 0x5410);
}

/** Lower bytes of two such pairs. */
PL_INLINE unsigned pl_bytes(unsigned left, unsigned right) { return pl_permute(left, right, 0x6420); }

/** What is added before rounding; 0 where there is none. */
PL_INLINE float pl_dither(const PacelineLaunch *l, PlKind kind, int x, int y)
{
    const int last = PACELINE_DITHER_SIZE - 1;

    return kind.dithered ? pl_load_float(l->dither_pattern + (y & last) * PACELINE_DITHER_SIZE + (x & last)) : 0;
}

/** One number of the output, for pl_pair(). */
PL_INLINE unsigned pl_number(const PacelineLaunch *l, PlKind kind, const float *row, PlRgb v, int is_luma, int x, int y)
{
    const PacelineParams *p = &l->params;
    float noise = pl_dither(l, kind, x, y), start = is_luma ? p->luma_start : p->chroma_start;

    if (kind.usual)
        return pl_rounded_dot(row, v, kind.dithered ? start + noise : start);
    return pl_round(pl_dot(row, v) + noise, is_luma ? p->luma_zero : p->chroma_zero);
}

PL_INLINE unsigned pl_luma_out(const PacelineLaunch *l, PlKind kind, PlRgb v, int x, int y)
{
    return pl_number(l, kind, l->params.luma_from_rgb, v, 1, x, y);
}

/** The colours of the luma samples that surround a chroma sample, weighted by where it lies. */
PL_INLINE PlRgb pl_blend(PlRgb upper, PlRgb lower, float upper_share, float lower_share)
{
    PlRgb v;

    v.r = pl_fma(upper.r, upper_share, lower.r * lower_share);
    v.g = pl_fma(upper.g, upper_share, lower.g * lower_share);
    v.b = pl_fma(upper.b, upper_share, lower.b * lower_share);
    return v;
}

/** The same for the two rows of a tile, left undivided: ff_paceline_params() has put the share into the coefficients. */
PL_INLINE PlRgb pl_row_sum(const PacelineParams *p, PlRgb upper, PlRgb lower)
{
    PlRgb v;

    v.r = pl_fma(lower.r, p->lower_over_upper, upper.r);
    v.g = pl_fma(lower.g, p->lower_over_upper, upper.g);
    v.b = pl_fma(lower.b, p->lower_over_upper, upper.b);
    return v;
}

/** Cb and Cr, as a pair. Their dither is the luma's, mirrored, so that it does not add up in one place. */
PL_INLINE unsigned pl_chroma_out(const PacelineLaunch *l, PlKind kind, const PacelineColourRows *rows, PlRgb v, int x,
                                 int y)
{
    return pl_pair(kind, pl_number(l, kind, rows->cb, v, 0, ~x, y),
                   pl_number(l, kind, rows->cr, v, 0, x, ~y));
}

/** Four samples, as two pairs. */
PL_INLINE void pl_store_four(const PacelineParams *p, PlKind kind, unsigned char *to, unsigned left, unsigned right)
{
    if (!kind.usual && p->out_words)
        pl_store8(to, left << 6, right << 6);
    else
        pl_store4(to, pl_bytes(left, right));
}

#endif /* AVFILTER_TONEMAP_PACELINE_SAMPLES_H */
