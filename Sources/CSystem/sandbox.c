#include "CSystem.h"
#include "confinement.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int confinement_limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(resource, &limit);
}

/// The first four, those of one message, and a few that Landlock and the C library open for a moment.
enum { MOST_OPEN_FILES = CSYSTEM_MOST_DESCRIPTORS + 14 };

int csystem_limit_resources(uint64_t memory_bytes, uint64_t file_bytes, uint64_t cpu_seconds) {
    // The hard CPU limit ends a child that catches the soft one's signal.
    if (confinement_limit(RLIMIT_CORE, 0, 0) != 0 || confinement_limit(RLIMIT_NOFILE, MOST_OPEN_FILES, MOST_OPEN_FILES) != 0 ||
        confinement_limit(RLIMIT_FSIZE, file_bytes, file_bytes) != 0 || confinement_limit(RLIMIT_AS, memory_bytes, memory_bytes) != 0 ||
        confinement_limit(RLIMIT_CPU, cpu_seconds, cpu_seconds + 5) != 0) {
        return -1;
    }
    return 0;
}

int csystem_limit_file_size(uint64_t bytes) { return confinement_limit(RLIMIT_FSIZE, bytes, bytes); }

int csystem_drop_user(uint32_t user) {
    if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0) return -1;
    return setresuid(user, user, user);
}

int csystem_die_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return -1;
    if (getppid() == parent) return 0;
    errno = ESRCH;
    return -1;
}

int csystem_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int csystem_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// The newest rule set layout known here; older kernels accept it as long as what they do not know is zero.
struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

int csystem_landlock_version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
}

int confinement_rules(int version) {
    if (version < 1) {
        errno = ENOSYS;
        return -1;
    }
    // Rights by the version that brought them: 13 at first, then refer, truncate, device ioctl; TCP bind and connect;
    // abstract sockets and signals to outside.
    struct ruleset rules = {.files = (1u << 13) - 1};
    if (version >= 2) rules.files |= 1u << 13;
    if (version >= 3) rules.files |= 1u << 14;
    if (version >= 5) rules.files |= 1u << 15;
    if (version >= 4) rules.network = 3;
    if (version >= 6) rules.scopes = 3;
    return (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
}

int csystem_forbid_files(int version) {
    int set = confinement_rules(version);
    if (set < 0) return -1;
    int result = (int)syscall(SYS_landlock_restrict_self, set, 0);
    int code = errno;
    close(set);
    errno = code;
    return result;
}

#ifdef ARCHITECTURE

/// What a decoder may call: its open descriptors, its own memory, the clock, and the way out.
/// Not fcntl: with F_SETOWN and F_SETSIG it could have the kernel signal any process of the same user. Not newfstatat or
/// statx, as which the C library asks about an open file: a filter cannot see that their path is empty, and Landlock
/// lets everybody look at any path.
static const uint16_t allowed_calls[] = {
    SYS_read, SYS_write, SYS_pread64, SYS_pwrite64, SYS_readv, SYS_lseek, SYS_munmap, SYS_mremap, SYS_brk,
    SYS_madvise, SYS_futex, SYS_exit, SYS_exit_group, SYS_clock_gettime, SYS_getrandom, SYS_rt_sigprocmask,
    SYS_rt_sigreturn, SYS_rt_sigaction, SYS_recvmsg, SYS_recvfrom, SYS_sendmsg, SYS_sendto, SYS_fstat,
    SYS_close, SYS_ftruncate, SYS_ppoll, SYS_restart_syscall, SYS_gettid, SYS_getpid, SYS_sched_yield,
#ifdef SYS_poll
    SYS_poll,
#endif
};

enum {
    ALLOWED_COUNT = sizeof allowed_calls / sizeof *allowed_calls,
    /// Between the old calls of x86-64 and those that came later; a half of either list is looked through.
    SPLIT = 64,
    /// The low half of an argument on a little-endian machine, which both architectures are.
    ARGUMENT_0 = offsetof(struct seccomp_data, args[0]),
    ARGUMENT_1 = offsetof(struct seccomp_data, args[1]),
    ARGUMENT_2 = offsetof(struct seccomp_data, args[2]),
};

#define DENY (SECCOMP_RET_ERRNO | EPERM)

/// Adds the allowed calls of one side of the split, each with a jump to the last instruction, and a refusal after them.
static size_t add_calls(struct sock_filter *filter, size_t count, size_t last, int is_new) {
    for (size_t index = 0; index < ALLOWED_COUNT; index++) {
        if ((allowed_calls[index] >= SPLIT) != is_new) continue;
        filter[count] = (struct sock_filter)JUMP_IF(BPF_JEQ, allowed_calls[index], (uint8_t)(last - count - 1), 0);
        count++;
    }
    filter[count++] = (struct sock_filter)ANSWER(DENY);
    return count;
}

int csystem_forbid_calls(void) {
    // Memory may never become executable, the only process to signal is itself (abort), and of its limits it may touch
    // that of its files, which without a privilege only becomes lower.
    const struct sock_filter head[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        JUMP_IF(BPF_JEQ, ARCHITECTURE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(offsetof(struct seccomp_data, nr)),
        JUMP_IF(BPF_JEQ, SYS_mmap, 1, 0),
        JUMP_IF(BPF_JEQ, SYS_mprotect, 0, 4),
        LOAD(ARGUMENT_2),
        JUMP_IF(BPF_JSET, PROT_EXEC, 0, 1),
        ANSWER(DENY),
        ANSWER(SECCOMP_RET_ALLOW),
        JUMP_IF(BPF_JEQ, SYS_tgkill, 0, 4),
        LOAD(ARGUMENT_0),
        JUMP_IF(BPF_JEQ, (uint32_t)getpid(), 0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(DENY),
        JUMP_IF(BPF_JEQ, SYS_prlimit64, 0, 6),
        LOAD(ARGUMENT_0),
        JUMP_IF(BPF_JEQ, 0, 0, 3),
        LOAD(ARGUMENT_1),
        JUMP_IF(BPF_JEQ, RLIMIT_FSIZE, 0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(DENY),
    };
    // The kernel tries a filter with every call there is when it is put in place, so its length is each child's time.
    enum { HEAD_COUNT = sizeof head / sizeof *head, COUNT = HEAD_COUNT + 1 + ALLOWED_COUNT + 2 + 1 };
    static_assert(COUNT <= UINT8_MAX, "a jump reaches 255 instructions");
    struct sock_filter filter[COUNT];
    memcpy(filter, head, sizeof head);
    size_t old = add_calls(filter, HEAD_COUNT + 1, COUNT - 1, 0);
    filter[HEAD_COUNT] = (struct sock_filter)JUMP_IF(BPF_JGE, SPLIT, (uint8_t)(old - HEAD_COUNT - 1), 0);
    // Numbers of the x32 table are none of the allowed ones, so they are refused too.
    add_calls(filter, old, COUNT - 1, 1);
    filter[COUNT - 1] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = COUNT, .filter = filter};
    // Over every thread or none; the answer is the number of a thread that stood against it.
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (result > 0) errno = ESRCH;
    return result == 0 ? 0 : -1;
}

#else

int csystem_forbid_calls(void) {
    errno = ENOSYS;
    return -1;
}

#endif

int csystem_try_open(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno;
    close(file);
    return 0;
}

/// True when the kernel has looked at the path, whatever it found there.
static int has_looked(long result) { return result == 0 || (errno != EPERM && errno != ENOSYS); }

int csystem_try_look(int directory, const char *path) {
    struct stat facts;
    struct statx more;
    int has_reached = has_looked(fstatat(directory, path, &facts, 0)) ||
                      has_looked(fstatat(directory, path, &facts, AT_SYMLINK_NOFOLLOW)) ||
                      has_looked(statx(directory, path, 0, STATX_BASIC_STATS, &more)) ||
                      has_looked(faccessat(directory, path, F_OK, 0)) ||
                      has_looked(readlinkat(directory, path, (char[1]){0}, 1));
#ifdef SYS_stat
    has_reached = has_reached || has_looked(syscall(SYS_stat, path, &facts)) ||
                  has_looked(syscall(SYS_lstat, path, &facts)) || has_looked(syscall(SYS_access, path, F_OK));
#endif
    return has_reached ? 0 : EPERM;
}

int csystem_try_socket(void) {
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return errno;
    close(made);
    return 0;
}

int csystem_try_fork(void) {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(0);
    return 0;
}

static void *end_at_once(void *argument) { return argument; }

int csystem_try_thread(void) {
    pthread_t thread;
    int code = pthread_create(&thread, NULL, end_at_once, NULL);
    if (code == 0) pthread_join(thread, NULL);
    return code;
}

int csystem_try_execute_memory(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    munmap(page, 4096);
    return 0;
}
