/*
 * Words into a job.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include "job.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/** The place of a word in a list that a null pointer ends. */
static int choice(const char *key, const char *value, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(value, names[i]))
            return i;
    fail("%s cannot be %s", key, value);
}

static double number(const char *key, const char *value)
{
    char *end;
    double result = strtod(value, &end);

    if (end == value || *end)
        fail("%s is not a number: %s", key, value);
    return result;
}

static void size(const char *key, const char *value, int *width, int *height)
{
    char rest;

    if (sscanf(value, "%dx%d%c", width, height, &rest) != 2 || *width < 2 || *height < 2)
        fail("%s is not WIDTHxHEIGHT: %s", key, value);
}

static const char *const curves[] = { "bt2390", "reinhard", "hable", "mobius", "clip", NULL };
static const char *const modes[] = { "max", "luma", "rgb", "itp", NULL };
static const char *const transfers[] = { "pq", "hlg", NULL };
static const char *const gamuts[] = { "clip", "compress", NULL };
static const char *const dithers[] = { "none", "ordered", "blue", NULL };
static const char *const ranges[] = { "tv", "pc", NULL };
static const char *const scalers[] = { "bilinear", "bicubic", NULL };
static const char *const inputs[] = { "p010", "p016", "yuv420p10", NULL };
static const char *const outputs[] = { "nv12", "p010", NULL };
static const char *const sitings[] = { "left", "topleft", "center", "top", "bottomleft", "bottom", NULL };
static const char *const kernels[] = { "unscaled", "scaling", NULL };

static int option_word(PacelineOptions *o, const char *key, const char *value)
{
    if (!strcmp(key, "tonemap"))
        o->curve = choice(key, value, curves);
    else if (!strcmp(key, "mode"))
        o->mode = choice(key, value, modes);
    else if (!strcmp(key, "transfer"))
        o->transfer = choice(key, value, transfers);
    else if (!strcmp(key, "gamut"))
        o->gamut = choice(key, value, gamuts);
    else if (!strcmp(key, "dither"))
        o->dither = choice(key, value, dithers);
    else if (!strcmp(key, "range"))
        o->full_range = choice(key, value, ranges);
    else if (!strcmp(key, "peak"))
        o->peak = number(key, value);
    else if (!strcmp(key, "target"))
        o->target = number(key, value);
    else if (!strcmp(key, "black"))
        o->black = number(key, value);
    else if (!strcmp(key, "desat"))
        o->desat = number(key, value);
    else
        return 0;
    return 1;
}

static void frame_word(Job *job, const char *key, const char *value)
{
    static const PacelineFormat in[] = { { 10, 6, 0, 0, 0 }, { 16, 0, 0, 0, 0 }, { 10, 0, 1, 0, 0 } };
    static const double siting_x[] = { 0, 0, 0.5, 0.5, 0, 0.5 }, siting_y[] = { 0.5, 0, 0.5, 0, 1, 1 };

    if (!strcmp(key, "in"))
        job->in = in[choice(key, value, inputs)];
    else if (!strcmp(key, "format"))
        job->out.depth = choice(key, value, outputs) ? 10 : 8;
    else if (!strcmp(key, "size"))
        size(key, value, &job->width, &job->height);
    else if (!strcmp(key, "out"))
        size(key, value, &job->out_width, &job->out_height);
    else if (!strcmp(key, "scaler"))
        job->scaler = choice(key, value, scalers);
    else if (!strcmp(key, "kernel"))
        job->scaling_kernel = choice(key, value, kernels);
    else if (!strcmp(key, "siting")) {
        int which = choice(key, value, sitings);
        job->out.chroma_x = siting_x[which];
        job->out.chroma_y = siting_y[which];
    } else
        fail("there is no option %s", key);
}

Job job_from_words(int count, char **words)
{
    Job job = {
        .options = { .peak = PACELINE_DEFAULT_PEAK, .target = PACELINE_DEFAULT_TARGET },
        .in = { .depth = 10, .left_shift = 6 },
        .out = { .depth = 8, .chroma_y = 0.5 },
        .width = 3840,
        .height = 2160,
    };
    const char *fault;

    for (int i = 0; i < count; i++) {
        char *value = strchr(words[i], '=');
        if (!value)
            fail("not of the form key=value: %s", words[i]);
        *value++ = 0;
        if (!option_word(&job.options, words[i], value))
            frame_word(&job, words[i], value);
    }
    job.in.chroma_x = job.out.chroma_x;
    job.in.chroma_y = job.out.chroma_y;
    if (!job.out_width) {
        job.out_width = job.width;
        job.out_height = job.height;
    }
    if (job.out_width == job.width && job.out_height == job.height)
        job.scaler = PACELINE_SCALER_BILINEAR;
    fault = ff_paceline_options_fault(&job.options);
    if (fault)
        fail("%s", fault);
    return job;
}

static int aligned(int bytes, int alignment)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

Layout layout_of(const PacelineFormat *format, int width, int height, int alignment)
{
    int bytes = format->depth > 8 ? 2 : 1, columns = (width + 1) / 2, rows = (height + 1) / 2;
    Layout layout;

    layout.luma_pitch = aligned(width * bytes, alignment);
    layout.chroma_pitch = aligned(columns * bytes * (format->planar ? 1 : 2), alignment);
    layout.cb = (size_t)layout.luma_pitch * (size_t)height;
    layout.cr = layout.cb + (format->planar ? (size_t)layout.chroma_pitch * (size_t)rows : (size_t)bytes);
    layout.bytes = layout.cb + (size_t)layout.chroma_pitch * (size_t)rows * (format->planar ? 2 : 1);
    return layout;
}

PacelinePicture picture_at(unsigned char *memory, const Layout *layout, const PacelineFormat *format, int width,
                           int height)
{
    return (PacelinePicture){
        .luma = memory,
        .cb = memory + layout->cb,
        .cr = memory + layout->cr,
        .luma_pitch = layout->luma_pitch,
        .chroma_pitch = layout->chroma_pitch,
        .width = width,
        .height = height,
        .planar = format->planar,
    };
}
