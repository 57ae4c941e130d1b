/*
 * The weights of the scaling kernels.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_SCALE_H
#define AVFILTER_TONEMAP_PACELINE_SCALE_H

#include "tonemap_paceline.h"

/** One axis of one plane of the input, as the luma samples of the output see it. */
typedef struct PacelineAxisGeometry {
    int in;           ///< luma samples of the input
    int out;          ///< luma samples of the output
    int subsampled;   ///< the plane is a chroma plane, of half the samples
    double siting;    ///< where its first sample lies, in luma samples of the input
    int scaler;       ///< enum PacelineScaler
} PacelineAxisGeometry;

/** For how many output samples weights are made: "out", rounded up to pairs. */
int ff_paceline_axis_count(const PacelineAxisGeometry *axis);

/** How many weights each output sample has. */
int ff_paceline_axis_taps(const PacelineAxisGeometry *axis);

/**
 * Fills in the first input sample and the weights of each output sample.
 *
 * @param start  room for ff_paceline_axis_count()
 * @param weight room for that many times ff_paceline_axis_taps()
 */
void ff_paceline_axis(const PacelineAxisGeometry *axis, int *start, float *weight);

#endif /* AVFILTER_TONEMAP_PACELINE_SCALE_H */
