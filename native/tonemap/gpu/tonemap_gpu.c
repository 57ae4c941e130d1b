/*
 * The filter's kernels through the CUDA driver alone, without FFmpeg.
 *
 *   tonemap-gpu PTX [key=value...] < frames > frames     like tonemap-host, for judging
 *   tonemap-gpu PTX time=N [key=value...] [< frame]      times N launches over 16 different frames on the GPU
 *
 * A further key: large=0, for the kernels of GPUs that have no shared memory to spare.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/job.h"
#include "../tonemap_paceline_scale.h"
#include "driver.h"

#define FRAMES 16 /* more than an H200's 60 MB cache holds */

typedef struct Gpu {
    Driver driver;
    char name[128];
    int processors, version;
    int room; ///< shared memory a block can have
} Gpu;

/** What only this program is told, and what follows. */
typedef struct Plan {
    int times, large;
    enum PacelineKernelSet set;
    PacelineGrid grid;
} Plan;

typedef struct Frames {
    DevicePointer in[FRAMES], out[FRAMES];
    Layout in_layout, out_layout;
} Frames;

static void check(int result, const char *what)
{
    if (result)
        fail("the CUDA driver says %d to %s", result, what);
}

static Gpu open_gpu(void)
{
    Gpu gpu;
    void *library = dlopen("libcuda.so.1", RTLD_NOW), *context;
    int device;

    if (!library)
        fail("there is no libcuda.so.1 here");
#define DRIVER_FIND(field, symbol, parameters)               \
    *(void **)&gpu.driver.field = dlsym(library, symbol);    \
    if (!gpu.driver.field)                                   \
        fail("libcuda.so.1 has no " symbol);
    DRIVER_FUNCTIONS(DRIVER_FIND)
    check(gpu.driver.init(0), "init");
    check(gpu.driver.device_get(&device, 0), "the first device");
    check(gpu.driver.device_name(gpu.name, sizeof(gpu.name), device), "its name");
    check(gpu.driver.device_attribute(&gpu.processors, DRIVER_ATTRIBUTE_PROCESSORS, device), "its size");
    check(gpu.driver.device_attribute(&gpu.room, DRIVER_ATTRIBUTE_SHARED_OPTIN, device), "its shared memory");
    check(gpu.driver.driver_version(&gpu.version), "its version");
    check(gpu.driver.context_create(&context, 0, device), "a context");
    return gpu;
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 16 << 20);

    if (!file || !text || !fread(text, 1, (16 << 20) - 1, file))
        fail("cannot read %s", path);
    fclose(file);
    return text;
}

static DevicePointer upload(const Gpu *gpu, const void *from, size_t bytes)
{
    DevicePointer pointer;

    check(gpu->driver.allocate(&pointer, bytes), "memory");
    check(gpu->driver.to_device(pointer, from, bytes), "an upload");
    return pointer;
}

static PacelineAxis axis(const Gpu *gpu, const Job *job, int in, int out, int subsampled, double siting)
{
    PacelineAxisGeometry geometry = { in, out, subsampled, siting, job->scaler };
    size_t count = (size_t)ff_paceline_axis_count(&geometry), taps = (size_t)ff_paceline_axis_taps(&geometry);
    int *start = calloc(count, sizeof(*start));
    float *weight = calloc(count * taps, sizeof(*weight));
    PacelineAxis axis;

    if (!start || !weight)
        fail("no memory");
    ff_paceline_axis(&geometry, start, weight);
    axis.start = (const int *)upload(gpu, start, count * sizeof(*start));
    axis.weight = (const float *)upload(gpu, weight, count * taps * sizeof(*weight));
    axis.taps = (int)taps;
    free(start);
    free(weight);
    return axis;
}

static PacelineLaunch prepare(const Gpu *gpu, const Job *job)
{
    static PacelineLine tables[PACELINE_TABLE_LINES_MAX];
    static float pattern[PACELINE_DITHER_SIZE * PACELINE_DITHER_SIZE];
    PacelineLaunch launch = {
        .luma_x = axis(gpu, job, job->width, job->out_width, 0, 0),
        .luma_y = axis(gpu, job, job->height, job->out_height, 0, 0),
        .chroma_x = axis(gpu, job, job->width, job->out_width, 1, job->in.chroma_x),
        .chroma_y = axis(gpu, job, job->height, job->out_height, 1, job->in.chroma_y),
    };

    ff_paceline_params(&launch.params, &job->options, &job->in, &job->out);
    launch.lines = paceline_kernel_tables(tables, &job->options, &job->in, &job->out);
    ff_paceline_dither_pattern(pattern, job->options.dither);
    launch.tables = (const PacelineLine *)upload(gpu, tables, sizeof(tables));
    launch.dither_pattern = (const float *)upload(gpu, pattern, sizeof(pattern));
    return launch;
}

static void point_at(PacelineLaunch *launch, const Job *job, const Frames *frames, int which)
{
    launch->in = picture_at((unsigned char *)frames->in[which], &frames->in_layout, &job->in, job->width, job->height);
    launch->out = picture_at((unsigned char *)frames->out[which], &frames->out_layout, &job->out, job->out_width,
                             job->out_height);
}

static void launch_once(const Gpu *gpu, const Plan *plan, void *function, PacelineLaunch *launch)
{
    void *parameters[] = { launch };

    check(gpu->driver.launch(function, (unsigned)plan->grid.blocks, 1, 1, (unsigned)plan->grid.threads, 1, 1,
                             (unsigned)plan->grid.shared_bytes, NULL, parameters, NULL),
          "a launch");
}

/** The time of one call, in microseconds, over many. */
static double time_of(const Gpu *gpu, int times, void (*call)(void *context, int time), void *context)
{
    void *from, *to;
    float milliseconds;

    check(gpu->driver.event_create(&from, 0), "an event");
    check(gpu->driver.event_create(&to, 0), "an event");
    for (int i = 0; i < times / 10 + 1; i++)
        call(context, i);
    check(gpu->driver.event_record(from, NULL), "an event");
    for (int i = 0; i < times; i++)
        call(context, i);
    check(gpu->driver.event_record(to, NULL), "an event");
    check(gpu->driver.synchronize(), "the end of it");
    check(gpu->driver.event_elapsed(&milliseconds, from, to), "a time");
    return 1000.0 * (double)milliseconds / times;
}

typedef struct Timing {
    const Gpu *gpu;
    const Job *job;
    const Plan *plan;
    const Frames *frames;
    PacelineLaunch *launch;
    void *function;
    size_t copied;
} Timing;

static void one_frame(void *context, int time)
{
    Timing *timing = context;

    point_at(timing->launch, timing->job, timing->frames, time % FRAMES);
    launch_once(timing->gpu, timing->plan, timing->function, timing->launch);
}

static void one_copy(void *context, int time)
{
    Timing *timing = context;
    const Frames *frames = timing->frames;

    check(timing->gpu->driver.copy(frames->in[time % FRAMES], frames->in[(time + FRAMES / 2) % FRAMES], timing->copied,
                                   NULL),
          "a copy");
}

/** The given frame, moved a little each time, or noise over a slope where there is none. */
static void fill(const Job *job, unsigned char *memory, size_t bytes, const unsigned char *given, int which)
{
    unsigned random = (unsigned)which + 1;

    for (size_t i = 0; i + 1 < bytes; i += 2) {
        unsigned code;
        random = random * 1664525u + 1013904223u;
        code = given ? (unsigned)(given[(i + (size_t)which * 64) % bytes] |
                                  given[(i + (size_t)which * 64) % bytes + 1] << 8)
                     : ((random >> 22) & 1023) << job->in.left_shift;
        memory[i] = (unsigned char)code;
        memory[i + 1] = (unsigned char)(code >> 8);
    }
}

static Frames make_frames(const Gpu *gpu, const Job *job)
{
    Frames frames = {
        .in_layout = layout_of(&job->in, job->width, job->height, 512),
        .out_layout = layout_of(&job->out, job->out_width, job->out_height, 512),
    };
    size_t bytes = frames.in_layout.bytes;
    unsigned char *memory = calloc(1, bytes), *given = calloc(1, bytes);
    int is_given;

    if (!memory || !given)
        fail("no memory");
    is_given = fread(given, 1, bytes, stdin) == bytes;
    for (int i = 0; i < FRAMES; i++) {
        fill(job, memory, bytes, is_given ? given : NULL, i);
        frames.in[i] = upload(gpu, memory, bytes);
        check(gpu->driver.allocate(&frames.out[i], frames.out_layout.bytes), "memory");
    }
    free(memory);
    free(given);
    return frames;
}

static void report(Timing *timing, const char *kernel)
{
    const Gpu *gpu = timing->gpu;
    const Job *job = timing->job;
    int registers, local;
    double bytes = 3.0 * job->width * job->height + 1.5 * (job->out.depth > 8 ? 2 : 1) * job->out_width * job->out_height;
    double kernel_us, copy_us, copy_bytes, share;

    check(gpu->driver.function_attribute(&registers, DRIVER_FUNCTION_REGISTERS, timing->function), "registers");
    check(gpu->driver.function_attribute(&local, DRIVER_FUNCTION_LOCAL_BYTES, timing->function), "local memory");
    kernel_us = time_of(gpu, timing->plan->times, one_frame, timing);
    timing->copied = timing->frames->in_layout.bytes;
    copy_us = time_of(gpu, timing->plan->times, one_copy, timing);
    copy_bytes = 2.0 * (double)timing->copied;
    share = bytes / kernel_us / (copy_bytes / copy_us);
    printf("{\"device\":\"%s\",\"driver\":%d,\"kernel\":\"%s\",\"registers\":%d,\"localBytes\":%d,\"blocks\":%d,"
           "\"threads\":%d,\"microseconds\":%.2f,\"framesPerSecond\":%.0f,\"gigabytesPerSecond\":%.0f,"
           "\"copyGigabytesPerSecond\":%.0f,\"shareOfCopy\":%.3f}\n",
           gpu->name, gpu->version, kernel, registers, local, timing->plan->grid.blocks,
           timing->plan->grid.threads, kernel_us, 1e6 / kernel_us, bytes / kernel_us / 1e3, copy_bytes / copy_us / 1e3, share);
}

/** Frames from standard input, rows without padding, to standard output. */
static void map_frames(Timing *timing)
{
    const Job *job = timing->job;
    const Driver *driver = &timing->gpu->driver;
    Layout in = layout_of(&job->in, job->width, job->height, 1);
    Layout out = layout_of(&job->out, job->out_width, job->out_height, 1);
    Frames frames = { .in_layout = in, .out_layout = out };
    unsigned char *memory = calloc(1, in.bytes + out.bytes);

    if (!memory)
        fail("no memory");
    check(driver->allocate(&frames.in[0], in.bytes), "memory");
    check(driver->allocate(&frames.out[0], out.bytes), "memory");
    while (fread(memory, 1, in.bytes, stdin) == in.bytes) {
        memset(memory + in.bytes, 0xaa, out.bytes);
        check(driver->to_device(frames.in[0], memory, in.bytes), "an upload");
        check(driver->to_device(frames.out[0], memory + in.bytes, out.bytes), "an upload");
        point_at(timing->launch, job, &frames, 0);
        launch_once(timing->gpu, timing->plan, timing->function, timing->launch);
        check(driver->from_device(memory, frames.out[0], out.bytes), "a download");
        if (fwrite(memory, 1, out.bytes, stdout) != out.bytes)
            fail("standard output is closed");
    }
}

/** Takes this program's own words out of the list. */
static Plan plan_from_words(int *count, char **words)
{
    Plan plan = { .large = 1 };
    int kept = 0;

    for (int i = 0; i < *count; i++) {
        if (!strncmp(words[i], "time=", 5))
            plan.times = atoi(words[i] + 5);
        else if (!strncmp(words[i], "large=", 6))
            plan.large = atoi(words[i] + 6);
        else
            words[kept++] = words[i];
    }
    *count = kept;
    return plan;
}

/** Chooses and loads the kernel as the filter does. */
static void *load_kernel(const Gpu *gpu, const Job *job, Plan *plan, PacelineLaunch *launch, const char *ptx, char *name)
{
    int plain = paceline_is_usual(&job->options, &job->in, &job->out);
    void *module, *function;

    plan->set = job->scaling_kernel ? PACELINE_SCALING : paceline_kernel_set(launch, job->scaler);
    plan->grid = paceline_grid(launch, plan->set, plain, gpu->processors, plan->large ? gpu->room : 0);
    sprintf(name, "%s%s", paceline_kernel_prefix(&plan->grid, plan->set), paceline_kernel(&job->options, &job->in, &job->out));
    check(gpu->driver.module_load(&module, read_text(ptx)), "the PTX");
    check(gpu->driver.module_function(&function, module, name), name);
    if (plan->grid.is_large)
        check(gpu->driver.function_set(function, DRIVER_FUNCTION_MAX_DYNAMIC_SHARED, plan->grid.shared_bytes),
              "so much shared memory");
    return function;
}

int main(int count, char **words)
{
    int rest = count - 2;
    Plan plan;
    Job job;
    Gpu gpu;
    PacelineLaunch launch;
    Frames frames;
    Timing timing = { &gpu, &job, &plan, &frames, &launch, NULL, 0 };
    char kernel[64];

    if (count < 2)
        fail("usage: tonemap-gpu PTX [key=value...] < frames");
    plan = plan_from_words(&rest, words + 2);
    job = job_from_words(rest, words + 2);
    gpu = open_gpu();
    launch = prepare(&gpu, &job);
    frames = (Frames){ .in_layout = layout_of(&job.in, job.width, job.height, 1),
                       .out_layout = layout_of(&job.out, job.out_width, job.out_height, 1) };
    if (plan.times)
        frames = make_frames(&gpu, &job);
    point_at(&launch, &job, &frames, 0);
    timing.function = load_kernel(&gpu, &job, &plan, &launch, words[1], kernel);
    if (plan.times)
        report(&timing, kernel);
    else
        map_frames(&timing);
    return 0;
}
