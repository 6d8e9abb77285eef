#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int csystem_spawn_worker(const char *path, int control, pid_t *process) {
    char *const arguments[] = {"wonder", "worker", NULL};
    // What each child would look up at its first call is looked up once, before the forks.
    char *const environment[] = {"LD_BIND_NOW=1", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    // The control socket first: its number may be any above 2, and opening others must not hit it.
    if ((code = posix_spawn_file_actions_adddup2(&actions, control, 3)) == 0 &&
        (code = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)) == 0 &&
        (code = posix_spawn_file_actions_adddup2(&actions, 0, 1)) == 0 &&
        (code = posix_spawn_file_actions_addclosefrom_np(&actions, 4)) == 0 &&
        (code = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
        (code = posix_spawnattr_setsigdefault(&attributes, &all)) == 0 &&
        (code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0) {
        code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int csystem_child_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void csystem_drain_signals(int descriptor) {
    struct signalfd_siginfo info;
    while (read(descriptor, &info, sizeof info) > 0) continue;
}

pid_t csystem_reap(csystem_exit *result) {
    struct rusage usage;
    int status = 0;
    pid_t process;
    do {
        process = wait4(-1, &status, WNOHANG, &usage);
    } while (process < 0 && errno == EINTR);
    if (process <= 0) return process;
    *result = (csystem_exit){
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        .peak_kibibytes = usage.ru_maxrss,
        .cpu_microseconds = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec +
                            usage.ru_stime.tv_usec,
    };
    return process;
}

int64_t csystem_processor_time(pid_t process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

int csystem_begin_child(int socket) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // A write past the file size limit shall fail with EFBIG, and one to a server that is gone with EPIPE.
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    // 0 is /dev/null; on 1 and 2 it keeps a descriptor that arrives later from being taken for standard error.
    if (dup2(0, 1) < 0 || dup2(0, 2) < 0 || dup2(socket, 3) < 0) return -1;
    if (fcntl(3, F_SETFD, FD_CLOEXEC) < 0) return -1;
    closefrom(4);
    return 0;
}
