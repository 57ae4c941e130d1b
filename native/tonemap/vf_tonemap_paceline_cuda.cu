/*
 * The kernels of tonemap_paceline_cuda: every input sample is read once, every output sample written once.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include "tonemap_paceline_kernel.h"
#include "tonemap_paceline_pixel.h"

/** Colour differences. */
typedef struct PlChroma {
    float cb, cr;
} PlChroma;

/** The tiles of one thread: each next one is as many ahead as there are threads, without a division. */
typedef struct PlWalk {
    int column, row, columns, rows, columns_ahead, rows_ahead;
} PlWalk;

PL_INLINE PlWalk pl_walk(int columns, int rows)
{
    int first = pl_thread(), ahead = pl_thread_count();
    PlWalk walk = { first % columns, first / columns, columns, rows, ahead % columns, ahead / columns };

    return walk;
}

PL_INLINE void pl_step(PlWalk *walk)
{
    walk->column += walk->columns_ahead;
    walk->row += walk->rows_ahead;
    if (walk->column >= walk->columns) {
        walk->column -= walk->columns;
        walk->row++;
    }
}

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

#define PL_ONE_KERNEL(name, threads, run, ...)              \
    PL_KERNEL(threads) void name(const PacelineLaunch launch) \
    {                                              \
        PlKind kind = { __VA_ARGS__ };             \
        run(&launch, kind);                        \
    }
#define PL_KERNELS(name, ...)                               \
    PL_ONE_KERNEL(tonemap_##name, PACELINE_THREADS, pl_unscaled, __VA_ARGS__)  \
    PL_ONE_KERNEL(tonemap_half_##name, PACELINE_THREADS, pl_halving, __VA_ARGS__) \
    PL_ONE_KERNEL(tonemap_scale_##name, PACELINE_THREADS, pl_scaling, __VA_ARGS__)

/* Dither and 10 bits out are kernels of their own only where speed counts most; the others add a pattern of zeros. */
PL_KERNELS(plain, PL_PLAIN_MAX, 0, 1, 1)
PL_KERNELS(plain_dithered, PL_PLAIN_MAX, 1, 1, 1)
PL_KERNELS(max, PACELINE_MODE_MAX, 1, 0, 1)
PL_KERNELS(luma, PACELINE_MODE_LUMA, 1, 0, 1)
PL_KERNELS(rgb, PACELINE_MODE_RGB, 1, 0, 1)
PL_KERNELS(itp, PACELINE_MODE_ITP, 1, 0, 1)

#ifdef __CUDA__
/* For GPUs with shared memory to spare. */
PL_ONE_KERNEL(tonemap_large_plain, PACELINE_LARGE_THREADS, pl_unscaled, PL_PLAIN_MAX, 0, 1, PACELINE_LARGE_COPIES)
PL_ONE_KERNEL(tonemap_large_plain_dithered, PACELINE_LARGE_THREADS, pl_unscaled, PL_PLAIN_MAX, 1, 1,
              PACELINE_LARGE_COPIES)
#endif
