/*
 * Dither patterns: made when a filter is configured, the same on every machine.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#include <math.h>
#include <string.h>

#include "tonemap_paceline_setup.h"

#define SIDE PACELINE_DITHER_SIZE
#define CELLS (SIDE * SIDE)
#define FIRST_DOTS (CELLS / 10)

/** Rank 0..63 in the 8x8 matrix of B. E. Bayer, 1973: the bits of x xor y and of y, interleaved and reversed. */
static int bayer_rank(int x, int y)
{
    int rank = 0;

    for (int bit = 0; bit < 3; bit++)
        rank |= (2 * ((x ^ y) >> bit & 1) + (y >> bit & 1)) << (2 * (2 - bit));
    return rank;
}

/** A pattern of dots on a torus, with how crowded each cell is. Integers, so that the result is the same anywhere. */
typedef struct Dots {
    int weight[SIDE]; ///< of a Gaussian, by distance along one axis
    long long crowd[CELLS];
    char set[CELLS];
} Dots;

static void change_dot(Dots *dots, int at, int sign)
{
    int x = at % SIDE, y = at / SIDE;

    dots->set[at] = sign > 0;
    for (int row = 0; row < SIDE; row++) {
        long long weight = sign * (long long)dots->weight[(row - y + SIDE) % SIDE];
        for (int column = 0; column < SIDE; column++)
            dots->crowd[row * SIDE + column] += weight * dots->weight[(column - x + SIDE) % SIDE];
    }
}

/** The dot with the most others around it, or the gap with the fewest. */
static int extreme(const Dots *dots, int set)
{
    int best = -1;

    for (int i = 0; i < CELLS; i++) {
        if (dots->set[i] != set)
            continue;
        if (best < 0 || (set ? dots->crowd[i] > dots->crowd[best] : dots->crowd[i] < dots->crowd[best]))
            best = i;
    }
    return best;
}

/** A tenth of the cells, spread by moving dots from the tightest cluster to the largest void until they stay. */
static void spread_first_dots(Dots *dots)
{
    unsigned random = 1;

    for (int placed = 0; placed < FIRST_DOTS;) {
        random = random * 1664525u + 1013904223u; /* Numerical Recipes' generator; its upper bits are good enough */
        if (dots->set[random >> 20])
            continue;
        change_dot(dots, (int)(random >> 20), 1);
        placed++;
    }
    for (;;) {
        int from = extreme(dots, 1), to;
        change_dot(dots, from, -1);
        to = extreme(dots, 0);
        change_dot(dots, to, 1);
        if (to == from)
            return;
    }
}

/**
 * R. Ulichney, "The void-and-cluster method for dither array generation", 1993, sigma 1.5. On a torus the crowding by
 * gaps is a constant less the crowding by dots, so that his second and third phase are one.
 */
static void blue_ranks(int *rank)
{
    Dots dots, first;

    memset(&dots, 0, sizeof(dots));
    for (int i = 0; i < SIDE; i++) {
        int distance = i < SIDE / 2 ? i : SIDE - i;
        dots.weight[i] = (int)lrint(10000 * exp(-distance * distance / (2 * 1.5 * 1.5)));
    }
    spread_first_dots(&dots);
    first = dots;
    for (int i = FIRST_DOTS - 1; i >= 0; i--) {
        int at = extreme(&first, 1);
        rank[at] = i;
        change_dot(&first, at, -1);
    }
    for (int i = FIRST_DOTS; i < CELLS; i++) {
        int at = extreme(&dots, 0);
        rank[at] = i;
        change_dot(&dots, at, 1);
    }
}

void ff_paceline_dither_pattern(float *pattern, int dither)
{
    int rank[CELLS];

    if (dither == PACELINE_DITHER_BLUE)
        blue_ranks(rank);
    for (int i = 0; i < CELLS; i++) {
        if (dither == PACELINE_DITHER_NONE)
            pattern[i] = 0;
        else if (dither == PACELINE_DITHER_ORDERED)
            pattern[i] = (float)((bayer_rank(i % SIDE, i / SIDE) + 0.5) / 64 - 0.5);
        else
            pattern[i] = (float)((rank[i] + 0.5) / CELLS - 0.5);
    }
}
