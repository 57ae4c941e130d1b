/*
 * The few functions of the CUDA driver that the measuring program needs, found at run time: no toolkit, no headers.
 *
 * This file is part of Paceline's FFmpeg filters; licence: LGPL-2.1-or-later, see COPYING.
 */

#ifndef TONEMAP_PACELINE_DRIVER_H
#define TONEMAP_PACELINE_DRIVER_H

#include <stddef.h>

typedef unsigned long long DevicePointer;

/* Each is an "int cuName(...)" that returns 0 when all went well. */
#define DRIVER_FUNCTIONS(X)                                                                                          \
    X(init, "cuInit", (unsigned flags))                                                                              \
    X(device_get, "cuDeviceGet", (int *device, int ordinal))                                                         \
    X(device_name, "cuDeviceGetName", (char *name, int room, int device))                                            \
    X(device_attribute, "cuDeviceGetAttribute", (int *value, int attribute, int device))                             \
    X(driver_version, "cuDriverGetVersion", (int *version))                                                          \
    X(context_create, "cuCtxCreate_v2", (void **context, unsigned flags, int device))                                \
    X(module_load, "cuModuleLoadData", (void **module, const void *image))                                           \
    X(module_function, "cuModuleGetFunction", (void **function, void *module, const char *name))                     \
    X(function_attribute, "cuFuncGetAttribute", (int *value, int attribute, void *function))                         \
    X(function_set, "cuFuncSetAttribute", (void *function, int attribute, int value))                                \
    X(allocate, "cuMemAlloc_v2", (DevicePointer *pointer, size_t bytes))                                             \
    X(to_device, "cuMemcpyHtoD_v2", (DevicePointer to, const void *from, size_t bytes))                              \
    X(from_device, "cuMemcpyDtoH_v2", (void *to, DevicePointer from, size_t bytes))                                  \
    X(copy, "cuMemcpyDtoDAsync_v2", (DevicePointer to, DevicePointer from, size_t bytes, void *stream))              \
    X(launch, "cuLaunchKernel",                                                                                      \
      (void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,        \
       unsigned block_z, unsigned shared_bytes, void *stream, void **parameters, void **extra))                      \
    X(synchronize, "cuCtxSynchronize", (void))                                                                       \
    X(event_create, "cuEventCreate", (void **event, unsigned flags))                                                 \
    X(event_record, "cuEventRecord", (void *event, void *stream))                                                    \
    X(event_elapsed, "cuEventElapsedTime", (float *milliseconds, void *from, void *to))

#define DRIVER_FIELD(name, symbol, parameters) int(*name) parameters;
typedef struct Driver {
    DRIVER_FUNCTIONS(DRIVER_FIELD)
} Driver;

#define DRIVER_ATTRIBUTE_PROCESSORS 16
#define DRIVER_ATTRIBUTE_SHARED_OPTIN 97
#define DRIVER_FUNCTION_REGISTERS 4
#define DRIVER_FUNCTION_LOCAL_BYTES 3
#define DRIVER_FUNCTION_MAX_DYNAMIC_SHARED 8

#endif
