// Preloaded into the server or a command by a test: makes system calls on files of the data directory fail.
//
// FAULT_ROOT   the data directory, or a folder in it
// FAULT_CALLS  names out of open, write, fsync, rename, read, opendir, readdir, flock, lock (of byte ranges), mmap, chmod (and
//              chown), parted by commas
// FAULT_ERRNO  the error number (EIO = 5, ENOSPC = 28)
// FAULT_AT     which of these calls fails, counted from 1; 0 counts only; -N lets the Nth and all after it fail
// FAULT_COUNT  a file in which the number of calls so far is kept, for the test to read
// FAULT_WAITS  set: nothing fails or is counted before the test has written a number other than 0 behind the count
// FAULT_FREE   set: statvfs reports a nearly empty disk, so that a full one is met by a write
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long *count;
static long at;
static int waits;
static int code;
static char root[4096];
static char calls[256];

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULT_ROOT");
    if (!text || strlen(text) >= sizeof root) return;
    strcpy(root, text);
    snprintf(calls, sizeof calls, ",%s,", getenv("FAULT_CALLS") ? getenv("FAULT_CALLS") : "");
    code = atoi(getenv("FAULT_ERRNO") ? getenv("FAULT_ERRNO") : "5");
    at = atol(getenv("FAULT_AT") ? getenv("FAULT_AT") : "0");
    waits = getenv("FAULT_WAITS") != NULL;
    const char *path = getenv("FAULT_COUNT");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, 2 * sizeof(long)) != 0) return;
    void *memory = mmap(NULL, 2 * sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) count = memory;
    close(file);
}

static int is_ours(const char *path) {
    size_t length = strlen(root);
    return length && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int fails(const char *call, const char *path) {
    char name[32];
    snprintf(name, sizeof name, ",%s,", call);
    if (!count || !strstr(calls, name) || !is_ours(path)) return 0;
    if (waits && !atomic_load(count + 1)) return 0;
    long number = atomic_fetch_add(count, 1) + 1;
    if (at < 0 ? number < -at : number != at) return 0;
    errno = code;
    return 1;
}

static int fails_on(const char *call, int descriptor) {
    if (!count) return 0;
    char link[64], path[4096];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = saved;
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int fsync(int fd) { REAL(fsync); return fails_on("fsync", fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return fails_on("fsync", fd) ? -1 : real(fd); }
ssize_t write(int fd, const void *b, size_t n) { REAL(write); return fails_on("write", fd) ? -1 : real(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { REAL(pwrite); return fails_on("write", fd) ? -1 : real(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { REAL(pwrite64); return fails_on("write", fd) ? -1 : real(fd, b, n, o); }
ssize_t read(int fd, void *b, size_t n) { REAL(read); return fails_on("read", fd) ? -1 : real(fd, b, n); }
ssize_t pread(int fd, void *b, size_t n, off_t o) { REAL(pread); return fails_on("read", fd) ? -1 : real(fd, b, n, o); }
ssize_t pread64(int fd, void *b, size_t n, off64_t o) { REAL(pread64); return fails_on("read", fd) ? -1 : real(fd, b, n, o); }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); return fails_on("write", fd) ? -1 : real(fd, n); }
int rename(const char *a, const char *b) { REAL(rename); return fails("rename", a) ? -1 : real(a, b); }

int flock(int fd, int how) { REAL(flock); return fails_on("flock", fd) ? -1 : real(fd, how); }

int chmod(const char *path, mode_t mode) { REAL(chmod); return fails("chmod", path) ? -1 : real(path, mode); }
int fchmod(int fd, mode_t mode) { REAL(fchmod); return fails_on("chmod", fd) ? -1 : real(fd, mode); }
int chown(const char *path, uid_t u, gid_t g) { REAL(chown); return fails("chmod", path) ? -1 : real(path, u, g); }
int fchown(int fd, uid_t u, gid_t g) { REAL(fchown); return fails_on("chmod", fd) ? -1 : real(fd, u, g); }

DIR *opendir(const char *path) { REAL(opendir); return fails("opendir", path) ? NULL : real(path); }
struct dirent *readdir(DIR *d) { REAL(readdir); return fails_on("readdir", dirfd(d)) ? NULL : real(d); }
struct dirent64 *readdir64(DIR *d) { REAL(readdir64); return fails_on("readdir", dirfd(d)) ? NULL : real(d); }

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t o) {
    REAL(mmap);
    return fd >= 0 && fails_on("mmap", fd) ? MAP_FAILED : real(at, n, protection, flags, fd, o);
}

void *mmap64(void *at, size_t n, int protection, int flags, int fd, off64_t o) {
    REAL(mmap64);
    return fd >= 0 && fails_on("mmap", fd) ? MAP_FAILED : real(at, n, protection, flags, fd, o);
}

static int locks(int command) {
    return command == F_SETLK || command == F_SETLKW || command == F_GETLK || command == F_OFD_SETLK
        || command == F_OFD_SETLKW || command == F_OFD_GETLK;
}

int fcntl(int fd, int command, ...) {
    REAL(fcntl);
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return locks(command) && fails_on("lock", fd) ? -1 : real(fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
    REAL(fcntl64);
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return locks(command) && fails_on("lock", fd) ? -1 : real(fd, command, argument);
}

int open(const char *path, int flags, ...) {
    REAL(open);
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return fails("open", path) ? -1 : real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(open64);
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return fails("open", path) ? -1 : real(path, flags, mode);
}

int statvfs(const char *path, struct statvfs *space) {
    REAL(statvfs);
    int result = real(path, space);
    if (result == 0 && getenv("FAULT_FREE")) space->f_bavail = space->f_bfree = space->f_blocks = 1UL << 30;
    return result;
}
