// Preloaded into a program under measurement: every sync takes two milliseconds more, as on common disks.
// cc -O2 -shared -fPIC slowsync.c -o slowsync.so -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int later(const char *name, int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const struct timespec delay = {0, 2000000};
    nanosleep(&delay, NULL);
    return real(descriptor);
}

int fsync(int descriptor) { return later("fsync", descriptor); }
int fdatasync(int descriptor) { return later("fdatasync", descriptor); }
