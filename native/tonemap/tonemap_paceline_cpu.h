/*
 * HDR to SDR tone mapping on the CPU: tables and loops, with nothing of FFmpeg in them, so that a test can compile
 * this alone.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_CPU_H
#define AVFILTER_TONEMAP_PACELINE_CPU_H

#include <stddef.h>
#include <stdint.h>

#include "tonemap_paceline_setup.h"

/** One picture on its way, 4:2:0 both sides. Strides are in bytes; with interleaved chroma in[2] and out[2] are unused. */
typedef struct PacelineCpuPicture {
    int width, height;
    const uint8_t *in[3];
    ptrdiff_t in_stride[3];
    uint8_t *out[3];
    ptrdiff_t out_stride[3];
} PacelineCpuPicture;

typedef struct PacelineCpu PacelineCpu;

#define PACELINE_CPU_AVX2   1 ///< AVX2 and FMA
#define PACELINE_CPU_AVX512 2 ///< AVX-512 F, BW, CD, DQ and VL, and they do not slow the rest down

/**
 * Makes the tables for a set of options that has no fault; a null pointer when there is no memory.
 *
 * @param in depth 10
 * @param out depth 8
 * @param instructions what the processor has, of PACELINE_CPU_AVX2 and PACELINE_CPU_AVX512
 */
PacelineCpu *ff_paceline_cpu_alloc(const PacelineOptions *options, const PacelineFormat *in, const PacelineFormat *out,
                                   int instructions);

void ff_paceline_cpu_free(PacelineCpu *cpu);

/** How many bytes of scratch memory one thread needs for pictures of a width. */
size_t ff_paceline_cpu_scratch(int width);

/**
 * Tone maps rows of chroma `first` up to but not including `end`, and the two rows of luma that belong to each.
 * Threads may do so at once, each with scratch memory of its own (aligned to 64 bytes).
 */
void ff_paceline_cpu_rows(const PacelineCpu *cpu, const PacelineCpuPicture *picture, int first, int end, void *scratch);

#endif /* AVFILTER_TONEMAP_PACELINE_CPU_H */
