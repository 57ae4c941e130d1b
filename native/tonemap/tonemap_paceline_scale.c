/*
 * The weights of the scaling kernels, in double precision.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <math.h>

#include "tonemap_paceline_scale.h"

static int sample_count(const PacelineAxisGeometry *axis)
{
    return axis->subsampled ? (axis->in + 1) / 2 : axis->in;
}

/** Input samples for each output sample. */
static double ratio_of(const PacelineAxisGeometry *axis)
{
    return (double)axis->in / axis->out / (axis->subsampled ? 2 : 1);
}

/** How far the bicubic filter is stretched: by the ratio when it scales down, so that it keeps out what would alias. */
static double stretch_of(const PacelineAxisGeometry *axis)
{
    double ratio = ratio_of(axis);

    return axis->scaler == PACELINE_SCALER_BICUBIC && ratio > 1 ? ratio : 1;
}

int ff_paceline_axis_count(const PacelineAxisGeometry *axis)
{
    return (axis->out + 1) / 2 * 2;
}

int ff_paceline_axis_taps(const PacelineAxisGeometry *axis)
{
    int taps = axis->scaler == PACELINE_SCALER_BICUBIC ? 2 * (int)ceil(2 * stretch_of(axis)) : 2;
    int samples = sample_count(axis);

    return taps < samples ? taps : samples;
}

/** E. Catmull and R. Rom, 1974: the cubic through the samples; and the straight line for bilinear. */
static double filter(int scaler, double x)
{
    x = fabs(x);
    if (scaler == PACELINE_SCALER_BILINEAR)
        return x < 1 ? 1 - x : 0;
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

void ff_paceline_axis(const PacelineAxisGeometry *axis, int *start, float *weight)
{
    int count = ff_paceline_axis_count(axis), taps = ff_paceline_axis_taps(axis), samples = sample_count(axis);
    double stretch = stretch_of(axis);
    int reach = (int)ceil((axis->scaler == PACELINE_SCALER_BICUBIC ? 2 : 1) * stretch);

    for (int i = 0; i < count; i++) {
        double at = ((i + 0.5) * axis->in / axis->out - 0.5 - axis->siting) / (axis->subsampled ? 2 : 1);
        int first = (int)floor(at) - reach + 1;
        int begin = first < 0 ? 0 : first > samples - taps ? samples - taps : first;
        double sum = 0;

        for (int tap = 0; tap < 2 * reach; tap++)
            sum += filter(axis->scaler, (first + tap - at) / stretch);
        start[i] = begin;
        for (int tap = 0; tap < taps; tap++)
            weight[i * taps + tap] = 0;
        /* What lies beyond the edge has the edge's value. */
        for (int tap = 0; tap < 2 * reach; tap++) {
            int sample = first + tap < 0 ? 0 : first + tap >= samples ? samples - 1 : first + tap;
            int place = sample - begin;
            place = place < 0 ? 0 : place >= taps ? taps - 1 : place;
            weight[i * taps + place] += (float)(filter(axis->scaler, (first + tap - at) / stretch) / sum);
        }
    }
}
