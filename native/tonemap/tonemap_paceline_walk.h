/*
 * Of the kernels: how threads share out tiles.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_WALK_H
#define AVFILTER_TONEMAP_PACELINE_WALK_H

#include "tonemap_paceline_shim.h"

/** The tiles of one thread: each next one is as many ahead as there are threads, without a division. */
typedef struct PlWalk {
    int column, row, columns, rows, columns_ahead, rows_ahead;
} PlWalk;

PL_INLINE PlWalk pl_walk(int columns, int rows)
{
    int first = pl_thread(), ahead = pl_thread_count();
    PlWalk walk = { first % columns, first / columns, columns, rows, ahead % columns, ahead / columns };

    return walk;
}

PL_INLINE void pl_step(PlWalk *walk)
{
    walk->column += walk->columns_ahead;
    walk->row += walk->rows_ahead;
    if (walk->column >= walk->columns) {
        walk->column -= walk->columns;
        walk->row++;
    }
}

#endif /* AVFILTER_TONEMAP_PACELINE_WALK_H */
