/*
 * Of the CUDA filter: frames copied to the processor's memory. That memory is page-locked, so that the GPU writes it at
 * the speed of the bus and no copy of the driver's lies between, as it does where hwdownload copies into ordinary memory.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef AVFILTER_VF_TONEMAP_PACELINE_DOWNLOAD_H
#define AVFILTER_VF_TONEMAP_PACELINE_DOWNLOAD_H

#ifdef _WIN32
#include "compat/w32dlfcn.h"
#else
#include <dlfcn.h>
#endif

#include "libavutil/buffer.h"
#include "libavutil/common.h"
#include "libavutil/cuda_check.h"
#include "libavutil/frame.h"
#include "libavutil/hwcontext.h"
#include "libavutil/hwcontext_cuda_internal.h"
#include "libavutil/imgutils.h"

/** Rows begin where any SIMD may load, and it may load beyond the last. */
#define DOWNLOAD_ALIGNMENT 64

/* nv-codec-headers have not got these two. */
typedef CUresult CUDAAPI LockedAllocate(void **memory, size_t size, unsigned flags);
typedef CUresult CUDAAPI LockedFree(void *memory);

static inline AVCUDADeviceContext *download_device(AVBufferRef *device)
{
    return ((AVHWDeviceContext *)device->data)->hwctx;
}

static inline void locked_free(void *opaque, uint8_t *memory)
{
    AVBufferRef *device = opaque;
    AVCUDADeviceContext *hwctx = download_device(device);
    CudaFunctions *cu = hwctx->internal->cuda_dl;
    LockedFree *release = (LockedFree *)dlsym(cu->lib, "cuMemFreeHost");
    CUcontext dummy;

    if (release && cu->cuCtxPushCurrent(hwctx->cuda_ctx) == CUDA_SUCCESS) {
        release(memory);
        cu->cuCtxPopCurrent(&dummy);
    }
    av_buffer_unref(&device);
}

/** A pool's allocator; what is locked lives on after the filter, and the device with it. */
static inline AVBufferRef *locked_allocate(void *opaque, size_t size)
{
    AVBufferRef *device = av_buffer_ref(opaque), *buffer;
    AVCUDADeviceContext *hwctx = download_device(opaque);
    CudaFunctions *cu = hwctx->internal->cuda_dl;
    LockedAllocate *allocate = (LockedAllocate *)dlsym(cu->lib, "cuMemHostAlloc");
    void *memory = NULL;
    CUcontext dummy;

    if (device && allocate && cu->cuCtxPushCurrent(hwctx->cuda_ctx) == CUDA_SUCCESS) {
        if (allocate(&memory, size, 0) != CUDA_SUCCESS)
            memory = NULL;
        cu->cuCtxPopCurrent(&dummy);
    }
    buffer = memory ? av_buffer_create(memory, size, locked_free, device, 0) : NULL;
    if (memory && !buffer)
        locked_free(device, memory);
    else if (!buffer)
        av_buffer_unref(&device);
    return buffer;
}

static inline void locked_pool_free(void *opaque)
{
    AVBufferRef *device = opaque;

    av_buffer_unref(&device);
}

/** Bytes of such a frame, rows aligned. */
static inline int download_layout(int linesizes[4], enum AVPixelFormat format, int width, int height)
{
    uint8_t *nowhere[4];
    int ret = av_image_fill_linesizes(linesizes, format, FFALIGN(width, DOWNLOAD_ALIGNMENT));

    return ret < 0 ? ret : av_image_fill_pointers(nowhere, format, height, NULL, linesizes);
}

/**
 * A pool of frames' memory; none where the GPU shares the processor's memory: there locked memory may be slow to read,
 * and nothing is gained by it.
 */
static inline int download_pool(AVBufferPool **pool, void *log, AVBufferRef *device, enum AVPixelFormat format, int width,
                                int height)
{
    AVCUDADeviceContext *hwctx = download_device(device);
    int linesizes[4], size = download_layout(linesizes, format, width, height), integrated, ret;
    AVBufferRef *kept;

    if (size < 0)
        return size;
    ret = FF_CUDA_CHECK_DL(log, hwctx->internal->cuda_dl,
                           hwctx->internal->cuda_dl->cuDeviceGetAttribute(&integrated, CU_DEVICE_ATTRIBUTE_INTEGRATED,
                                                                          hwctx->internal->cuda_device));
    if (ret < 0 || integrated)
        return ret;
    if (!(kept = av_buffer_ref(device)))
        return AVERROR(ENOMEM);
    *pool = av_buffer_pool_init2((size_t)size + DOWNLOAD_ALIGNMENT, kept, locked_allocate, locked_pool_free);
    if (!*pool)
        av_buffer_unref(&kept);
    return *pool ? 0 : AVERROR(ENOMEM);
}

/** A frame of the pool, or NULL. */
static inline AVFrame *download_frame(AVBufferPool *pool, enum AVPixelFormat format, int width, int height)
{
    AVFrame *frame = av_frame_alloc();

    if (!frame)
        return NULL;
    frame->format = format;
    frame->width  = width;
    frame->height = height;
    frame->buf[0] = av_buffer_pool_get(pool);
    if (!frame->buf[0] || download_layout(frame->linesize, format, width, height) < 0 ||
        av_image_fill_pointers(frame->data, format, height, frame->buf[0]->data, frame->linesize) < 0)
        av_frame_free(&frame);
    return frame;
}

/** Copies the planes of a frame of two planes from the GPU, and waits until they are there. */
static inline int download_planes(void *log, AVCUDADeviceContext *hwctx, AVFrame *to, const AVFrame *from)
{
    CudaFunctions *cu = hwctx->internal->cuda_dl;
    int sample = to->format == AV_PIX_FMT_NV12 ? 1 : 2, ret;
    CUcontext dummy;

    if ((ret = FF_CUDA_CHECK_DL(log, cu, cu->cuCtxPushCurrent(hwctx->cuda_ctx))) < 0)
        return ret;
    for (int plane = 0; plane < 2 && ret >= 0; plane++) {
        CUDA_MEMCPY2D copy = {
            .srcMemoryType = CU_MEMORYTYPE_DEVICE,
            .dstMemoryType = CU_MEMORYTYPE_HOST,
            .srcDevice     = (CUdeviceptr)from->data[plane],
            .dstHost       = to->data[plane],
            .srcPitch      = from->linesize[plane],
            .dstPitch      = to->linesize[plane],
            .WidthInBytes  = (plane ? FFALIGN(to->width, 2) : to->width) * sample,
            .Height        = plane ? AV_CEIL_RSHIFT(to->height, 1) : to->height,
        };

        ret = FF_CUDA_CHECK_DL(log, cu, cu->cuMemcpy2DAsync(&copy, hwctx->stream));
    }
    if (ret >= 0)
        ret = FF_CUDA_CHECK_DL(log, cu, cu->cuStreamSynchronize(hwctx->stream));
    FF_CUDA_CHECK_DL(log, cu, cu->cuCtxPopCurrent(&dummy));
    return ret;
}

#endif /* AVFILTER_VF_TONEMAP_PACELINE_DOWNLOAD_H */
