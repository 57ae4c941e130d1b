/*
 * HDR to SDR tone mapping on the CPU: the arithmetic of tonemap_paceline_pixel.h, a stage at a time.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

/*
 * A row goes through short stages, each over a block of samples that stays in the first-level cache: arithmetic that
 * the compiler makes SIMD of, and between it look-ups in tables, which are as quick one by one. FFmpeg is compiled
 * without the vectoriser, hence the pragma. -fno-math-errno, which FFmpeg sets, is needed too.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3,tree-vectorize,no-trapping-math,no-signed-zeros,finite-math-only,fp-contract=fast")
#endif

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tonemap_paceline_cpu.h"
#include "tonemap_paceline_cpu_block.h"
#include "tonemap_paceline_curves.h"

/** Samples before and after a row, more than filters reach out, and enough to keep rows aligned. */
#define MARGIN 32

/** A thread's scratch memory. */
typedef struct Rows {
    int16_t *cb[2], *cr[2]; ///< a pair of rows of chroma, at luma positions
    int16_t *column;               ///< chroma after the vertical filter
    uint8_t *packed[2];
    Block *block;
} Rows;

/* ---- tables ---- */

static void make_filters(PacelineCpu *cpu)
{
    /* Halves of a luma sample, from the upper left one. */
    int x = lrint(2 * cpu->in.chroma_x), y = lrint(2 * cpu->in.chroma_y);
    const Filters filters = { { { y, 4 - y }, { 2 + y, 2 - y } }, { { x, 4 - x }, { 2 + x, 2 - x } } };

    cpu->filters = filters;
}

/** Chords on the log grid of tonemap_paceline_setup.h. */
static void make_system_gain(PacelineCpu *cpu)
{
    const int steps = 1 << PACELINE_LOG_STEPS_LOG2;
    double exponent = paceline_hlg_gamma(cpu->options.peak) - 1, gain = cpu->options.peak / cpu->options.target;

    for (int i = 0; i < PACELINE_LOG_NODES; i++) {
        double octave = ldexp(1, PACELINE_LOG_LOWEST + i / steps);
        double from = octave * (1 + (double)(i % steps) / steps), to = from + octave / steps;
        double slope = gain * (pow(to, exponent) - pow(from, exponent)) / (to - from);

        cpu->system_gain[i].slope = slope;
        cpu->system_gain[i].base  = gain * pow(from, exponent) - slope * from;
    }
}

static void make_dither(PacelineCpu *cpu)
{
    const int last = PACELINE_DITHER_SIZE - 1;
    float pattern[PACELINE_DITHER_SIZE * PACELINE_DITHER_SIZE];

    ff_paceline_dither_pattern(pattern, cpu->options.dither);
    for (int y = 0; y < PACELINE_DITHER_SIZE; y++)
        for (int x = 0; x < BLOCK; x++)
            cpu->dither[y][x] = pattern[y * PACELINE_DITHER_SIZE + x % PACELINE_DITHER_SIZE];
    for (int y = 0; y < PACELINE_DITHER_SIZE; y++) {
        for (int x = 0; x < BLOCK / 2; x++) {
            cpu->chroma_dither[0][y][x] = pattern[y * PACELINE_DITHER_SIZE + (~x & last)];
            cpu->chroma_dither[1][y][x] = pattern[(~y & last) * PACELINE_DITHER_SIZE + (x & last)];
        }
    }
}

static enum PacelineTables tables_for(const PacelineCpu *cpu)
{
    if (cpu->options.mode == PACELINE_MODE_ITP)
        return PACELINE_TABLES_OF_ITP;
    return cpu->plain_max ? PACELINE_TABLES_BY_CODE : PACELINE_TABLES_BY_LIGHT;
}

PacelineCpu *ff_paceline_cpu_alloc(const PacelineOptions *options, const PacelineFormat *in, const PacelineFormat *out,
                                   int instructions)
{
    PacelineCpu *cpu = calloc(1, sizeof(*cpu));

    if (!cpu)
        return NULL;
    cpu->options      = *options;
    cpu->in           = *in;
    cpu->out          = *out;
    cpu->instructions = instructions;
    cpu->plain_max    = ff_paceline_is_plain_max(options);
    cpu->luma_unit    = 1.0f / (1024 << in->left_shift);
    cpu->black        = options->full_range ? 0 : 64.0f / 1024;
    ff_paceline_params(&cpu->params, options, in, out);
    ff_paceline_tables(cpu->lines, options, in->depth, tables_for(cpu));
    if (options->mode == PACELINE_MODE_ITP)
        ff_paceline_pq_by_light(cpu->pq_by_light, options, PQ_STEPS_LOG2);
    make_filters(cpu);
    make_system_gain(cpu);
    make_dither(cpu);
    return cpu;
}

void ff_paceline_cpu_free(PacelineCpu *cpu)
{
    free(cpu);
}

/* ---- rows ---- */

static int clampi(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static const uint16_t *row_of(const PacelineCpu *cpu, const PacelineCpuPicture *picture, int plane, int row)
{
    int rows = plane ? (picture->height + 1) >> 1 : picture->height, second = plane == 2 && !cpu->in.planar;

    plane -= second;
    return (const uint16_t *)(picture->in[plane] + clampi(row, 0, rows - 1) * picture->in_stride[plane]) + second;
}

/** The first and last sample, again and again beyond the ends. */
INLINE void extend(int16_t *row, int count)
{
    for (int i = 1; i <= MARGIN; i++) {
        row[-i] = row[0];
        row[count - 1 + i] = row[count - 1];
    }
}

/** Two rows of chroma into one, in quarters of a code; `step` is 2 where samples of the other plane lie between. */
INLINE void blend_step(int16_t *restrict to, const uint16_t *restrict upper, const uint16_t *restrict lower,
                       const int8_t *weights, int count, int shift, int step)
{
    uint16_t w0 = weights[0], w1 = weights[1];

    for (int i = 0; i < count; i++)
        to[i] = (uint16_t)(w0 * (upper[i * step] >> shift)) + (uint16_t)(w1 * (lower[i * step] >> shift));
}

INLINE void blend(const PacelineCpu *cpu, const PacelineCpuPicture *picture, int plane, int first, const int8_t *weights,
                  int16_t *to)
{
    const uint16_t *upper = row_of(cpu, picture, plane, first), *lower = row_of(cpu, picture, plane, first + 1);
    int count = (picture->width + 1) >> 1;

    if (cpu->in.planar)
        blend_step(to, upper, lower, weights, count, cpu->in.left_shift, 1);
    else
        blend_step(to, upper, lower, weights, count, cpu->in.left_shift, 2);
    extend(to, count);
}

/** Chroma at the luma columns of a row. */
INLINE void widen(int16_t *restrict to, const int16_t *restrict from, const Filters *filter, int count)
{
    int16_t l0 = filter->chroma_columns[0][0], l1 = filter->chroma_columns[0][1];
    int16_t r0 = filter->chroma_columns[1][0], r1 = filter->chroma_columns[1][1];

    for (int i = 0; i < count; i++) {
        to[2 * i]     = l0 * from[i - 1] + l1 * from[i];
        to[2 * i + 1] = r0 * from[i] + r1 * from[i + 1];
    }
}

static int padded(int width)
{
    return (width + BLOCK - 1) / BLOCK * BLOCK + 2 * MARGIN;
}

size_t ff_paceline_cpu_scratch(int width)
{
    return sizeof(Block) + (size_t)padded(width) * (5 * sizeof(int16_t) + 2);
}

static Rows lay_out(void *scratch, int width)
{
    Rows rows;
    int16_t *next = (int16_t *)((char *)scratch + sizeof(Block)) + MARGIN;
    int16_t **arrays[] = { &rows.cb[0], &rows.cb[1], &rows.cr[0], &rows.cr[1], &rows.column };
    int count = sizeof(arrays) / sizeof(*arrays);

    rows.block = scratch;
    for (int i = 0; i < count; i++, next += padded(width))
        *arrays[i] = next;
    rows.packed[0] = (uint8_t *)(next - MARGIN);
    rows.packed[1] = rows.packed[0] + padded(width);
    return rows;
}

INLINE void read_row(const PacelineCpu *cpu, const PacelineCpuPicture *picture, const Rows *rows, int row)
{
    const Filters *filter = &cpu->filters;
    int half = row & 1, chroma_row = (row >> 1) - !half, chroma_width = (picture->width + 1) >> 1;

    blend(cpu, picture, 1, chroma_row, filter->chroma_rows[half], rows->column);
    widen(rows->cb[half], rows->column, filter, chroma_width);
    blend(cpu, picture, 2, chroma_row, filter->chroma_rows[half], rows->column);
    widen(rows->cr[half], rows->column, filter, chroma_width);
}

INLINE void map_pair(const PacelineCpu *cpu, const PacelineCpuPicture *picture, const Rows *rows, int row)
{
    int chroma_width = (picture->width + 1) >> 1;

    for (int half = 0; half < 2; half++)
        read_row(cpu, picture, rows, 2 * row + half);
    for (int x = 0; x < picture->width; x += BLOCK) {
        for (int half = 0; half < 2; half++) {
            int width = picture->width - x < BLOCK ? picture->width - x : BLOCK;

            const uint16_t *y = row_of(cpu, picture, 0, 2 * row + half) + x;

            if (width < BLOCK) {
                memcpy(rows->block->tail, y, width * sizeof(*y));
                /* A picture of odd width goes on by a column, for the last chroma sample. */
                rows->block->tail[width] = y[width - 1];
                y = rows->block->tail;
            }
            map_block(cpu, rows->block, half, y, rows->cb[half] + x, rows->cr[half] + x);
            weigh_luma(cpu, rows->block, half, cpu->dither[(2 * row + half) % PACELINE_DITHER_SIZE]);
            if (2 * row + half < picture->height)
                memcpy(picture->out[0] + (2 * row + half) * picture->out_stride[0] + x, rows->block->packed, width);
        }
        weigh_chroma(cpu, rows->block, row % PACELINE_DITHER_SIZE, rows->packed[0] + x / 2, rows->packed[1] + x / 2);
    }
    for (int plane = 0; plane < 2 && cpu->out.planar; plane++)
        memcpy(picture->out[1 + plane] + row * picture->out_stride[1 + plane], rows->packed[plane], chroma_width);
    if (!cpu->out.planar) {
        uint8_t *to = picture->out[1] + row * picture->out_stride[1];

        for (int i = 0; i < chroma_width; i++) {
            to[2 * i]     = rows->packed[0][i];
            to[2 * i + 1] = rows->packed[1][i];
        }
    }
}

INLINE void map_rows(const PacelineCpu *cpu, const PacelineCpuPicture *picture, int first, int end, void *scratch)
{
    Rows rows = lay_out(scratch, picture->width);

    for (int row = first; row < end; row++)
        map_pair(cpu, picture, &rows, row);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void map_rows_avx2(const PacelineCpu *cpu, const PacelineCpuPicture *picture,
                                                              int first, int end, void *scratch)
{
    map_rows(cpu, picture, first, end, scratch);
}

/* Twice the registers, and one instruction where there were two. */
#if defined(__clang__)
__attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))
#else
__attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,prefer-vector-width=512")))
#endif
static void map_rows_avx512(const PacelineCpu *cpu, const PacelineCpuPicture *picture, int first, int end, void *scratch)
{
    map_rows(cpu, picture, first, end, scratch);
}
#endif

void ff_paceline_cpu_rows(const PacelineCpu *cpu, const PacelineCpuPicture *picture, int first, int end, void *scratch)
{
#if defined(__x86_64__)
    if (cpu->instructions & PACELINE_CPU_AVX512) {
        map_rows_avx512(cpu, picture, first, end, scratch);
        return;
    }
    if (cpu->instructions & PACELINE_CPU_AVX2) {
        map_rows_avx2(cpu, picture, first, end, scratch);
        return;
    }
#endif
    map_rows(cpu, picture, first, end, scratch);
}
