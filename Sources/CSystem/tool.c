#include "CSystem.h"
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    close(file);
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

static int map_identity(const char *path, unsigned identity) {
    char line[32];
    snprintf(line, sizeof line, "%u %u 1\n", identity, identity);
    return write_text(path, line);
}

int csystem_enter_spaces(int wanted) {
    unsigned user = getuid(), group = getgid();
    int held = 0;
    // After a change of user the files in /proc belong to root until this is said.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if ((wanted & CSYSTEM_TOOL_USER_SPACE) && unshare(CLONE_NEWUSER) == 0) {
        write_text("/proc/self/setgroups", "deny");
        if (map_identity("/proc/self/uid_map", user) == 0 && map_identity("/proc/self/gid_map", group) == 0) {
            held |= CSYSTEM_TOOL_USER_SPACE;
        }
        if ((wanted & CSYSTEM_TOOL_NO_NETWORK) && unshare(CLONE_NEWNET) == 0) held |= CSYSTEM_TOOL_NO_NETWORK;
        if ((wanted & CSYSTEM_TOOL_PROCESS_SPACE) && unshare(CLONE_NEWPID) == 0) held |= CSYSTEM_TOOL_PROCESS_SPACE;
    }
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return held;
}

int csystem_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

static int limit_tool(const csystem_tool *tool) {
    enum { OPEN_FILES = 256 };
    return confinement_limit(RLIMIT_CORE, 0, 0) | confinement_limit(RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES) |
           confinement_limit(RLIMIT_FSIZE, tool->file_bytes, tool->file_bytes) |
           (tool->memory_bytes > 0 ? confinement_limit(RLIMIT_AS, tool->memory_bytes, tool->memory_bytes) : 0) |
           confinement_limit(RLIMIT_CPU, tool->cpu_seconds, tool->cpu_seconds + 5) |
           confinement_limit(RLIMIT_NPROC, tool->processes, tool->processes);
}

struct __attribute__((packed)) beneath {
    uint64_t rights;
    int32_t parent;
};

enum {
    EXECUTE = 1 << 0, WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIRECTORY = 1 << 3, REMOVE_DIRECTORY = 1 << 4,
    REMOVE_FILE = 1 << 5, MAKE_DIRECTORY = 1 << 7, MAKE_FILE = 1 << 8, MAKE_SOCKET = 1 << 9, MAKE_LINK = 1 << 12, REFER = 1 << 13,
    TRUNCATE = 1 << 14,
};

static int allow(int set, int place, uint64_t rights) {
    struct beneath rule = {.rights = rights, .parent = place};
    return (int)syscall(SYS_landlock_add_rule, set, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &rule, 0);
}

struct __attribute__((packed)) port {
    uint64_t rights;
    uint64_t number;
};

/// Older kernels know no rules for ports, and let it connect to any that its network has.
static int allow_doors(int set, const csystem_tool *tool, int version) {
    int result = 0;
    for (size_t index = 0; version >= 4 && index < tool->door_count; index++) {
        struct port rule = {.rights = 1 << 1 /* LANDLOCK_ACCESS_NET_CONNECT_TCP */, .number = tool->doors[index]};
        result |= (int)syscall(SYS_landlock_add_rule, set, 2 /* LANDLOCK_RULE_NET_PORT */, &rule, 0);
    }
    return result;
}

/// A place that this machine does not have needs no right.
static int allow_path(int set, const char *path, uint64_t rights) {
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) return errno == ENOENT ? 0 : -1;
    int result = allow(set, place, rights);
    // What has no entries takes only the rights of a file.
    if (result != 0 && errno == EINVAL) result = allow(set, place, rights & (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE));
    close(place);
    return result;
}

/// Leaves the tool its folder to read and write ordinary files in, and the system's programs and libraries to read.
static int confine_paths(const csystem_tool *tool, int version) {
    int set = confinement_rules(version);
    if (set < 0) return -1;
    static const char *const usual[] = {"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", NULL};
    int result = 0;
    for (size_t index = 0; usual[index]; index++) {
        result |= allow_path(set, usual[index], EXECUTE | READ_FILE | READ_DIRECTORY);
    }
    for (size_t index = 0; tool->readable[index]; index++) {
        result |= allow_path(set, tool->readable[index], READ_FILE | READ_DIRECTORY);
    }
    result |= allow_path(set, "/dev/null", READ_FILE | WRITE_FILE);
    if (tool->needs & CSYSTEM_NEEDS_RANDOM) result |= allow_path(set, "/dev/urandom", READ_FILE | WRITE_FILE);
    // The maps of users of its own processes are written there; all else in there that may be written is the process' own.
    if (tool->needs & CSYSTEM_NEEDS_OWN_SANDBOX) result |= allow_path(set, "/proc", READ_FILE | READ_DIRECTORY | WRITE_FILE);
    if (tool->needs & CSYSTEM_NEEDS_FONTS) {
        result |= allow_path(set, "/etc/fonts", READ_FILE | READ_DIRECTORY);
        result |= allow_path(set, "/var/cache/fontconfig", READ_FILE | READ_DIRECTORY);
    }
    // A server of a program's own in /tmp can be made and taken away there, and no file.
    if (tool->needs & CSYSTEM_NEEDS_LOCAL_SOCKETS) result |= allow_path(set, "/tmp", MAKE_SOCKET | REMOVE_FILE);
    uint64_t own = READ_FILE | WRITE_FILE | READ_DIRECTORY | REMOVE_FILE | MAKE_FILE | (version >= 3 ? TRUNCATE : 0);
    if (tool->needs & CSYSTEM_NEEDS_FOLDERS) own |= MAKE_DIRECTORY | REMOVE_DIRECTORY | (version >= 2 ? REFER : 0);
    if (tool->needs & CSYSTEM_NEEDS_LOCAL_SOCKETS) own |= MAKE_SOCKET;
    if (tool->needs & CSYSTEM_NEEDS_OWN_SANDBOX) own |= MAKE_SOCKET | MAKE_LINK;
    result |= allow(set, tool->folder, own);
    result |= allow_doors(set, tool, version);
    if (result == 0) result = (int)syscall(SYS_landlock_restrict_self, set, 0);
    close(set);
    return result;
}

#ifdef ARCHITECTURE

/// What no program that makes files of files has to call: the way to other processes, the network, mounts, the kernel.
static const uint32_t denied_calls[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_mount,
    SYS_umount2, SYS_pivot_root, SYS_setns, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
    SYS_keyctl, SYS_add_key, SYS_request_key, SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module,
    SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_quotactl, SYS_acct,
    SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname,
    SYS_personality, SYS_syslog, SYS_fanotify_init, SYS_mknodat, SYS_fsopen, SYS_fsmount, SYS_move_mount,
    SYS_open_tree, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_pidfd_getfd,
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_mknod,
#endif
};

/// What a program confines its own processes further with.
static const uint32_t space_calls[] = {SYS_chroot, SYS_unshare};

/// What leads to other machines, and to servers of this one.
static const uint32_t socket_calls[] = {SYS_socket, SYS_connect, SYS_bind, SYS_listen};

/// Where nothing else keeps a program from signalling the server.
static const uint32_t signal_calls[] = {
    SYS_kill, SYS_tkill, SYS_tgkill, SYS_pidfd_send_signal, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
};


static size_t deny(struct sock_filter *filter, const uint32_t *calls, size_t count) {
    for (size_t index = 0; index < count; index++) {
        filter[2 * index] = (struct sock_filter)JUMP_IF(BPF_JEQ, calls[index], 0, 1);
        filter[2 * index + 1] = (struct sock_filter)ANSWER(SECCOMP_RET_ERRNO | EPERM);
    }
    return 2 * count;
}

/// Sockets between processes of one machine alone; where there is nothing else to reach, those of its network as well.
static size_t allow_families(struct sock_filter *filter, bool has_network) {
    static const uint32_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    enum { ALL = sizeof families / sizeof *families };
    const uint8_t allowed = has_network ? ALL : 1;
    size_t count = 0;
    filter[count++] = (struct sock_filter)JUMP_IF(BPF_JEQ, SYS_socket, 0, (uint8_t)(allowed + 3));
    filter[count++] = (struct sock_filter)LOAD(offsetof(struct seccomp_data, args[0]));
    for (uint8_t index = 0; index < allowed; index++) {
        filter[count++] = (struct sock_filter)JUMP_IF(BPF_JEQ, families[index], (uint8_t)(allowed - index), 0);
    }
    filter[count++] = (struct sock_filter)ANSWER(SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    filter[count++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    return count;
}

static int forbid_calls(const csystem_tool *tool, bool may_signal, bool is_offline) {
    enum {
        DENIED = sizeof denied_calls / sizeof *denied_calls,
        SPACES = sizeof space_calls / sizeof *space_calls,
        SIGNALS = sizeof signal_calls / sizeof *signal_calls,
        SOCKETS = sizeof socket_calls / sizeof *socket_calls,
    };
    bool has_own = tool->needs & CSYSTEM_NEEDS_OWN_SANDBOX;
    struct sock_filter filter[24 + 2 * (DENIED + SPACES + SIGNALS + SOCKETS)];
    size_t count = 0;
    const uint32_t spaces =
        has_own ? 0 : CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;
    const struct sock_filter head[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        JUMP_IF(BPF_JEQ, ARCHITECTURE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(offsetof(struct seccomp_data, nr)),
        // The x32 table.
        JUMP_IF(BPF_JGE, 0x40000000, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        // The C library then takes clone, whose flags can be seen.
        JUMP_IF(BPF_JEQ, SYS_clone3, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        JUMP_IF(BPF_JEQ, SYS_clone, 0, 4),
        LOAD(offsetof(struct seccomp_data, args[0])),
        JUMP_IF(BPF_JSET, spaces, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    memcpy(filter, head, sizeof head);
    count = sizeof head / sizeof *head;
    count += deny(filter + count, denied_calls, DENIED);
    if (!has_own) count += deny(filter + count, space_calls, SPACES);
    if (!may_signal) count += deny(filter + count, signal_calls, SIGNALS);
    if (has_own || tool->needs & CSYSTEM_NEEDS_LOCAL_SOCKETS) {
        // Sockets between processes of one machine alone, and of the internet where that has nothing in it.
        count += allow_families(filter + count, has_own && is_offline);
    } else {
        count += deny(filter + count, socket_calls, SOCKETS);
    }
    filter[count++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = (unsigned short)count, .filter = filter};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

#else

static int forbid_calls(const csystem_tool *tool, bool may_signal, bool is_offline) {
    (void)tool;
    (void)may_signal;
    (void)is_offline;
    errno = ENOSYS;
    return -1;
}

#endif

static void tell(int pipe, csystem_tool_news news) {
    while (write(pipe, &news, sizeof news) < 0 && errno == EINTR) continue;
}

/// Makes two descriptors 3 and 4 of the program, whatever stood there.
static int give_pipes(int orders, int answers) {
    enum { ABOVE = 16 };
    int first = fcntl(orders, F_DUPFD_CLOEXEC, ABOVE), second = fcntl(answers, F_DUPFD_CLOEXEC, ABOVE);
    return first < 0 || second < 0 || dup2(first, 3) < 0 || dup2(second, 4) < 0 ? -1 : 0;
}

/// The process that becomes the program.
static _Noreturn void become(const csystem_tool *tool, int held) {
    setpgid(0, 0);
    // What the server itself does for others goes before it.
    enum { STEPS_BACK = 10 };
    csystem_step_back(0, getpriority(PRIO_PROCESS, 0) + STEPS_BACK);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    // 0 is /dev/null already.
    if (dup2(tool->output, 1) < 0 || dup2(tool->output, 2) < 0 || fchdir(tool->folder) != 0) goto failed;
    if (tool->fed) {
        int file = openat(tool->folder, tool->fed, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (file < 0 || dup2(file, 0) < 0) goto failed;
    }
    if (tool->printed) {
        int file = openat(tool->folder, tool->printed, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (file < 0 || dup2(file, 1) < 0) goto failed;
    }
    int version = csystem_landlock_version();
    if (!(tool->masked & CSYSTEM_TOOL_PATHS) && confine_paths(tool, version) == 0) held |= CSYSTEM_TOOL_PATHS;
    if (limit_tool(tool) == 0) held |= CSYSTEM_TOOL_LIMITS;
    bool is_apart = (held & CSYSTEM_TOOL_PROCESS_SPACE) || ((held & CSYSTEM_TOOL_PATHS) && version >= 6);
    bool is_offline = held & CSYSTEM_TOOL_NO_NETWORK;
    if (!(tool->masked & CSYSTEM_TOOL_CALLS) && forbid_calls(tool, is_apart, is_offline) == 0) held |= CSYSTEM_TOOL_CALLS;
    if ((held & tool->required) != tool->required) {
        tell(tool->news, (csystem_tool_news){.kind = CSYSTEM_TOOL_TOO_WEAK, .value = held});
        _exit(1);
    }
    tell(tool->news, (csystem_tool_news){.kind = CSYSTEM_TOOL_STARTS, .value = held});
    fcntl(tool->news, F_SETFD, FD_CLOEXEC);
    syscall(SYS_close_range, 3, ~0u, 1u << 2 /* CLOSE_RANGE_CLOEXEC */);
    if (tool->orders >= 0 && give_pipes(tool->orders, tool->answers) != 0) goto failed;
    execve(tool->path, tool->arguments, tool->environment);
failed:
    tell(tool->news, (csystem_tool_news){.kind = CSYSTEM_TOOL_NOT_STARTED, .value = errno});
    _exit(127);
}

static csystem_tool_news end_of(int status) {
    return (csystem_tool_news){
        .kind = WIFSIGNALED(status) ? CSYSTEM_TOOL_KILLED : CSYSTEM_TOOL_ENDED,
        .value = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
    };
}

/// Asks the first process of a space to stop the others, or to let them go on. Those of one number come one after the other, in
/// the order in which they were sent, which two numbers would not.
#define STOP_SIGNAL SIGRTMIN

/// To all that its own space holds but the first process itself.
static void stop_all(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    kill(-1, info->si_value.sival_int ? SIGSTOP : SIGCONT);
}

/// The first process of a space of its own: with its end the kernel ends all that is left in there.
static _Noreturn void lead(const csystem_tool *tool, int held) {
    struct sigaction stops = {.sa_sigaction = stop_all, .sa_flags = SA_SIGINFO};
    sigaction(STOP_SIGNAL, &stops, NULL);
    pid_t child = fork();
    if (child == 0) become(tool, held);
    if (child < 0) {
        tell(tool->news, (csystem_tool_news){.kind = CSYSTEM_TOOL_NOT_STARTED, .value = errno});
        _exit(1);
    }
    for (;;) {
        int status;
        pid_t ended = wait(&status);
        if (ended < 0 && errno != EINTR) _exit(1);
        if (ended != child) continue;
        tell(tool->news, end_of(status));
        _exit(0);
    }
}

pid_t csystem_fork_tool(const csystem_tool *tool, int held) {
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0) return child;
    // In a space of its own it cannot see its parent.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) _exit(1);
    if (held & CSYSTEM_TOOL_PROCESS_SPACE) lead(tool, held);
    if (getppid() != parent) _exit(1);
    become(tool, held);
}

csystem_tool_news csystem_tool_end(int status) { return end_of(status); }

int csystem_stop_tool(pid_t child, int held, bool stops) {
    if (held & CSYSTEM_TOOL_PROCESS_SPACE) return sigqueue(child, STOP_SIGNAL, (union sigval){.sival_int = stops});
    return kill(-child, stops ? SIGSTOP : SIGCONT);
}

/// Kills every child there is by the kernel's list of them, or the process group where that cannot be read; of a long list
/// the next round has the rest.
static void kill_children(pid_t group) {
    pid_t found[MOST_PROCESSES];
    size_t count = confinement_children(getpid(), getpid(), found, 0);
    if (group > 0) kill(-group, SIGKILL);
    for (size_t index = 0; index < count; index++) kill(found[index], SIGKILL);
}

int csystem_end_tool(pid_t child, int rounds) {
    for (int round = 0; round < rounds; round++) {
        if (child > 0) kill(child, SIGKILL);
        kill_children(child);
        for (;;) {
            pid_t ended = waitpid(-1, NULL, WNOHANG);
            if (ended < 0 && errno == ECHILD) return 0;
            if (ended < 0 && errno != EINTR) return -1;
            if (ended == 0) break;
        }
        struct timespec pause = {.tv_nsec = 1000000};
        nanosleep(&pause, NULL);
    }
    errno = ETIMEDOUT;
    return -1;
}
