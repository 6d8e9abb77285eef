// Preloaded into the server, its workers and the commands by a test: records, in one order, every change of the files below a
// directory, every sync, and when an answer begins.
//
// POWER_ROOT  the directory; every path in it is used as an absolute one
// POWER_LOG   the record, a file that all processes map: worker processes may open none
//
// A lock is held over a call and its entry, so that the order of the entries is that of the calls. A sync has two entries,
// for what is changed while it runs may not be in it. Changes by mmap are not seen; only SQLite's -shm is written so.
#define _GNU_SOURCE
#include "powerlog.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void answer(int socket, const void *bytes, size_t count) {
    if (!record_of_all || count < 10 || memcmp(bytes, "HTTP/1.1 2", 10) != 0) return;
    take(record_of_all);
    void *space = add(record_of_all, (struct record){.kind = ANSWER, .data = 12}, NULL, NULL);
    if (space) memcpy(space, bytes, 12);
    give(record_of_all);
}

static void note_made(const char *path) {
    struct stat facts;
    const char *name;
    int saved = errno;
    if (lstat(path, &facts) == 0) {
        uint64_t folder = place(path, &name);
        add(record_of_all, (struct record){.kind = MAKE, .mode = facts.st_mode, .node = facts.st_ino, .folder = folder}, name,
            NULL);
    }
    errno = saved;
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    if (!is_ours(path) || !(flags & (O_CREAT | O_TRUNC))) return real(path, flags, mode);
    take(record_of_all);
    struct stat before, facts;
    int was_there = lstat(path, &before) == 0;
    int file = real(path, flags, mode);
    if (file >= 0 && is_file(file, &facts)) {
        if ((flags & O_TMPFILE) == O_TMPFILE) {
            add(record_of_all, (struct record){.kind = MAKE, .mode = facts.st_mode, .node = facts.st_ino}, NULL, NULL);
        } else if (!was_there) {
            note_made(path);
        } else if (flags & O_TRUNC && before.st_size > 0) {
            add(record_of_all, (struct record){.kind = SIZE, .node = facts.st_ino}, NULL, NULL);
        }
    }
    give(record_of_all);
    return file;
}

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list list; \
        va_start(list, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        return opened(real, path, flags, mode); \
    }
OPENING(open)
OPENING(open64)

int openat(int folder, const char *path, int flags, ...) {
    REAL(openat);
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    char buffer[4096];
    if (!(flags & O_CREAT) || !is_ours(full(folder, path, buffer, sizeof buffer))) return real(folder, path, flags, mode);
    return open(full(folder, path, buffer, sizeof buffer), flags, mode);
}

// What was written, from `at` or up to where the file stands now.
static ssize_t note_written(int fd, const struct stat *facts, const struct iovec *pieces, int count, ssize_t written, off_t at) {
    if (written <= 0) return written;
    int saved = errno;
    if (at < 0) at = lseek(fd, 0, SEEK_CUR) - written;
    struct record record = {.kind = WRITE, .node = facts->st_ino, .offset = (uint64_t)at, .data = (uint64_t)written};
    char *space = add(record_of_all, record, NULL, NULL);
    size_t left = (size_t)written;
    for (int index = 0; space && index < count && left; index++) {
        size_t length = pieces[index].iov_len < left ? pieces[index].iov_len : left;
        memcpy(space, pieces[index].iov_base, length);
        space += length;
        left -= length;
    }
    errno = saved;
    return written;
}

#define WRITING(call, pieces, count, at) \
    struct stat facts; \
    if (!is_file(fd, &facts)) { \
        if (at == -1 && count > 0) answer(fd, (pieces)[0].iov_base, (pieces)[0].iov_len); \
        return call; \
    } \
    take(record_of_all); \
    ssize_t written = note_written(fd, &facts, pieces, count, call, at); \
    give(record_of_all); \
    return written;

ssize_t write(int fd, const void *b, size_t n) {
    REAL(write);
    struct iovec piece = {(void *)b, n};
    WRITING(real(fd, b, n), &piece, 1, -1)
}

ssize_t pwrite(int fd, const void *b, size_t n, off_t o) {
    REAL(pwrite);
    struct iovec piece = {(void *)b, n};
    WRITING(real(fd, b, n, o), &piece, 1, o)
}

ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) {
    REAL(pwrite64);
    struct iovec piece = {(void *)b, n};
    WRITING(real(fd, b, n, o), &piece, 1, o)
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
    REAL(writev);
    WRITING(real(fd, pieces, count), pieces, count, -1)
}

ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t o) {
    REAL(pwritev);
    WRITING(real(fd, pieces, count, o), pieces, count, o)
}

// The bytes that a call has moved are read again from where they came.
static void note_moved(int fd, const struct stat *facts, int source, off_t from, ssize_t moved, off_t at) {
    char *bytes = moved > 0 ? malloc((size_t)moved) : NULL;
    if (!bytes) return;
    struct iovec piece = {bytes, (size_t)moved};
    if (pread(source, bytes, (size_t)moved, from) == moved) note_written(fd, facts, &piece, 1, moved, at);
    free(bytes);
}

static ssize_t sent(ssize_t (*real)(int, int, off_t *, size_t), int fd, int source, off_t *offset, size_t n) {
    struct stat facts;
    if (!is_file(fd, &facts)) return real(fd, source, offset, n);
    take(record_of_all);
    off_t from = offset ? *offset : lseek(source, 0, SEEK_CUR);
    ssize_t moved = real(fd, source, offset, n);
    note_moved(fd, &facts, source, from, moved, -1);
    give(record_of_all);
    return moved;
}

ssize_t sendfile(int fd, int source, off_t *offset, size_t n) {
    REAL(sendfile);
    return sent(real, fd, source, offset, n);
}

ssize_t sendfile64(int fd, int source, off64_t *offset, size_t n) {
    REAL(sendfile64);
    return sent((ssize_t(*)(int, int, off_t *, size_t))real, fd, source, offset, n);
}

ssize_t copy_file_range(int source, off64_t *from, int fd, off64_t *to, size_t n, unsigned flags) {
    REAL(copy_file_range);
    struct stat facts;
    if (!is_file(fd, &facts)) return real(source, from, fd, to, n, flags);
    take(record_of_all);
    off_t start = from ? *from : lseek(source, 0, SEEK_CUR), end = to ? *to : lseek(fd, 0, SEEK_CUR);
    ssize_t moved = real(source, from, fd, to, n, flags);
    note_moved(fd, &facts, source, start, moved, end);
    give(record_of_all);
    return moved;
}

static int resized(int result, int fd, const struct stat *facts, int kind, off_t size) {
    if (result == 0) add(record_of_all, (struct record){.kind = kind, .node = facts->st_ino, .offset = (uint64_t)size}, NULL, NULL);
    return result;
}

#define RESIZING(call, kind, size) \
    struct stat facts; \
    if (!is_file(fd, &facts)) return call; \
    take(record_of_all); \
    int result = resized(call, fd, &facts, kind, size); \
    give(record_of_all); \
    return result;

int ftruncate(int fd, off_t n) { REAL(ftruncate); RESIZING(real(fd, n), SIZE, n) }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); RESIZING(real(fd, n), SIZE, n) }
int posix_fallocate(int fd, off_t o, off_t n) { REAL(posix_fallocate); RESIZING(real(fd, o, n), GROW, o + n) }
int posix_fallocate64(int fd, off64_t o, off64_t n) { REAL(posix_fallocate64); RESIZING(real(fd, o, n), GROW, o + n) }

int truncate(const char *path, off_t n) {
    REAL(truncate);
    if (!is_ours(path)) return real(path, n);
    take(record_of_all);
    struct stat facts = {.st_ino = number(path)};
    int result = resized(real(path, n), -1, &facts, SIZE, n);
    give(record_of_all);
    return result;
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (!is_ours(path)) return real(path, mode);
    take(record_of_all);
    int result = real(path, mode);
    if (result == 0) note_made(path);
    give(record_of_all);
    return result;
}

int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(mkdirat);
    char buffer[4096];
    const char *whole = full(folder, path, buffer, sizeof buffer);
    return is_ours(whole) ? mkdir(whole, mode) : real(folder, path, mode);
}

int bind(int socket, const struct sockaddr *address, socklen_t length) {
    REAL(bind);
    const char *path = ((const struct sockaddr_un *)address)->sun_path;
    if (!address || address->sa_family != AF_UNIX || !is_ours(path)) return real(socket, address, length);
    take(record_of_all);
    int result = real(socket, address, length);
    if (result == 0) note_made(path);
    give(record_of_all);
    return result;
}

static int named(const char *from, const char *to, int kind, int (*real)(const char *, const char *)) {
    struct stat facts;
    uint64_t node = (kind == LINK ? stat(from, &facts) : lstat(from, &facts)) == 0 ? facts.st_ino : 0;
    uint64_t replaced = number(to);
    const char *name = "", *other;
    uint64_t folder = kind == RENAME ? place(from, &name) : 0, second = place(to, &other);
    int result = real(from, to);
    // Two names of one file stay as they are.
    if (result == 0 && node != replaced) {
        add(record_of_all, (struct record){.kind = kind, .node = node, .folder = folder, .second = second}, name, other);
    }
    return result;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    if (!is_ours(to)) return real(from, to);
    take(record_of_all);
    int result = named(from, to, RENAME, real);
    give(record_of_all);
    return result;
}

static __thread unsigned rename_flags;
static __typeof__(&renameat2) real_renameat2;
static int rename_with_flags(const char *from, const char *to) {
    return real_renameat2(AT_FDCWD, from, AT_FDCWD, to, rename_flags);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    REAL(renameat2);
    real_renameat2 = real;
    char first[4096], second[4096];
    from = full(a, from, first, sizeof first);
    to = full(b, to, second, sizeof second);
    if (!is_ours(to)) return real(a, from, b, to, flags);
    take(record_of_all);
    rename_flags = flags;
    int result = named(from, to, RENAME, rename_with_flags);
    give(record_of_all);
    return result;
}

int renameat(int a, const char *from, int b, const char *to) { return renameat2(a, from, b, to, 0); }

int link(const char *from, const char *to) {
    REAL(link);
    if (!is_ours(to)) return real(from, to);
    take(record_of_all);
    int result = named(from, to, LINK, real);
    give(record_of_all);
    return result;
}

static int removed(const char *path, int (*real)(const char *)) {
    if (!is_ours(path)) return real(path);
    take(record_of_all);
    const char *name;
    uint64_t folder = place(path, &name);
    int result = real(path);
    if (result == 0) add(record_of_all, (struct record){.kind = UNLINK, .folder = folder}, name, NULL);
    give(record_of_all);
    return result;
}

int unlink(const char *path) { REAL(unlink); return removed(path, real); }
int rmdir(const char *path) { REAL(rmdir); return removed(path, real); }

int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat);
    char buffer[4096];
    const char *whole = full(folder, path, buffer, sizeof buffer);
    if (!is_ours(whole)) return real(folder, path, flags);
    return flags & AT_REMOVEDIR ? rmdir(whole) : unlink(whole);
}

static uint64_t sync_begins(uint64_t node, int kind) {
    take(record_of_all);
    uint64_t start = record_of_all->used;
    add(record_of_all, (struct record){.kind = kind, .node = node}, NULL, NULL);
    give(record_of_all);
    return start;
}

static int sync_ends(int result, uint64_t node, int kind, uint64_t start) {
    if (result != 0) return result;
    take(record_of_all);
    add(record_of_all, (struct record){.kind = kind, .node = node, .offset = start}, NULL, NULL);
    give(record_of_all);
    return result;
}

#define SYNCING(call, before, after) \
    struct stat facts; \
    if (!is_file(fd, &facts)) return call; \
    uint64_t start = sync_begins(facts.st_ino, before); \
    return sync_ends(call, facts.st_ino, after, start);

int fsync(int fd) { REAL(fsync); SYNCING(real(fd), SYNC, SYNCED) }
int fdatasync(int fd) { REAL(fdatasync); SYNCING(real(fd), SYNC, SYNCED) }
int syncfs(int fd) { REAL(syncfs); SYNCING(real(fd), SYNC_ALL, SYNCED_ALL) }

ssize_t send(int fd, const void *b, size_t n, int flags) {
    REAL(send);
    answer(fd, b, n);
    return real(fd, b, n, flags);
}

ssize_t sendto(int fd, const void *b, size_t n, int flags, const struct sockaddr *a, socklen_t l) {
    REAL(sendto);
    answer(fd, b, n);
    return real(fd, b, n, flags, a, l);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags) {
    REAL(sendmsg);
    if (m->msg_iovlen) answer(fd, m->msg_iov[0].iov_base, m->msg_iov[0].iov_len);
    return real(fd, m, flags);
}

// Workers are started with an environment of their own, by these calls; what is on the stack is enough for a vfork.
static char *const *with_ours(char *const *given, char **all, size_t most) {
    size_t count = 0;
    if (!record_of_all) return given;
    for (; given && given[count] && count + 4 < most; count++) {
        if (strncmp(given[count], "LD_PRELOAD=", 11) == 0) return given;
        all[count] = given[count];
    }
    all[count++] = preload;
    all[count++] = variables[0];
    all[count++] = variables[1];
    all[count] = NULL;
    return all;
}

long syscall(long number, ...) {
    REAL(syscall);
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long);
    long e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    char *all[256];
    if (number == SYS_execveat) d = (long)with_ours((char *const *)d, all, 256);
    return real(number, a, b, c, d, e, f);
}

int execve(const char *path, char *const *words, char *const *given) {
    REAL(execve);
    char *all[256];
    return real(path, words, with_ours(given, all, 256));
}
