/*
 * The kernels for pictures that keep their size.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_UNSCALED_H
#define AVFILTER_TONEMAP_PACELINE_UNSCALED_H

#include "tonemap_paceline_samples.h"

/* A tile of the unscaled kernels is 4x2 luma samples: two pairs across. */

/** What a tile needs from memory but for the chroma it shares with the tile above. */
typedef struct PlTileWords {
    unsigned luma[2][2];
    unsigned below[3]; ///< chroma row below its own: for the tile's columns and the one after
} PlTileWords;

/** Where the next tile is loaded from, and where the present one goes. */
typedef struct PlCursor {
    const unsigned char *luma, *cb, *cr;
    unsigned char *out_luma, *out_chroma;
    unsigned after; ///< bytes from a tile's chroma to the sample after it, which is the last one again at the edge
} PlCursor;

PL_INLINE PlCursor pl_cursor(const PacelineLaunch *l, int column, int row)
{
    const PacelinePicture *in = &l->in, *out = &l->out;
    long long chroma = (long long)row * in->chroma_pitch + (in->planar ? 4 : 8) * column;
    PlCursor at;

    at.luma = in->luma + (2LL * row * in->luma_pitch + 8 * column);
    at.cb = in->cb + chroma;
    at.cr = in->cr + chroma;
    at.out_luma = out->luma + (2LL * row * out->luma_pitch + (4 * column << l->params.out_words));
    at.out_chroma = out->cb + ((long long)row * out->chroma_pitch + (4 * column << l->params.out_words));
    at.after = (4 * column + 4 >= in->width ? 4u : 8u) >> in->planar;
    return at;
}

/** Three chroma samples; the one after the last column is the last column's. */
PL_INLINE void pl_load_three(const PacelineLaunch *l, PlKind kind, const PlCursor *at, const unsigned char *cb,
                             const unsigned char *cr, unsigned *words)
{
    if (!kind.usual && l->in.planar) {
        unsigned two_cb = pl_load4(cb), two_cr = pl_load4(cr);
        words[0] = pl_permute(two_cb, two_cr, 0x5410);
        words[1] = pl_permute(two_cb, two_cr, 0x7632);
        words[2] = pl_load2(cb + at->after) | pl_load2(cr + at->after) << 16;
    } else {
        pl_load8(cb, words);
        words[2] = pl_load4(cb + at->after);
    }
}

/**
 * Loads a tile of that row and goes on to the next. Rows beyond the last are the last: their tiles are loaded ahead
 * and never used.
 */
PL_INLINE void pl_load_tile(const PacelineLaunch *l, PlKind kind, PlCursor *at, int row, PlTileWords *words)
{
    int last = l->in.height / 2 - 1;
    unsigned step = row < last ? (unsigned)l->in.chroma_pitch : 0;

    pl_load8(at->luma, words->luma[0]);
    pl_load8(at->luma + (unsigned)l->in.luma_pitch, words->luma[1]);
    at->luma += row < last ? 2 * (unsigned)l->in.luma_pitch : 0;
    at->cb += step;
    at->cr += step;
    pl_load_three(l, kind, at, at->cb, at->cr, words->below);
}

/** The same as numbers. */
typedef struct PlTileCodes {
    float luma[2][4];
    PlChroma below[3];
} PlTileCodes;

PL_INLINE void pl_unpack_chroma(const PacelineParams *p, const unsigned *words, PlChroma *chroma)
{
    PL_UNROLL
    for (int i = 0; i < 3; i++) {
        chroma[i].cb = pl_low(p, words[i]) - p->chroma_bias;
        chroma[i].cr = pl_high(p, words[i]) - p->chroma_bias;
    }
}

PL_INLINE PlTileCodes pl_unpack_tile(const PacelineParams *p, const PlTileWords *words)
{
    PlTileCodes codes;

    PL_UNROLL
    for (int i = 0; i < 4; i++) {
        codes.luma[i / 2][i % 2 * 2] = pl_low(p, words->luma[i / 2][i % 2]) - p->luma_bias;
        codes.luma[i / 2][i % 2 * 2 + 1] = pl_high(p, words->luma[i / 2][i % 2]) - p->luma_bias;
    }
    pl_unpack_chroma(p, words->below, codes.below);
    return codes;
}

/** What a tile leaves to the one below it: that one's own chroma row, and how it differs from the one above. */
typedef struct PlChromaRow {
    PlChroma own[3], change[3];
} PlChromaRow;

PL_INLINE PlChroma pl_along(PlChroma from, PlChroma change, float share)
{
    PlChroma c = { pl_fma(change.cb, share, from.cb), pl_fma(change.cr, share, from.cr) };
    return c;
}

/** 4x2 luma samples and their 2 chroma samples, chroma in line with the even columns. */
PL_INLINE void pl_tile(const PacelineLaunch *l, const PlTables *tables, PlKind kind,
                       const PlTileCodes *codes, PlChromaRow *chroma, PlCursor *at, int x, int row)
{
    const PacelineParams *p = &l->params;
    unsigned luma_pairs[2][2], chroma_pairs[2];
    PlChroma next[2], now[2];

    PL_UNROLL
    for (int i = 0; i < 3; i++) {
        PlRgb left[2];
        now[0] = next[0];
        now[1] = next[1];
        next[0] = pl_along(chroma->own[i], chroma->change[i], -p->upper_row_share);
        chroma->change[i].cb = codes->below[i].cb - chroma->own[i].cb;
        chroma->change[i].cr = codes->below[i].cr - chroma->own[i].cr;
        next[1] = pl_along(chroma->own[i], chroma->change[i], p->lower_row_share);
        chroma->own[i] = codes->below[i];
        if (i == 0)
            continue;
        PL_UNROLL
        for (int r = 0; r < 2; r++) {
            int column = 2 * i - 2;
            PlRgb right;
            left[r] = pl_tone_map(p, tables, kind,
                                  pl_rgb_code(&p->chroma_gain, codes->luma[r][column], now[r].cb, now[r].cr));
            right = pl_tone_map(p, tables, kind,
                                pl_rgb_code(&p->half_chroma_gain, codes->luma[r][column + 1],
                                            now[r].cb + next[r].cb, now[r].cr + next[r].cr));
            luma_pairs[r][i - 1] = pl_pair(kind, pl_luma_out(l, kind, left[r], x + column, 2 * row + r),
                                           pl_luma_out(l, kind, right, x + column + 1, 2 * row + r));
        }
        chroma_pairs[i - 1] = pl_chroma_out(l, kind, &p->from_row_sum, pl_row_sum(p, left[0], left[1]),
                                            x / 2 + i - 1, row);
    }
    pl_store_four(p, kind, at->out_luma, luma_pairs[0][0], luma_pairs[0][1]);
    pl_store_four(p, kind, at->out_luma + (unsigned)l->out.luma_pitch, luma_pairs[1][0], luma_pairs[1][1]);
    pl_store_four(p, kind, at->out_chroma, chroma_pairs[0], chroma_pairs[1]);
    at->out_luma += 2 * (unsigned)l->out.luma_pitch;
    at->out_chroma += (unsigned)l->out.chroma_pitch;
}

/** The chroma that the first tile of a strip would have been left by the one above. */
PL_INLINE PlChromaRow pl_first_chroma(const PacelineLaunch *l, const unsigned *own, const unsigned *above)
{
    PlChroma before[3];
    PlChromaRow chroma;

    pl_unpack_chroma(&l->params, own, chroma.own);
    pl_unpack_chroma(&l->params, above, before);
    PL_UNROLL
    for (int i = 0; i < 3; i++) {
        chroma.change[i].cb = chroma.own[i].cb - before[i].cb;
        chroma.change[i].cr = chroma.own[i].cr - before[i].cr;
    }
    return chroma;
}

/**
 * Where a strip begins in that column. Strips differ in length by a row, and which are the longer ones changes every 32
 * columns, so that no processor has only those: for the share, see PACELINE_PHASE.
 */
PL_INLINE int pl_strip_row(const PacelineLaunch *l, int strip, int column)
{
    float phase = (float)((column >> 5) * PACELINE_PHASE & 255) * (1.0f / 256);

    if (strip <= 0)
        return 0;
    return strip < l->strips ? (int)pl_fma((float)strip, l->rows_per_strip, phase) : l->out.height / 2;
}

/** One tile, while the one below is loaded. */
PL_INLINE void pl_next_tile(const PacelineLaunch *l, const PlTables *tables, PlKind kind, PlTileWords *words,
                            PlChromaRow *chroma, PlCursor *at, int x, int row)
{
    PlTileCodes codes = pl_unpack_tile(&l->params, words);

    pl_load_tile(l, kind, at, row + 1, words);
    pl_tile(l, tables, kind, &codes, chroma, at, x, row);
}

/**
 * Each thread goes down a column of tiles, and loads one tile while it works on the one above: all threads begin at
 * the same time, and would else all wait for memory at the same time too. The first loads go before the tables.
 */
PL_INLINE void pl_unscaled(const PacelineLaunch *l, PlKind kind)
{
    int columns = l->out.width / 4, rows = l->out.height / 2, place = pl_thread_in_turn();
    /* Exact, since both are small; an integer division would take longer than a tile. */
    int strip = (int)(((float)place + 0.5f) * l->strip_per_place), column = place - strip * columns;
    int row = pl_strip_row(l, strip, column), end = pl_strip_row(l, strip + 1, column), first = row < rows ? row : rows - 1;
    long long above = first ? l->in.chroma_pitch : 0;
    PlSharing sharing = pl_share_begin(l->tables, kind.copies);
    PlCursor at = pl_cursor(l, column, first);
    unsigned own_words[3], above_words[3];
    PlTileWords words;
    PlChromaRow chroma;
    PlTables tables;

    pl_load_three(l, kind, &at, at.cb, at.cr, own_words);
    pl_load_three(l, kind, &at, at.cb - above, at.cr - above, above_words);
    pl_load_tile(l, kind, &at, first, &words);
    tables = pl_end_sharing(&l->params, &sharing, l->tables, l->lines, kind);
    chroma = pl_first_chroma(l, own_words, above_words);
    /* Two at a time: what one leaves to the next stays in its registers. */
    for (; kind.usual && row + 1 < end; row += 2) {
        pl_next_tile(l, &tables, kind, &words, &chroma, &at, 4 * column, row);
        pl_next_tile(l, &tables, kind, &words, &chroma, &at, 4 * column, row + 1);
    }
    for (; row < end; row++)
        pl_next_tile(l, &tables, kind, &words, &chroma, &at, 4 * column, row);
}

#endif /* AVFILTER_TONEMAP_PACELINE_UNSCALED_H */
