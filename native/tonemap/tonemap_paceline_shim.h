/*
 * The few words in which a GPU and a CPU differ. Everything above this file is the same source for both; rounding is
 * the same too, but for the four approximate functions of the GPU (logarithm, power, root, reciprocal).
 *
 * The GPU side needs no header of the CUDA toolkit: clang's own attributes and PTX are enough. The ".ftz" forms spare
 * the instructions that would treat subnormal numbers, which no picture holds.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_TONEMAP_PACELINE_SHIM_H
#define AVFILTER_TONEMAP_PACELINE_SHIM_H

#include "tonemap_paceline_setup.h"

typedef unsigned PlWords4 __attribute__((vector_size(16)));

#ifdef __CUDA__

#pragma clang fp contract(off)
#define PL_INLINE static inline __attribute__((device, always_inline))
#define PL_KERNEL(threads) extern "C" __attribute__((global, launch_bounds(threads)))
#define PL_UNROLL _Pragma("unroll")

PL_INLINE unsigned pl_bits(float x) { return __builtin_bit_cast(unsigned, x); }
PL_INLINE float pl_float(unsigned x) { return __builtin_bit_cast(float, x); }
PL_INLINE float pl_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
PL_INLINE float pl_max(float a, float b) { return __builtin_fmaxf(a, b); }
PL_INLINE float pl_min(float a, float b) { return __builtin_fminf(a, b); }

/** The result clamped to 0..1, which the hardware does in the same instruction. */
PL_INLINE float pl_fma_sat(float a, float b, float c)
{
    float d;
    __asm__("fma.rn.sat.f32 %0, %1, %2, %3;" : "=f"(d) : "f"(a), "f"(b), "f"(c));
    return d;
}

#define PL_APPROXIMATE(name, instruction)                            \
    PL_INLINE float name(float x)                                    \
    {                                                                \
        float y;                                                     \
        __asm__(instruction ".approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); \
        return y;                                                    \
    }
PL_APPROXIMATE(pl_log2, "lg2")
PL_APPROXIMATE(pl_exp2, "ex2")
PL_APPROXIMATE(pl_sqrt, "sqrt")
PL_APPROXIMATE(pl_reciprocal, "rcp")

/** Bytes of the eight in (high, low), picked by the four hexadecimal digits of the selector. */
PL_INLINE unsigned pl_permute(unsigned low, unsigned high, unsigned selector)
{
    unsigned d;
    __asm__("prmt.b32 %0, %1, %2, %3;" : "=r"(d) : "r"(low), "r"(high), "r"(selector));
    return d;
}

PL_INLINE PlWords4 pl_load16(const void *from)
{
    unsigned a, b, c, d;
    __asm__ volatile("ld.global.nc.v4.u32 {%0, %1, %2, %3}, [%4];" : "=r"(a), "=r"(b), "=r"(c), "=r"(d) : "l"(from));
    return (PlWords4){ a, b, c, d };
}

PL_INLINE void pl_load8(const void *from, unsigned *to)
{
    __asm__ volatile("ld.global.nc.v2.u32 {%0, %1}, [%2];" : "=r"(to[0]), "=r"(to[1]) : "l"(from));
}

PL_INLINE unsigned pl_load4(const void *from)
{
    unsigned a;
    __asm__ volatile("ld.global.nc.u32 %0, [%1];" : "=r"(a) : "l"(from));
    return a;
}

PL_INLINE unsigned pl_load2(const void *from)
{
    unsigned short a;
    __asm__ volatile("ld.global.nc.u16 %0, [%1];" : "=h"(a) : "l"(from));
    return a;
}

PL_INLINE float pl_load_float(const float *from) { return pl_float(pl_load4(from)); }

PL_INLINE void pl_store1(void *to, unsigned a)
{
    __asm__ volatile("st.global.u8 [%0], %1;" ::"l"(to), "r"(a) : "memory");
}

PL_INLINE void pl_store2(void *to, unsigned a)
{
    __asm__ volatile("st.global.u16 [%0], %1;" ::"l"(to), "h"((unsigned short)a) : "memory");
}

PL_INLINE void pl_store4(void *to, unsigned a)
{
    __asm__ volatile("st.global.u32 [%0], %1;" ::"l"(to), "r"(a) : "memory");
}

PL_INLINE void pl_store8(void *to, unsigned a, unsigned b)
{
    __asm__ volatile("st.global.v2.u32 [%0], {%1, %2};" ::"l"(to), "r"(a), "r"(b) : "memory");
}

PL_INLINE void pl_store16(void *to, PlWords4 a)
{
    __asm__ volatile("st.global.v4.u32 [%0], {%1, %2, %3, %4};" ::"l"(to), "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3])
                     : "memory");
}

PL_INLINE int pl_thread(void)
{
    return __nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x();
}

PL_INLINE int pl_thread_count(void) { return __nvvm_read_ptx_sreg_nctaid_x() * __nvvm_read_ptx_sreg_ntid_x(); }

/** The same in an order in which the blocks take turns, 32 threads each: every block has some of everything. */
PL_INLINE int pl_thread_in_turn(void)
{
    int lane = __nvvm_read_ptx_sreg_tid_x() & 31, warp = __nvvm_read_ptx_sreg_tid_x() >> 5;
    return (warp * __nvvm_read_ptx_sreg_nctaid_x() + __nvvm_read_ptx_sreg_ctaid_x()) << 5 | lane;
}

extern __attribute__((shared, aligned(16))) PacelineLine pl_shared[];

/**
 * Lines on their way into shared memory. Every table has enough lines for all threads of a block to carry as many at
 * once, so that the loads need not wait for a branch.
 */
#define PL_LINES_AT_ONCE(copies) ((copies) == 1 ? 2 : 3)
typedef struct PlSharing {
    unsigned line[3][2];
} PlSharing;

/** Which line a thread carries first. Where lines are there many times over, two threads share one. */
PL_INLINE int pl_first_line(int copies) { return (int)__nvvm_read_ptx_sreg_tid_x() >> (copies > 1); }

/** And how many lines further its next one is. */
PL_INLINE int pl_lines_ahead(int copies) { return (int)__nvvm_read_ptx_sreg_ntid_x() >> (copies > 1); }

/**
 * Begins to copy the tables into shared memory. Other loads can follow before pl_share_end(): one after the other they
 * would take longer than a tenth of a frame.
 */
PL_INLINE PlSharing pl_share_begin(const PacelineLine *tables, int copies)
{
    PlSharing sharing;

    PL_UNROLL
    for (int i = 0; i < PL_LINES_AT_ONCE(copies); i++)
        pl_load8(tables + pl_first_line(copies) + i * pl_lines_ahead(copies), sharing.line[i]);
    return sharing;
}

/**
 * Puts a line where it belongs, or this thread's half of its copies, which lie side by side. Threads that write at the
 * same time begin at different copies, and so in different banks.
 */
PL_INLINE void pl_put_line(unsigned base, const unsigned *line, int at, int copies)
{
    unsigned bytes = (unsigned)(copies * (int)sizeof(PacelineLine)), first = base + (unsigned)at * bytes, half = bytes / 2;

    if (copies == 1)
        __asm__ volatile("st.shared.v2.u32 [%0], {%1, %2};" ::"r"(first), "r"(line[0]), "r"(line[1]) : "memory");
    first += (__nvvm_read_ptx_sreg_tid_x() & 1) * half;
    PL_UNROLL
    for (int i = 0; i < copies / 4; i++)
        __asm__ volatile("st.shared.v4.u32 [%0], {%1, %2, %1, %2};" ::"r"(first + ((unsigned)(i + at) * 16 & (half - 1))),
                         "r"(line[0]), "r"(line[1])
                         : "memory");
}

/** Ends it, and returns the tables' byte address. All threads of a block call both once. */
PL_INLINE unsigned pl_share_end(const PlSharing *sharing, const PacelineLine *tables, int lines, int copies)
{
    int ahead = pl_lines_ahead(copies), at = pl_first_line(copies);
    unsigned base = (unsigned)(unsigned long long)(PacelineLine __attribute__((address_space(3))) *)pl_shared;

    PL_UNROLL
    for (int i = 0; i < PL_LINES_AT_ONCE(copies); i++, at += ahead)
        pl_put_line(base, sharing->line[i], at, copies);
    for (; copies == 1 && at < lines; at += ahead) {
        unsigned line[2];
        pl_load8(tables + at, line);
        pl_put_line(base, line, at, copies);
    }
    __nvvm_bar_sync(0);
    /* Written so that no lookup can be moved before the barrier: all of them depend on this. */
    __asm__ volatile("mov.u32 %0, %0;" : "+r"(base)::"memory");
    return base;
}

/**
 * Which of the copies this thread reads, in bytes. The mask is a parameter, lest the compiler know that the other bits
 * are 0: it would then take two instructions for the AND and OR of an address instead of one.
 */
PL_INLINE unsigned pl_copy(int copies, unsigned mask)
{
    return copies == 1 ? 0 : __nvvm_read_ptx_sreg_tid_x() * (unsigned)sizeof(PacelineLine) & mask;
}

#define PL_LINE(line, address, offset)                                                                     \
    __asm__("ld.shared.v2.f32 {%0, %1}, [%2+%3];" : "=f"((line).base), "=f"((line).slope) : "r"(address), "n"(offset))

#else /* the CPU */

#include <math.h>
#include <string.h>

#define PL_INLINE static inline
#define PL_KERNEL(threads) static
#define PL_UNROLL

/** Copies a value of the type out of memory, aligned or not. */
#define PL_LOAD(name, type, result)       \
    PL_INLINE result name(const void *from) \
    {                                     \
        type value;                       \
        memcpy(&value, from, sizeof(value)); \
        return value;                     \
    }
PL_LOAD(pl_load16, PlWords4, PlWords4)
PL_LOAD(pl_load4, unsigned, unsigned)
PL_LOAD(pl_load2, unsigned short, unsigned)
PL_INLINE void pl_load8(const void *from, unsigned *to) { memcpy(to, from, 8); }

PL_INLINE void pl_store1(void *to, unsigned a) { *(unsigned char *)to = (unsigned char)a; }
PL_INLINE void pl_store2(void *to, unsigned a) { memcpy(to, &(unsigned short){ (unsigned short)a }, 2); }
PL_INLINE void pl_store4(void *to, unsigned a) { memcpy(to, &a, 4); }
PL_INLINE void pl_store8(void *to, unsigned a, unsigned b) { memcpy(to, (unsigned[]){ a, b }, 8); }
PL_INLINE void pl_store16(void *to, PlWords4 a) { memcpy(to, &a, 16); }

PL_INLINE unsigned pl_bits(float x) { return (union { float f; unsigned u; }){ x }.u; }
PL_INLINE float pl_float(unsigned x) { return (union { unsigned u; float f; }){ x }.f; }
PL_INLINE float pl_load_float(const float *from) { return *from; }
PL_INLINE float pl_fma(float a, float b, float c) { return fmaf(a, b, c); }
PL_INLINE float pl_max(float a, float b) { return a > b ? a : b; }
PL_INLINE float pl_min(float a, float b) { return a < b ? a : b; }
PL_INLINE float pl_fma_sat(float a, float b, float c) { return pl_min(pl_max(fmaf(a, b, c), 0.0f), 1.0f); }
PL_INLINE float pl_log2(float x) { return log2f(x); }
PL_INLINE float pl_exp2(float x) { return exp2f(x); }
PL_INLINE float pl_sqrt(float x) { return sqrtf(x); }
PL_INLINE float pl_reciprocal(float x) { return 1 / x; }

PL_INLINE unsigned pl_permute(unsigned low, unsigned high, unsigned selector)
{
    unsigned long long bytes = (unsigned long long)high << 32 | low;
    unsigned result = 0;

    for (int i = 0; i < 4; i++)
        result |= (unsigned)(bytes >> (selector >> 4 * i & 7) * 8 & 255) << 8 * i;
    return result;
}

/** One thread does the work of all, or of one after the other, and reads the tables where they are. */
static _Thread_local int pl_host_thread;

PL_INLINE int pl_thread(void) { return pl_host_thread; }
PL_INLINE int pl_thread_count(void) { return 1; }
PL_INLINE int pl_thread_in_turn(void) { return pl_host_thread; }
PL_INLINE unsigned pl_copy(int copies, unsigned mask) { return (unsigned)(copies - 1) & mask; }

static _Thread_local const char *pl_host_tables;

typedef struct PlSharing {
    int nothing;
} PlSharing;

PL_INLINE PlSharing pl_share_begin(const PacelineLine *tables, int copies)
{
    (void)tables, (void)copies;
    return (PlSharing){ 0 };
}

PL_INLINE unsigned pl_share_end(const PlSharing *sharing, const PacelineLine *tables, int lines, int copies)
{
    (void)sharing, (void)lines, (void)copies;
    pl_host_tables = (const char *)tables;
    return 0;
}

#define PL_LINE(line, address, offset) memcpy(&(line), pl_host_tables + (address) + (offset), sizeof(line))

#endif

#endif /* AVFILTER_TONEMAP_PACELINE_SHIM_H */
