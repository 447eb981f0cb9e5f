/* libcudnn.so: says a version (FAKE_CUDNN, else that of the build) and gives a handle. */
#include <stdlib.h>
#ifndef VERSION
#define VERSION 90300
#endif
unsigned long cudnnGetVersion(void) {
    const char *text = getenv("FAKE_CUDNN");
    return text ? strtoul(text, NULL, 10) : VERSION;
}
unsigned long cudnnGetCudartVersion(void) { return 12050; }
int cudnnGetProperty(int part, int *value) {
    unsigned long version = cudnnGetVersion();
    *value = part == 0 ? version / 10000 : part == 1 ? version % 10000 / 100 : version % 100;
    return 0;
}
const char *cudnnGetErrorString(int code) { return "the fake library's answer"; }
int cudnnCreate(void **handle) { *handle = (void *)1; return 0; }
int cudnnDestroy(void *handle) { return 0; }
int cudnnSetStream(void *handle, void *stream) { return 0; }
