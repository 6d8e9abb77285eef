#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *csystem_program_name(void) { return (const char *)getauxval(AT_EXECFN); }

int csystem_open_program(const char *path) { return open(path, O_PATH | O_CLOEXEC); }

enum { CONTROL = 3, PROGRAM = 4 };

static int close_from(unsigned first) {
    if (syscall(SYS_close_range, first, ~0u, 0u) == 0) return 0;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    for (rlim_t number = first; number < limit.rlim_cur; number++) close((int)number);
    return 0;
}

/// Puts the two descriptors in their places, /dev/null on 0 and 1, and closes what else there is.
static int arrange_descriptors(int program, int control) {
    // Out of the way of their own places, which needs two more descriptors only when the process has hardly any.
    if (program <= PROGRAM && (program = fcntl(program, F_DUPFD, PROGRAM + 1)) < 0) return -1;
    if (control <= PROGRAM && (control = fcntl(control, F_DUPFD, PROGRAM + 1)) < 0) return -1;
    if (dup2(control, CONTROL) < 0 || dup3(program, PROGRAM, O_CLOEXEC) < 0 || close_from(PROGRAM + 1) != 0) return -1;
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, 0) < 0 || dup2(0, 1) < 0) return -1;
    return null > PROGRAM ? close(null) : 0;
}

/// Out of the reach of a terminal's signals and input; without a terminal in the server's own session, for the kernel
/// weighs sessions against each other first (sched(7), autogroup), and how far a process steps back counts within one only.
static int stand_apart(void) {
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    // Whoever has no descriptor left does not know.
    if (terminal < 0 && errno != EMFILE && errno != ENFILE) return setpgid(0, 0);
    if (terminal >= 0) close(terminal);
    return setsid() < 0 ? -1 : 0;
}

/// The new process from its vfork to its program: the memory is its parent's, so it makes system calls and nothing else.
static _Noreturn void run_own(int program, const char *word, int control, volatile int *code) {
    char *const arguments[] = {"wonder", (char *)word, NULL};
    // What each child would look up at its first call is looked up once, before the forks.
    char *const environment[] = {"LD_BIND_NOW=1", NULL};
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    if (stand_apart() == 0 && arrange_descriptors(program, control) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0) {
        syscall(SYS_execveat, PROGRAM, "", arguments, environment, AT_EMPTY_PATH);
        // A container may refuse that call; where it shows /proc, the same file can be had there.
        if (errno == ENOSYS || errno == EPERM) execve("/proc/self/fd/4", arguments, environment);
    }
    *code = errno;
    _exit(127);
}

int csystem_spawn_own(int program, const char *word, int control, pid_t *process) {
    volatile int code = 0;
    sigset_t all, before;
    sigfillset(&all);
    // A handler of the parent's must not run in the child.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) run_own(program, word, control, &code);
    int error = child < 0 ? errno : code;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) {
        *process = child;
    } else if (child > 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
    }
    return error;
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
