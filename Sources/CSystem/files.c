#include "CSystem.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int csystem_sync_file_system(int descriptor) { return syncfs(descriptor); }

int csystem_look_at_file(int descriptor, csystem_file *file) {
    struct stat facts;
    // The C library's fstat is newfstatat with an empty path, which no filter of system calls can tell from another one.
    if (syscall(SYS_fstat, descriptor, &facts) != 0) return -1;
    *file = (csystem_file){.bytes = facts.st_size, .changed_seconds = facts.st_mtim.tv_sec};
    return 0;
}
