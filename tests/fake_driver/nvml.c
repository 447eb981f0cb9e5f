/* libnvidia-ml.so.1 without a card; the same devices as cuda.c, whatever CUDA_VISIBLE_DEVICES says.
 *
 * FAKE_NVML=18          what nvmlInit answers                      FAKE_DRIVER=570.133.07  the driver's version
 * FAKE_MIG="0:0,1:2"    MIG mode and instances of each device      FAKE_USED=15000         MiB in use, by FAKE_PID
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 16
static int majors[MOST], minors[MOST], mig[MOST], instances[MOST], devices;

static int number(const char *name, int usual) {
    const char *text = getenv(name);
    return text && *text ? atoi(text) : usual;
}
static void put(char *out, unsigned size, const char *text) { snprintf(out, size, "%s", text); }

int nvmlInitWithFlags(unsigned flags) {
    const char *text = getenv("FAKE_GPUS");
    if (!text) text = "9.0";
    for (devices = 0; *text && devices < MOST; devices++) {
        int used = 0;
        if (sscanf(text, "%d.%d%n", &majors[devices], &minors[devices], &used) < 2) break;
        text += used;
        if (*text == ',') text++;
    }
    const char *modes = getenv("FAKE_MIG");
    for (int one = 0; one < devices && modes && *modes; one++) {
        int used = 0;
        sscanf(modes, "%d:%d%n", &mig[one], &instances[one], &used);
        modes += used;
        if (*modes == ',') modes++;
    }
    return number("FAKE_NVML", 0);
}
int nvmlInit(void) { return nvmlInitWithFlags(0); }
int nvmlInit_v2(void) { return nvmlInitWithFlags(0); }
int nvmlShutdown(void) { return 0; }
const char *nvmlErrorString(int code) { return code == 18 ? "Driver/library version mismatch" : "the fake driver's answer"; }
int nvmlSystemGetDriverVersion(char *version, unsigned size) {
    const char *text = getenv("FAKE_DRIVER");
    put(version, size, text ? text : "570.133.07");
    return 0;
}
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = number("FAKE_API", 12080); return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = devices; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
    *device = (void *)(long)(index + 1);
    return 0;
}
int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, void **device) {
    *device = (void *)(long)(bus[6] - '0');
    return 0;
}
static int of(void *device) { return (int)(long)device - 1; }
int nvmlDeviceGetName(void *device, char *name, unsigned size) {
    if ((long)device > 256) { put(name, size, "Fake GPU MIG 1g.10gb"); return 0; }
    snprintf(name, size, "Fake GPU %d", of(device));
    return 0;
}
int nvmlDeviceGetUUID(void *device, char *uuid, unsigned size) {
    long value = (long)device;
    if (value > 256)
        snprintf(uuid, size, "MIG-fa4e0000-0000-4000-8000-0000000%05ld", value);
    else
        snprintf(uuid, size, "GPU-fa4e0000-0000-4000-8000-00000000000%d", of(device));
    return 0;
}
int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
    *major = majors[of(device)];
    *minor = minors[of(device)];
    return 0;
}
int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) {
    memory[0] = (unsigned long long)number("FAKE_MEMORY", 16) << 30;
    memory[2] = (unsigned long long)number("FAKE_USED", 0) << 20;
    memory[1] = memory[0] - memory[2];
    return 0;
}
int nvmlDeviceGetMigMode(void *device, unsigned *now, unsigned *later) {
    if (!getenv("FAKE_MIG")) return 3; /* NVML_ERROR_NOT_SUPPORTED, as every card without MIG answers */
    *now = *later = mig[of(device)];
    return 0;
}
int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned *count) { *count = getenv("FAKE_MIG") ? 7 : 0; return 0; }
int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned index, void **found) {
    if ((int)index >= instances[of(device)]) return 6; /* NVML_ERROR_NOT_FOUND */
    *found = (void *)(long)(1000 + 10 * of(device) + index);
    return 0;
}
struct pci { char legacy[16]; unsigned domain, bus, device, id, subsystem; char bus_id[32]; };
int nvmlDeviceGetPciInfo_v3(void *device, struct pci *out) {
    memset(out, 0, sizeof *out);
    snprintf(out->bus_id, sizeof out->bus_id, "00000000:0%d:00.0", of(device) + 1);
    return 0;
}
struct process { unsigned pid; unsigned long long used; unsigned gpu, compute; };
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, struct process *found) {
    if (!getenv("FAKE_PID") || of(device)) { *count = 0; return 0; }
    if (*count < 1) { *count = 1; return 7; } /* NVML_ERROR_INSUFFICIENT_SIZE */
    *count = 1;
    found[0].pid = number("FAKE_PID", 1);
    found[0].used = (unsigned long long)number("FAKE_USED", 0) << 20;
    return 0;
}
