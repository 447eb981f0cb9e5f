/* libcudart.so.12 over the fake libcuda. It holds to two rules of NVIDIA's:
 *
 * - a runtime of CUDA 12 refuses a driver that speaks less than 12.0 (cudaErrorInsufficientDriver, as
 *   nvidia-cuda-runtime-cu12 does under the same libcuda);
 * - code for sm_XY runs on devices of the same major from minor Y on, PTX for compute_XY on every later one. Which code
 *   there is stands in the fat binaries that TensorFlow registers; a kernel without a fitting one is not started.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int cuInit(unsigned flags);
int cuDriverGetVersion(int *version);
int cuDeviceGetCount(int *count);
int cuDeviceGetAttribute(int *value, int attribute, int device);
int cuMemAlloc_v2(void **out, size_t size);

enum { OK = 0, INSUFFICIENT_DRIVER = 35, NO_DEVICE = 100, NO_KERNEL_IMAGE = 209 };
static __thread int current;

static int ready(void) {
    int version = 0, devices = 0;
    if (cuDriverGetVersion(&version) || version < 12000) return INSUFFICIENT_DRIVER;
    return cuInit(0) || cuDeviceGetCount(&devices) || !devices ? NO_DEVICE : OK;
}
const char *cudaGetErrorString(int code) {
    return code == OK                    ? "no error"
           : code == INSUFFICIENT_DRIVER ? "CUDA driver version is insufficient for CUDA runtime version"
           : code == NO_DEVICE           ? "no CUDA-capable device is detected"
           : code == NO_KERNEL_IMAGE     ? "no kernel image is available for execution on the device"
                                         : "the fake runtime's answer";
}
const char *cudaGetErrorName(int code) { return cudaGetErrorString(code); }
int cudaRuntimeGetVersion(int *version) { *version = 12050; return 0; }
int cudaDriverGetVersion(int *version) { return cuDriverGetVersion(version); }
int cudaGetDeviceCount(int *count) { int code = ready(); return code ? code : cuDeviceGetCount(count); }
int cudaGetDevice(int *device) { *device = current; return ready(); }
int cudaSetDevice(int device) { current = device; return ready(); }
int cudaDeviceGetAttribute(int *value, int attribute, int device) { return cuDeviceGetAttribute(value, attribute, device); }
int cudaGetDeviceProperties_v2(int *properties, int device) { /* cudaDeviceProp: whoever divides finds no zero */
    for (int place = 0; place < 1032 / 4; place++) properties[place] = 1024;
    cuDeviceGetAttribute(&properties[90], 75, device);
    cuDeviceGetAttribute(&properties[91], 76, device);
    return 0;
}
int cudaDeviceGetStreamPriorityRange(int *least, int *most) { *least = *most = 0; return 0; }
int cudaDeviceSynchronize(void) { return 0; }
int cudaStreamCreate(void **stream) { *stream = malloc(8); return 0; }
int cudaStreamSynchronize(void *stream) { return 0; }
int cudaMalloc(void **out, size_t size) { return cuMemAlloc_v2(out, size); }
int cudaFree(void *memory) { return 0; }
int cudaFuncGetAttributes(void *attributes, const void *function) { memset(attributes, 0, 64); return 0; }
int cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, const void *f, int threads, size_t shared, unsigned flags) {
    *blocks = 8;
    return 0;
}

struct wrapper { int magic, version; const uint8_t *data; void *file; };
struct registered { const uint8_t *data; };
struct function { const void *host; const uint8_t *data; };
static struct function *functions;
static size_t known, room;

void **__cudaRegisterFatBinary(struct wrapper *wrapped) {
    struct registered *one = malloc(sizeof *one);
    one->data = wrapped->data;
    return (void **)one;
}
void __cudaRegisterFatBinaryEnd(void **handle) {}
void __cudaUnregisterFatBinary(void **handle) {}
void __cudaRegisterVar(void **handle) {}
void __cudaRegisterFunction(void **handle, const void *host) {
    if (known == room) functions = realloc(functions, (room = room ? 2 * room : 16384) * sizeof *functions);
    functions[known++] = (struct function){host, ((struct registered *)handle)->data};
}
/* Whether a fat binary (header, then entries of kind, header size, size, and the architecture) has code for a device. */
static int fits(const uint8_t *data, int device) {
    int major = 0, minor = 0;
    cuDeviceGetAttribute(&major, 75, device);
    cuDeviceGetAttribute(&minor, 76, device);
    if (*(uint32_t *)data != 0xBA55ED50) return 1;
    const uint8_t *at = data + *(uint16_t *)(data + 6), *end = at + *(uint64_t *)(data + 8);
    while (at < end) {
        unsigned kind = *(uint16_t *)at, architecture = *(uint32_t *)(at + 28), capability = major * 10 + minor;
        if (kind == 1 && architecture <= capability) return 1;
        if (kind == 2 && architecture / 10 == (unsigned)major && architecture <= capability) return 1;
        at += *(uint32_t *)(at + 4) + *(uint64_t *)(at + 8);
    }
    return 0;
}
static __thread int last;
int cudaLaunchKernel(const void *host) {
    size_t one = 0;
    while (one < known && functions[one].host != host) one++;
    return last = one < known && !fits(functions[one].data, current) ? NO_KERNEL_IMAGE : ready();
}
int cudaGetLastError(void) { int code = last; last = 0; return code; }
int cudaPeekAtLastError(void) { return last; }
int __cudaPushCallConfiguration(void) { return 0; }
int __cudaPopCallConfiguration(void) { return 0; }
