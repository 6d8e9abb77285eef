// The record of `powerlog.c`: its entries, how they are added, and which files are of interest.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WRITE = 1, SIZE, GROW, MAKE, LINK, UNLINK, RENAME, SYNC, SYNCED, SYNC_ALL, SYNCED_ALL, ANSWER, MARK };

struct record {
    uint32_t kind, mode;
    // The file or folder that is changed, by its number; those in which names are.
    uint64_t node, folder, second;
    // Where bytes are written, a size, or at which entry a sync has begun.
    uint64_t offset;
    // Bytes of a name, of another one, and of data, which follow in this order, filled up to a multiple of 8.
    uint64_t name, other, data;
};

struct log {
    pthread_mutex_t mutex;
    uint64_t used, capacity;
    uint64_t lost;
};

enum { BEGIN = 4096 };

static struct log *record_of_all;
static dev_t device;
static char root[1024], preload[1100], variables[2][1100];

static struct log *map(const char *path, size_t size) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0 || (size && ftruncate(file, (off_t)size) != 0)) return NULL;
    struct stat facts;
    void *memory = fstat(file, &facts) == 0
        ? mmap(NULL, (size_t)facts.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0) : MAP_FAILED;
    close(file);
    return memory == MAP_FAILED ? NULL : memory;
}

// For the test: makes an empty record.
void *powerlog_create(const char *path, size_t size) {
    struct log *log = map(path, size);
    if (!log) return NULL;
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&log->mutex, &kind);
    log->capacity = size - BEGIN;
    return log;
}

static void take(struct log *log) {
    // Whoever was killed with it has at most not noted its last call.
    if (pthread_mutex_lock(&log->mutex) == EOWNERDEAD) pthread_mutex_consistent(&log->mutex);
}

static void give(struct log *log) { pthread_mutex_unlock(&log->mutex); }

static void *add(struct log *log, struct record record, const char *name, const char *other) {
    record.name = name ? strlen(name) : 0;
    record.other = other ? strlen(other) : 0;
    size_t size = (sizeof record + record.name + record.other + record.data + 7) & ~(size_t)7;
    if (log->used + size > log->capacity) {
        log->lost++;
        return NULL;
    }
    char *place = (char *)log + BEGIN + log->used;
    memcpy(place, &record, sizeof record);
    if (name) memcpy(place + sizeof record, name, record.name);
    if (other) memcpy(place + sizeof record + record.name, other, record.other);
    log->used += size;
    return place + sizeof record + record.name + record.other;
}

// For the test: notes what a client knows now.
void powerlog_mark(struct log *log, const char *text) {
    take(log);
    add(log, (struct record){.kind = MARK}, text, NULL);
    give(log);
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("POWER_ROOT"), *path = getenv("POWER_LOG"), *library = getenv("LD_PRELOAD");
    struct stat facts;
    if (!folder || !path || !library || strlen(folder) >= sizeof root || stat(folder, &facts) != 0) return;
    strcpy(root, folder);
    device = facts.st_dev;
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", library);
    snprintf(variables[0], sizeof variables[0], "POWER_ROOT=%s", folder);
    snprintf(variables[1], sizeof variables[1], "POWER_LOG=%s", path);
    record_of_all = map(path, 0);
}

static int is_ours(const char *path) {
    size_t length = strlen(root);
    return record_of_all && strncmp(path, root, length) == 0 && path[length] == '/';
}

// A path below another folder than the current one, as an absolute one.
static const char *full(int folder, const char *path, char *buffer, size_t size) {
    if (!record_of_all || path[0] == '/' || folder == AT_FDCWD) return path;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, buffer, size - 2);
    if (length < 0) return path;
    snprintf(buffer + length, size - (size_t)length, "/%s", path);
    return buffer;
}

static uint64_t number(const char *path) {
    struct stat facts;
    return lstat(path, &facts) == 0 ? facts.st_ino : 0;
}

// The folder of a path, and the name in it.
static uint64_t place(const char *path, const char **name) {
    char folder[4096];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    *name = slash + 1;
    return number(folder);
}

// Not newfstatat, which worker processes may not call.
static int is_file(int descriptor, struct stat *facts) {
    int saved = errno;
    int result = record_of_all && syscall(SYS_fstat, descriptor, facts) == 0 && facts->st_dev == device
        && (S_ISREG(facts->st_mode) || S_ISDIR(facts->st_mode));
    errno = saved;
    return result;
}
