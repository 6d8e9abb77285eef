#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int csystem_sync_file_system(int descriptor) { return syncfs(descriptor); }

int csystem_write_back(int descriptor, int64_t place, int64_t bytes) {
    return sync_file_range(descriptor, place, bytes,
                           SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

int csystem_look_at_file(int descriptor, csystem_file *file) {
    struct stat facts;
    // The C library's fstat is newfstatat with an empty path, which no filter of system calls can tell from another one.
    if (syscall(SYS_fstat, descriptor, &facts) != 0) return -1;
    *file = (csystem_file){.bytes = facts.st_size, .changed_seconds = facts.st_mtim.tv_sec};
    return 0;
}

int csystem_lock_byte(int descriptor, int64_t offset) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)offset, .l_len = 1};
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int csystem_rename_new(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
    // Network file systems may not know the flag.
    if (errno != EINVAL && errno != ENOSYS) return -1;
    struct stat facts;
    if (lstat(to, &facts) == 0) {
        errno = EEXIST;
        return -1;
    }
    return errno == ENOENT ? rename(from, to) : -1;
}

int csystem_is_being_written(int descriptor) {
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(descriptor, F_SETLEASE, F_UNLCK);
        return 0;
    }
    return errno == EAGAIN ? 1 : -1;
}

bool csystem_fits(const char *pattern, const char *name) { return fnmatch(pattern, name, FNM_CASEFOLD) == 0; }

bool csystem_is_remote(int descriptor) {
    struct statfs facts;
    if (fstatfs(descriptor, &facts) != 0) return false;
    switch ((uint32_t)facts.f_type) {
    case 0x6969: case 0x517B: case 0xFF534D42: case 0xFE534D42: case 0x65735546: case 0x01021997: return true;
    default: return false;
    }
}
