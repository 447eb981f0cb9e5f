/* libcuda.so.1 without a card: what the doctor asks of it, and what TensorFlow 2.21 does on the way to a kernel.
 *
 * Memory is the processor's, copies are copies, kernels do nothing.
 *
 * FAKE_GPUS="9.0,12.0"  one device for each compute capability     FAKE_INIT=100    what cuInit answers
 * FAKE_API=12080        what cuDriverGetVersion answers            FAKE_SM=132,4    multiprocessors of each device
 * FAKE_DIES=abort|hang|ill  what cuInit does instead of answering  FAKE_MEMORY=16   GiB
 * CUDA_VISIBLE_DEVICES is obeyed as the CUDA programming guide says: indices or beginnings of UUIDs; the first token
 * that names no device, or names one twice, hides it and all that follow.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 16
static int majors[MOST], minors[MOST], visible[MOST], devices, seen;

static int number(const char *name, int usual) {
    const char *text = getenv(name);
    return text && *text ? atoi(text) : usual;
}
/* The number at a device's place in a list, the last one where the list is shorter. */
static int listed(const char *name, int place, int usual) {
    const char *text = getenv(name);
    if (!text || !*text) return usual;
    for (const char *comma; place && (comma = strchr(text, ',')); place--) text = comma + 1;
    return atoi(text);
}
static void uuid_of(int device, char *out) { sprintf(out, "GPU-fa4e0000-0000-4000-8000-00000000000%d", device); }

static void read_devices(void) {
    const char *text = getenv("FAKE_GPUS");
    if (!text) text = "9.0";
    for (devices = 0; *text && devices < MOST; devices++) {
        int used = 0;
        if (sscanf(text, "%d.%d%n", &majors[devices], &minors[devices], &used) < 2) break;
        text += used;
        if (*text == ',') text++;
    }
    seen = 0;
    const char *wanted = getenv("CUDA_VISIBLE_DEVICES");
    if (!wanted) {
        for (; seen < devices; seen++) visible[seen] = seen;
        return;
    }
    char copy[1024];
    strncpy(copy, wanted, sizeof copy - 1);
    copy[sizeof copy - 1] = 0;
    for (char *token = strtok(copy, ","); token && seen < MOST; token = strtok(NULL, ",")) {
        int found = -1;
        for (int one = 0; one < devices && found < 0; one++) {
            char uuid[64], *end;
            uuid_of(one, uuid);
            long index = strtol(token, &end, 10);
            if ((end != token && !*end && index == one) || (!strncmp(token, "GPU-", 4) && !strncmp(uuid, token, strlen(token))))
                found = one;
        }
        for (int one = 0; one < seen; one++)
            if (visible[one] == found) found = -1;
        if (found < 0) break;
        visible[seen++] = found;
    }
}

int cuInit(unsigned flags) {
    const char *dies = getenv("FAKE_DIES");
    if (dies && !strcmp(dies, "abort")) abort();
    if (dies && !strcmp(dies, "hang")) sleep(1000);
    if (dies && !strcmp(dies, "ill")) raise(SIGILL);
    read_devices();
    int code = number("FAKE_INIT", 0);
    return code ? code : seen ? 0 : 100;
}
int cuDriverGetVersion(int *version) { *version = number("FAKE_API", 12080); return 0; }
int cuDeviceGetCount(int *count) { *count = seen; return 0; }
int cuDeviceGet(int *device, int index) {
    if (index < 0 || index >= seen) return 101;
    *device = index;
    return 0;
}
int cuDeviceGetName(char *name, int size, int device) { snprintf(name, size, "Fake GPU %d", visible[device]); return 0; }
int cuDeviceGetPCIBusId(char *name, int size, int device) { snprintf(name, size, "0000:0%d:00.0", visible[device] + 1); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = (size_t)number("FAKE_MEMORY", 16) << 30; return 0; }
int cuDeviceGetUuid(unsigned char *uuid, int device) {
    memset(uuid, 0, 16);
    uuid[0] = 0xfa; uuid[1] = 0x4e; uuid[6] = 0x40; uuid[8] = 0x80; uuid[15] = visible[device];
    return 0;
}
int cuDeviceGetUuid_v2(unsigned char *uuid, int device) { return cuDeviceGetUuid(uuid, device); }
int cuDeviceComputeCapability(int *major, int *minor, int device) {
    *major = majors[visible[device]];
    *minor = minors[visible[device]];
    return 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    switch (attribute) { /* CUdevice_attribute of cuda.h */
    case 75: *value = majors[visible[device]]; break;
    case 76: *value = minors[visible[device]]; break;
    case 16: *value = listed("FAKE_SM", visible[device], 132); break; /* MULTIPROCESSOR_COUNT */
    case 10: *value = 32; break;                     /* WARP_SIZE */
    case 39: *value = 2048; break;                   /* MAX_THREADS_PER_MULTIPROCESSOR */
    default: *value = 1024;
    }
    return 0;
}
int cuGetErrorName(int code, const char **name) {
    static const struct { int code; const char *name; } known[] = {
        {3, "CUDA_ERROR_NOT_INITIALIZED"}, {34, "CUDA_ERROR_STUB_LIBRARY"}, {35, "CUDA_ERROR_INSUFFICIENT_DRIVER"},
        {100, "CUDA_ERROR_NO_DEVICE"}, {101, "CUDA_ERROR_INVALID_DEVICE"}, {304, "CUDA_ERROR_OPERATING_SYSTEM"},
        {500, "CUDA_ERROR_NOT_FOUND"}, {802, "CUDA_ERROR_SYSTEM_NOT_READY"},
        {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"}, {804, "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE"},
        {999, "CUDA_ERROR_UNKNOWN"},
    };
    for (unsigned one = 0; one < sizeof known / sizeof *known; one++)
        if (known[one].code == code) { *name = known[one].name; return 0; }
    return 1;
}
int cuGetErrorString(int code, const char **text) { *text = "the fake driver's answer"; return 0; }
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)16; return 0; }
int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) { return 0; }
int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) { *flags = 0; *active = 1; return 0; }
int cuDevicePrimaryCtxRelease_v2(int device) { return 0; }
int cuCtxSetCurrent(void *context) { return 0; }
int cuCtxGetCurrent(void **context) { *context = (void *)16; return 0; }
int cuCtxGetDevice(int *device) { *device = 0; return 0; }
int cuMemGetInfo_v2(size_t *free_, size_t *total) {
    *total = (size_t)number("FAKE_MEMORY", 16) << 30;
    *free_ = *total - ((size_t)number("FAKE_USED", 0) << 20);
    return 0;
}

int cuDeviceCanAccessPeer(int *can, int one, int other) { *can = 0; return 0; }
int cuDeviceGetDefaultMemPool(void **pool, int device) { *pool = (void *)8; return 0; }
int cuCtxGetStreamPriorityRange(int *least, int *most) { *least = *most = 0; return 0; }

static int allocate(void **out, size_t size) {
    if (size > (size_t)64 << 20) size = (size_t)64 << 20; /* TensorFlow asks for nearly all there is */
    *out = aligned_alloc(256, (size + 511) / 256 * 256);
    return *out ? 0 : 2;
}
int cuMemAlloc_v2(void **out, size_t size) { return allocate(out, size); }
int cuMemHostAlloc(void **out, size_t size, unsigned flags) { return allocate(out, size); }
int cuMemAllocHost_v2(void **out, size_t size) { return allocate(out, size); }
int cuMemFree_v2(void *memory) { free(memory); return 0; }
int cuMemFreeHost(void *memory) { free(memory); return 0; }
int cuMemHostRegister_v2(void *memory, size_t size, unsigned flags) { return 0; }
int cuMemHostUnregister(void *memory) { return 0; }
int cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t size, void *stream) { memcpy(to, from, size); return 0; }
int cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t size, void *stream) { memcpy(to, from, size); return 0; }
int cuMemcpyDtoDAsync_v2(void *to, const void *from, size_t size, void *stream) { memcpy(to, from, size); return 0; }
int cuMemcpyHtoD_v2(void *to, const void *from, size_t size) { memcpy(to, from, size); return 0; }
int cuMemcpyDtoH_v2(void *to, const void *from, size_t size) { memcpy(to, from, size); return 0; }
int cuMemsetD8Async(void *to, unsigned char value, size_t count, void *stream) { memset(to, value, count); return 0; }
int cuMemsetD32Async(unsigned *to, unsigned value, size_t count, void *stream) {
    while (count--) *to++ = value;
    return 0;
}
int cuPointerGetAttribute(int *value, int attribute, void *pointer) { *value = 2; return 0; } /* device memory */

int cuStreamCreate(void **stream, unsigned flags) { *stream = malloc(8); return 0; }
int cuStreamCreateWithPriority(void **stream, unsigned flags, int priority) { *stream = malloc(8); return 0; }
int cuStreamDestroy_v2(void *stream) { return 0; }
int cuStreamQuery(void *stream) { return 0; }
int cuStreamIsCapturing(void *stream, int *status) { *status = 0; return 0; }
int cuStreamSynchronize(void *stream) { return 0; }
int cuStreamWaitEvent(void *stream, void *event, unsigned flags) { return 0; }
int cuEventCreate(void **event, unsigned flags) { *event = malloc(8); return 0; }
int cuEventDestroy_v2(void *event) { return 0; }
int cuEventQuery(void *event) { return 0; }
int cuEventRecord(void *event, void *stream) { return 0; }
int cuEventSynchronize(void *event) { return 0; }
int cuCtxSynchronize(void) { return 0; }
int cuLaunchHostFunc(void *stream, void (*call)(void *), void *data) { call(data); return 0; }

int cuModuleLoadData(void **module, const void *image) { *module = (void *)8; return 0; }
int cuModuleLoadDataEx(void **module, const void *image, unsigned n, void *o, void *v) { *module = (void *)8; return 0; }
int cuModuleLoadFatBinary(void **module, const void *image) { *module = (void *)8; return 0; }
int cuModuleUnload(void *module) { return 0; }
int cuModuleGetFunction(void **function, void *module, const char *name) { *function = (void *)8; return 0; }
int cuModuleGetGlobal_v2(void **at, size_t *size, void *module, const char *name) {
    if (size) *size = 4096;
    return at ? allocate(at, 4096) : 0;
}
int cuFuncGetAttribute(int *value, int attribute, void *function) { *value = 64; return 0; }
int cuFuncSetAttribute(void *function, int attribute, int value) { return 0; }
int cuFuncSetCacheConfig(void *function, int config) { return 0; }
int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *f, int threads, size_t shared) { *blocks = 8; return 0; }
int cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                   void *stream, void **arguments, void **extra) {
    return 0;
}
