#include "CSystem.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static char **words;

/// The C library gives the words of the command line to whatever runs before main.
__attribute__((constructor)) static void keep_words(int count, char **given) {
    (void)count;
    words = given;
}

char *const *csystem_words(void) { return words; }

void csystem_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

void csystem_step_back(pid_t thread, int nice) {
    setpriority(PRIO_PROCESS, (id_t)thread, nice);
    csystem_ask_for_turns(thread, CSYSTEM_LONG_TURN);
}

void csystem_yield_to_others(void) {
  // Both are the thread's alone on Linux; where they are refused it goes on as it is. 2 << 13 | 7 is the last of the
  // best-effort class (ioprio_set(2)), for idle may mean never.
  csystem_step_back(0, 15);
  syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 7);
}

/// The layout of struct sched_attr, which Debian 12's C library does not declare.
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

uint64_t csystem_turns(pid_t thread) {
    struct attributes attributes;
    return syscall(SYS_sched_getattr, thread, &attributes, sizeof attributes, 0) == 0 ? attributes.runtime : 0;
}

void csystem_ask_for_turns(pid_t thread, uint64_t nanoseconds) {
    struct attributes attributes;
    if (syscall(SYS_sched_getattr, thread, &attributes, sizeof attributes, 0) != 0) return;
    attributes.size = sizeof attributes;
    attributes.runtime = nanoseconds;
    syscall(SYS_sched_setattr, thread, &attributes, 0);
}

int csystem_memory_file(void) { return memfd_create("wonder", MFD_CLOEXEC); }

int csystem_fork(void) { return fork(); }

void csystem_trim_memory(void) { malloc_trim(0); }

void csystem_keep_memory(size_t bytes) {
    // A block that is mapped and freed raises the library's thresholds (mallopt(3), M_MMAP_THRESHOLD); setting one would
    // keep them from being raised further by the blocks of large pictures.
    void *volatile block = malloc(bytes);
    free(block);
}

void csystem_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

int csystem_open_process(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }
