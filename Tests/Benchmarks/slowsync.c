// Preloaded into a program under measurement or test: every sync takes longer, by SYNC_DELAY milliseconds or by two, as on common
// disks.
// cc -O2 -shared -fPIC slowsync.c -o slowsync.so -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static struct timespec delay = {0, 2000000};

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("SYNC_DELAY");
    long milliseconds = text ? atol(text) : 2;
    delay = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000};
}

static int later(const char *name, int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    nanosleep(&delay, NULL);
    return real(descriptor);
}

int fsync(int descriptor) { return later("fsync", descriptor); }
int fdatasync(int descriptor) { return later("fdatasync", descriptor); }
