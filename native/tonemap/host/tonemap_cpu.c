/*
 * The CPU filter's loops as a program: the same words and files as tonemap_host.c, and three words more.
 *
 *     tonemap-cpu [simd=on|avx2|off] [slices=N] [times=N] [key=value...] <frames >frames
 *
 * With times=N each frame is mapped N times, and frames per second of one core go to standard error.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../tonemap_paceline_cpu.h"
#include "job.h"

/** Takes a word of ours out of the list, and gives its value or a null pointer. */
static const char *own_word(int *count, char **words, const char *key)
{
    size_t length = strlen(key);

    for (int i = 0; i < *count; i++) {
        if (!strncmp(words[i], key, length) && words[i][length] == '=') {
            const char *value = words[i] + length + 1;
            memmove(words + i, words + i + 1, sizeof(*words) * (size_t)(--*count - i));
            return value;
        }
    }
    return NULL;
}

/** What the processor has, up to what is wanted: "off", "avx2", or all of it. */
static int instructions(const char *simd)
{
    int has = 0;

    if (simd && !strcmp(simd, "off"))
        return 0;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        has |= PACELINE_CPU_AVX2;
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512cd") && !(simd && !strcmp(simd, "avx2")))
        has |= PACELINE_CPU_AVX512;
#endif
    return has;
}

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);

    if (!memory)
        fail("no memory");
    memset(memory, 0x55, bytes);
    return memory;
}

static PacelineCpuPicture picture_of(const Job *job, unsigned char *input, unsigned char *output)
{
    Layout in = layout_of(&job->in, job->width, job->height, 1);
    Layout out = layout_of(&job->out, job->width, job->height, 1);

    return (PacelineCpuPicture){
        .width = job->width,
        .height = job->height,
        .in = { input, input + in.cb, input + in.cr },
        .in_stride = { in.luma_pitch, in.chroma_pitch, in.chroma_pitch },
        .out = { output, output + out.cb, output + out.cr },
        .out_stride = { out.luma_pitch, out.chroma_pitch, out.chroma_pitch },
    };
}

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int count, char **words)
{
    const char *simd, *slices_word, *times_word, *planar;
    int rows, slices, times;
    PacelineCpu *cpu;
    Job job;

    count--, words++;
    simd        = own_word(&count, words, "simd");
    slices_word = own_word(&count, words, "slices");
    times_word  = own_word(&count, words, "times");
    planar      = own_word(&count, words, "planar");
    job         = job_from_words(count, words);
    slices      = slices_word ? atoi(slices_word) : 1;
    times       = times_word ? atoi(times_word) : 1;
    job.out.planar = planar && !strcmp(planar, "on");
    if (job.in.depth != 10 || job.out.depth != 8 || job.out_width != job.width || job.out_height != job.height)
        fail("the CPU filter takes 10-bit input, makes 8-bit output, and does not scale");
    if (slices < 1 || times < 1)
        fail("slices and times are 1 or more");

    size_t in_bytes = layout_of(&job.in, job.width, job.height, 1).bytes;
    size_t out_bytes = layout_of(&job.out, job.width, job.height, 1).bytes;
    unsigned char *input = take(in_bytes), *output = take(out_bytes);
    void *scratch = take(ff_paceline_cpu_scratch(job.width));
    PacelineCpuPicture picture = picture_of(&job, input, output);

    cpu = ff_paceline_cpu_alloc(&job.options, &job.in, &job.out, instructions(simd));
    if (!cpu)
        fail("no memory");
    rows = (job.height + 1) / 2;
    while (fread(input, 1, in_bytes, stdin) == in_bytes) {
        double started = cpu_seconds();
        for (int time = 0; time < times; time++)
            for (int slice = 0; slice < slices; slice++)
                ff_paceline_cpu_rows(cpu, &picture, rows * slice / slices, rows * (slice + 1) / slices, scratch);
        if (times > 1)
            fprintf(stderr, "%.1f\n", times / (cpu_seconds() - started));
        if (fwrite(output, 1, out_bytes, stdout) != out_bytes)
            fail("standard output is closed");
    }
    ff_paceline_cpu_free(cpu);
    free(scratch);
    free(output);
    free(input);
    return 0;
}
