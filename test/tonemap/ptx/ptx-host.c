/*
 * The kernels' PTX, translated to C by ptx-to-c.ts, in place of a GPU: the same words and files as tonemap-host, and
 * large=0|1 for a GPU without or with shared memory to spare. What the translation makes of the GPU is simple: threads
 * of a block run one after the other up to the barrier, then one after the other after it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

#include "job.h"
#include "tonemap_paceline_scale.h"

typedef struct Place {
    unsigned thread, threads, block, blocks;
    unsigned long long shared_base;
    unsigned char *shared;
} Place;

typedef struct Kernel {
    const char *name;
    int (*run)(void *registers, const unsigned char *parameter, const Place *place);
    size_t registers;
} Kernel;

/* A register's lower bits as another type; registers are little-endian like memory. */
#define BITS(type, reg) (*(type *)memcpy(&(union { type as; char room[8]; }){ 0 }, &(reg), sizeof(type) < sizeof(reg) ? sizeof(type) : sizeof(reg)))
#define MOVE(reg, loaded) (sizeof(reg) > sizeof(loaded) ? (void)memset(&(reg), 0, sizeof(reg)) : (void)0, \
                           (void)memcpy(&(reg), &(loaded), sizeof(loaded) < sizeof(reg) ? sizeof(loaded) : sizeof(reg)))

static float float_of(unsigned bits) { return *(float *)memcpy(&(float){ 0 }, &bits, 4); }

static float saturated(float x) { return x > 0 ? x < 1 ? x : 1 : 0; }

static unsigned permuted(unsigned low, unsigned high, unsigned selector)
{
    unsigned long long bytes = (unsigned long long)high << 32 | low;
    unsigned result = 0;

    for (int i = 0; i < 4; i++)
        result |= (unsigned)(bytes >> (selector >> 4 * i & 7) * 8 & 255) << 8 * i;
    return result;
}

#include "kernels.c"

#define SHARED_BASE 1024 /* where H200 has it; 0 on older GPUs */
#define SHARED_ROOM (227 << 10)

static void *take(size_t bytes)
{
    void *memory = NULL;

    if (posix_memalign(&memory, 64, bytes))
        fail("no memory");
    return memset(memory, 0, bytes);
}

static void launch_all(const Kernel *kernel, const PacelineLaunch *launch, const PacelineGrid *grid)
{
    unsigned char *shared = take(SHARED_BASE + SHARED_ROOM), *registers = take(kernel->registers * (size_t)grid->threads);
    Place place = { 0, (unsigned)grid->threads, 0, (unsigned)grid->blocks, SHARED_BASE, shared };

    for (; place.block < place.blocks; place.block++) {
        memset(registers, 0, kernel->registers * (size_t)grid->threads);
        memset(shared, 0xff, SHARED_BASE + SHARED_ROOM);
        for (int phase = 0; phase < 2; phase++)
            for (place.thread = 0; place.thread < place.threads; place.thread++)
                if (kernel->run(registers + kernel->registers * place.thread, (const unsigned char *)launch, &place) != !phase)
                    fail("a thread of %s did not meet the others at the barrier", kernel->name);
    }
    free(shared);
    free(registers);
}

static PacelineAxis axis(const Job *job, int in, int out, int subsampled, double siting)
{
    PacelineAxisGeometry geometry = { in, out, subsampled, siting, job->scaler };
    size_t count = (size_t)ff_paceline_axis_count(&geometry), taps = (size_t)ff_paceline_axis_taps(&geometry);
    int *start = take(sizeof(*start) * count);
    float *weight = take(sizeof(*weight) * count * taps);

    ff_paceline_axis(&geometry, start, weight);
    return (PacelineAxis){ start, weight, (int)taps };
}

int main(int count, char **words)
{
    int large = count > 1 && !strcmp(words[1], "large=1");
    Job job = job_from_words(count - 2, words + 2);
    Layout in = layout_of(&job.in, job.width, job.height, 1), out = layout_of(&job.out, job.out_width, job.out_height, 1);
    int usual = paceline_is_usual(&job.options, &job.in, &job.out);
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
    PacelineGrid grid;
    const Kernel *kernel = kernels;
    char name[64];

    ff_paceline_params(&launch.params, &job.options, &job.in, &job.out);
    launch.lines = paceline_kernel_tables(tables, &job.options, &job.in, &job.out);
    ff_paceline_dither_pattern(pattern, job.options.dither);
    set = job.scaling_kernel ? PACELINE_SCALING : paceline_kernel_set(&launch, job.scaler);
    grid = paceline_grid(&launch, set, usual, 3, large ? SHARED_ROOM : 48 << 10);
    snprintf(name, sizeof(name), "%s%s", paceline_kernel_prefix(&grid, set), paceline_kernel(&job.options, &job.in, &job.out));
    while (kernel->name && strcmp(kernel->name, name))
        kernel++;
    if (!kernel->name)
        fail("there is no kernel %s", name);
    fprintf(stderr, "%s\n", name);
    if (fread(input, 1, in.bytes, stdin) != in.bytes)
        fail("the input is too short");
    launch_all(kernel, &launch, &grid);
    return fwrite(output, 1, out.bytes, stdout) != out.bytes;
}
