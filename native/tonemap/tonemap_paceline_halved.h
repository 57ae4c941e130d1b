/*
 * The kernels for pictures that become half as large: bilinear then is the mean of four samples.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_HALVED_H
#define AVFILTER_TONEMAP_PACELINE_HALVED_H

#include "tonemap_paceline_samples.h"
#include "tonemap_paceline_walk.h"

/** A chroma row's samples for eight luma columns and the one after: Cb in the lower half of a word, Cr in the upper. */
PL_INLINE void pl_load_chroma(const PacelineLaunch *l, int x, int y, unsigned *words)
{
    const PacelinePicture *in = &l->in;
    long long row = (long long)y * in->chroma_pitch;
    int after = x + 4 < in->width / 2 ? x + 4 : in->width / 2 - 1;
    PlWords4 four = pl_load16(in->cb + row + 4 * x);

    PL_UNROLL
    for (int i = 0; i < 4; i++)
        words[i] = four[i];
    words[4] = pl_load4(in->cb + row + 4 * after);
}

/** The same where Cb and Cr have planes of their own. */
PL_INLINE void pl_load_chroma_planes(const PacelineLaunch *l, int x, int y, unsigned *words)
{
    const PacelinePicture *in = &l->in;
    const unsigned char *cb = in->cb + (long long)y * in->chroma_pitch, *cr = in->cr + (cb - in->cb);
    int after = x + 4 < in->width / 2 ? x + 4 : in->width / 2 - 1;

    PL_UNROLL
    for (int i = 0; i < 4; i += 2) {
        unsigned two_cb = pl_load4(cb + 2 * (x + i)), two_cr = pl_load4(cr + 2 * (x + i));
        words[i] = pl_permute(two_cb, two_cr, 0x5410);
        words[i + 1] = pl_permute(two_cb, two_cr, 0x7632);
    }
    words[4] = pl_load2(cb + 2 * after) | pl_load2(cr + 2 * after) << 16;
}

/** One of the two luma rows' chroma: that of the chroma row itself, and a share of its neighbour's. */
PL_INLINE PlChroma pl_chroma_between(const PacelineParams *p, unsigned own, unsigned neighbour, float share)
{
    float cb = pl_low(p, own), cr = pl_high(p, own);
    PlChroma c;

    c.cb = pl_fma(pl_low(p, neighbour) - cb, share, cb - p->chroma_bias);
    c.cr = pl_fma(pl_high(p, neighbour) - cr, share, cr - p->chroma_bias);
    return c;
}

/** The code of four samples' mean: their sum is put below the bits of a float of a quarter of the scale. */
PL_INLINE float pl_mean(const PacelineParams *p, unsigned upper, unsigned lower)
{
    unsigned sum = (upper & 0xffff) + (upper >> 16) + (lower & 0xffff) + (lower >> 16);
    return pl_float(sum | (p->word_exponent - (2u << 23))) - p->mean_bias;
}

/** Chroma of a row of the output, before it is moved to the luma columns: chroma rows of the input are its rows. */
PL_INLINE void pl_halved_chroma(const PacelineLaunch *l, PlKind kind, int x, int y, PlChroma *chroma)
{
    const PacelineParams *p = &l->params;
    int neighbour = y + p->halved_row_step;
    unsigned own[5], other[5];

    neighbour = neighbour < 0 ? 0 : neighbour < l->out.height ? neighbour : l->out.height - 1;
    if (!kind.usual && l->in.planar) {
        pl_load_chroma_planes(l, x, y, own);
        pl_load_chroma_planes(l, x, neighbour, other);
    } else {
        pl_load_chroma(l, x, y, own);
        if (neighbour != y)
            pl_load_chroma(l, x, neighbour, other);
        else
            for (int i = 0; i < 5; i++)
                other[i] = own[i];
    }
    PL_UNROLL
    for (int i = 0; i < 5; i++)
        chroma[i] = pl_chroma_between(p, own[i], other[i], p->halved_row_share);
}

/** 4x2 luma samples of the output and their 2 chroma samples, out of four times as many. */
PL_INLINE void pl_halved_tile(const PacelineLaunch *l, const PlTables *tables, PlKind kind,
                              int column, int row)
{
    const PacelineParams *p = &l->params;
    int x = column * 4, y = row * 2;
    const unsigned char *from = l->in.luma + (long long)(2 * y) * l->in.luma_pitch + 4 * x;
    unsigned char *to = l->out.luma + (long long)y * l->out.luma_pitch + (x << p->out_words);
    unsigned luma[2][4], colour[2];
    PlRgb even[2][2];

    PL_UNROLL
    for (int r = 0; r < 2; r++) {
        PlWords4 upper = pl_load16(from + 2 * r * l->in.luma_pitch);
        PlWords4 lower = pl_load16(from + (2 * r + 1) * l->in.luma_pitch);
        PlChroma chroma[5];
        pl_halved_chroma(l, kind, x, y + r, chroma);
        PL_UNROLL
        for (int i = 0; i < 4; i++) {
            float cb = pl_fma(chroma[i + 1].cb - chroma[i].cb, 0.25f, chroma[i].cb);
            float cr = pl_fma(chroma[i + 1].cr - chroma[i].cr, 0.25f, chroma[i].cr);
            PlRgb out = pl_tone_map(p, tables, kind, pl_rgb_code(&p->chroma_gain, pl_mean(p, upper[i], lower[i]), cb, cr));
            luma[r][i] = pl_luma_out(l, kind, out, x + i, y + r);
            if (i % 2 == 0)
                even[r][i / 2] = out;
        }
    }
    PL_UNROLL
    for (int i = 0; i < 2; i++) {
        colour[i] = pl_chroma_out(l, kind, &p->from_row_sum, pl_row_sum(p, even[0][i], even[1][i]), x / 2 + i, row);
        luma[i][0] = pl_pair(kind, luma[i][0], luma[i][1]);
        luma[i][1] = pl_pair(kind, luma[i][2], luma[i][3]);
    }
    pl_store_four(p, kind, to, luma[0][0], luma[0][1]);
    pl_store_four(p, kind, to + l->out.luma_pitch, luma[1][0], luma[1][1]);
    pl_store_four(p, kind, l->out.cb + (long long)row * l->out.chroma_pitch + (x << p->out_words), colour[0], colour[1]);
}

PL_INLINE void pl_halving(const PacelineLaunch *l, PlKind kind)
{
    PlTables tables = pl_tables(&l->params, l->tables, l->lines, kind);
    PlWalk walk = pl_walk(l->out.width / 4, l->out.height / 2);

    for (; walk.row < walk.rows; pl_step(&walk))
        pl_halved_tile(l, &tables, kind, walk.column, walk.row);
}

#endif /* AVFILTER_TONEMAP_PACELINE_HALVED_H */
