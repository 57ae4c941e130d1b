/*
 * The kernels for pictures of any size, with weights made beforehand.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_SCALED_H
#define AVFILTER_TONEMAP_PACELINE_SCALED_H

#include "tonemap_paceline_samples.h"
#include "tonemap_paceline_walk.h"

/** Luma of two by two output samples. Each row is filtered across once, for both. */
PL_INLINE void pl_sample_luma(const PacelineLaunch *l, int x, int y, float luma[2][2])
{
    const PacelineParams *p = &l->params;
    int taps_x = l->luma_x.taps, taps_y = l->luma_y.taps;
    int top = l->luma_y.start[y], offset = l->luma_y.start[y + 1] - top, rows = offset + taps_y;
    const float *weight_y = l->luma_y.weight + (long long)y * taps_y;

    luma[0][0] = luma[0][1] = luma[1][0] = luma[1][1] = 0;
    for (int row = 0; row < rows; row++) {
        const unsigned char *from = l->in.luma + (long long)(top + row) * l->in.luma_pitch;
        float upper = row < taps_y ? pl_load_float(weight_y + row) : 0;
        float lower = row >= offset ? pl_load_float(weight_y + taps_y + row - offset) : 0;
        PL_UNROLL
        for (int i = 0; i < 2; i++) {
            const float *weight = l->luma_x.weight + (long long)(x + i) * taps_x;
            const unsigned char *sample = from + 2 * l->luma_x.start[x + i];
            float sum = 0;
            for (int tap = 0; tap < taps_x; tap++)
                sum = pl_fma(pl_low(p, pl_load2(sample + 2 * tap)) - p->luma_bias, pl_load_float(weight + tap), sum);
            luma[0][i] = pl_fma(sum, upper, luma[0][i]);
            luma[1][i] = pl_fma(sum, lower, luma[1][i]);
        }
    }
}

/** Chroma where two by two luma samples of the output lie. */
PL_INLINE void pl_sample_chroma(const PacelineLaunch *l, int x, int y, PlChroma chroma[2][2])
{
    const PacelineParams *p = &l->params;
    int taps_x = l->chroma_x.taps, taps_y = l->chroma_y.taps, step = l->in.planar ? 2 : 4;
    int top = l->chroma_y.start[y], offset = l->chroma_y.start[y + 1] - top, rows = offset + taps_y;
    const float *weight_y = l->chroma_y.weight + (long long)y * taps_y;

    PL_UNROLL
    for (int i = 0; i < 4; i++)
        chroma[i / 2][i % 2].cb = chroma[i / 2][i % 2].cr = 0;
    for (int row = 0; row < rows; row++) {
        long long from = (long long)(top + row) * l->in.chroma_pitch;
        float upper = row < taps_y ? pl_load_float(weight_y + row) : 0;
        float lower = row >= offset ? pl_load_float(weight_y + taps_y + row - offset) : 0;
        PL_UNROLL
        for (int i = 0; i < 2; i++) {
            const float *weight = l->chroma_x.weight + (long long)(x + i) * taps_x;
            long long sample = from + (long long)step * l->chroma_x.start[x + i];
            float cb = 0, cr = 0;
            for (int tap = 0; tap < taps_x; tap++, sample += step) {
                float share = pl_load_float(weight + tap);
                cb = pl_fma(pl_low(p, pl_load2(l->in.cb + sample)) - p->chroma_bias, share, cb);
                cr = pl_fma(pl_low(p, pl_load2(l->in.cr + sample)) - p->chroma_bias, share, cr);
            }
            chroma[0][i].cb = pl_fma(cb, upper, chroma[0][i].cb);
            chroma[0][i].cr = pl_fma(cr, upper, chroma[0][i].cr);
            chroma[1][i].cb = pl_fma(cb, lower, chroma[1][i].cb);
            chroma[1][i].cr = pl_fma(cr, lower, chroma[1][i].cr);
        }
    }
}

PL_INLINE void pl_store_sample(const PacelineParams *p, PlKind kind, unsigned char *row, int x, unsigned code)
{
    if (!kind.usual && p->out_words)
        pl_store2(row + 2 * x, code << 6);
    else
        pl_store1(row + x, code);
}

/** Two by two luma samples and a chroma sample of the output. Pictures of odd size end within a block. */
PL_INLINE void pl_block(const PacelineLaunch *l, const PlTables *tables, PlKind kind, int column,
                        int row)
{
    const PacelineParams *p = &l->params;
    int x = 2 * column, y = 2 * row;
    unsigned chroma_pair, code;
    float luma[2][2];
    PlChroma chroma[2][2];
    PlRgb out[2][2];

    pl_sample_luma(l, x, y, luma);
    pl_sample_chroma(l, x, y, chroma);
    PL_UNROLL
    for (int i = 0; i < 4; i++) {
        int r = i / 2, c = i % 2;
        out[r][c] = pl_tone_map(p, tables, kind,
                                pl_rgb_code(&p->chroma_gain, luma[r][c], chroma[r][c].cb, chroma[r][c].cr));
        code = pl_luma_out(l, kind, out[r][c], x + c, y + r);
        if (x + c < l->out.width && y + r < l->out.height)
            pl_store_sample(p, kind, l->out.luma + (long long)(y + r) * l->out.luma_pitch, x + c,
                            pl_pair(kind, code, code));
    }
    out[0][0] = pl_blend(out[0][0], out[0][1], 1.0f - p->chroma_right, p->chroma_right);
    out[1][0] = pl_blend(out[1][0], out[1][1], 1.0f - p->chroma_right, p->chroma_right);
    chroma_pair = pl_chroma_out(l, kind, &p->from_rgb,
                                pl_blend(out[0][0], out[1][0], p->chroma_upper, p->chroma_lower), column, row);
    pl_store_sample(p, kind, l->out.cb + (long long)row * l->out.chroma_pitch, 2 * column, chroma_pair & 0xffff);
    pl_store_sample(p, kind, l->out.cb + (long long)row * l->out.chroma_pitch, 2 * column + 1, chroma_pair >> 16);
}

PL_INLINE void pl_scaling(const PacelineLaunch *l, PlKind kind)
{
    PlTables tables = pl_tables(&l->params, l->tables, l->lines, kind);
    PlWalk walk = pl_walk((l->out.width + 1) / 2, (l->out.height + 1) / 2);

    for (; walk.row < walk.rows; pl_step(&walk))
        pl_block(l, &tables, kind, walk.column, walk.row);
}

#endif /* AVFILTER_TONEMAP_PACELINE_SCALED_H */
