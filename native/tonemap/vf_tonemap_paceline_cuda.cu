/*
 * The kernels of tonemap_paceline_cuda: every input sample is read once, every output sample written once.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include "tonemap_paceline_halved.h"
#include "tonemap_paceline_scaled.h"
#include "tonemap_paceline_unscaled.h"

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
