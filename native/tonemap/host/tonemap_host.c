/*
 * The kernels on the CPU, one thread doing the work of all: frames come in on standard input and leave on standard
 * output, planes without padding. For tests; the CPU filter is another one.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tonemap_paceline_scale.h"
#include "../vf_tonemap_paceline_cuda.cu"
#include "job.h"

static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes + 64);

    if (!memory)
        fail("no memory");
    return memory;
}

static PacelineAxis axis(const Job *job, int in, int out, int subsampled, double siting)
{
    PacelineAxisGeometry geometry = { in, out, subsampled, siting, job->scaler };
    int count = ff_paceline_axis_count(&geometry), taps = ff_paceline_axis_taps(&geometry);
    int *start = take(sizeof(*start) * (size_t)count);
    float *weight = take(sizeof(*weight) * (size_t)count * (size_t)taps);

    ff_paceline_axis(&geometry, start, weight);
    return (PacelineAxis){ start, weight, taps };
}

#define KERNEL(name) { #name, { tonemap_##name, tonemap_half_##name, tonemap_scale_##name } }

static void run(PacelineLaunch *launch, const char *kernel, enum PacelineKernelSet set)
{
    PacelineGrid grid = paceline_grid(launch, set, 0, 1, 0);
    int threads = set == PACELINE_UNSCALED ? grid.blocks * grid.threads : 1;
    static const struct {
        const char *name;
        void (*set[3])(const PacelineLaunch launch);
    } kernels[] = {
        KERNEL(plain),
        KERNEL(plain_dithered),
        KERNEL(max),
        KERNEL(luma),
        KERNEL(rgb),
        KERNEL(itp),
    };

    for (size_t i = 0; i < sizeof(kernels) / sizeof(*kernels); i++)
        if (!strcmp(kernels[i].name, kernel))
            for (pl_host_thread = 0; pl_host_thread < threads; pl_host_thread++)
                kernels[i].set[set](*launch);
}

int main(int count, char **words)
{
    Job job = job_from_words(count - 1, words + 1);
    Layout in = layout_of(&job.in, job.width, job.height, 1);
    Layout out = layout_of(&job.out, job.out_width, job.out_height, 1);
    unsigned char *input = take(in.bytes), *output = take(out.bytes);
    PacelineLine *tables = take(sizeof(*tables) * PACELINE_TABLE_LINES_MAX);
    float *pattern = take(sizeof(*pattern) * PACELINE_DITHER_SIZE * PACELINE_DITHER_SIZE);
    PacelineLaunch launch = {
        .in = picture_at(input, &in, &job.in, job.width, job.height),
        .out = picture_at(output, &out, &job.out, job.out_width, job.out_height),
        .tables = tables,
        .dither_pattern = pattern,
        .luma_x = axis(&job, job.width, job.out_width, 0, 0),
        .luma_y = axis(&job, job.height, job.out_height, 0, 0),
        .chroma_x = axis(&job, job.width, job.out_width, 1, job.in.chroma_x),
        .chroma_y = axis(&job, job.height, job.out_height, 1, job.in.chroma_y),
    };
    enum PacelineKernelSet set;

    ff_paceline_params(&launch.params, &job.options, &job.in, &job.out);
    launch.lines = paceline_kernel_tables(tables, &job.options, &job.in, &job.out);
    ff_paceline_dither_pattern(pattern, job.options.dither);
    set = job.scaling_kernel ? PACELINE_SCALING : paceline_kernel_set(&launch, job.scaler);
    while (fread(input, 1, in.bytes, stdin) == in.bytes) {
        run(&launch, paceline_kernel(&job.options, &job.in, &job.out), set);
        if (fwrite(output, 1, out.bytes, stdout) != out.bytes)
            fail("standard output is closed");
    }
    return 0;
}
