#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/types.h>

/// Accepts one connection, non-blocking and close-on-exec; -1 and errno when there is none.
int csystem_accept(int listener, struct sockaddr_storage *peer, socklen_t *length);

/// The first place of `needle` in `haystack`, or SIZE_MAX when it does not occur; made for needles below a hundred bytes.
size_t csystem_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);

/// True when this CPU has the SHA-256 instructions that `csystem_sha256_blocks` needs.
bool csystem_has_sha256_instructions(void);

/// Folds `count` 64-byte blocks into `state` with the CPU's SHA instructions.
void csystem_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);

/// Puts everything on disk that was written to the file system of an open file; -1 and errno on failure.
int csystem_sync_file_system(int descriptor);

/// Writes what is dirty of a part of a file, and waits for it; the file still has to be synced.
int csystem_write_back(int descriptor, int64_t place, int64_t bytes);

/// What a child may know of an open file.
typedef struct {
    int64_t bytes;
    int64_t changed_seconds;
} csystem_file;

/// Looks at an open file with a system call that takes no path, the only such one that a child has; -1 and errno.
int csystem_look_at_file(int descriptor, csystem_file *file);

/// Locks one byte of an open file for writing, for as long as its open file description lasts (F_OFD_SETLK), without waiting;
/// -1 and errno on failure, EAGAIN when somebody else has it.
int csystem_lock_byte(int descriptor, int64_t offset);

/// Renames a file or folder and replaces nothing: -1 and EEXIST where the new name is taken.
int csystem_rename_new(const char *from, const char *to);

/// 1 while somebody has an open file open for writing, 0 when nobody has, -1 where the system does not say: the file is another
/// user's, or on a file system without leases. The caller has to ignore SIGIO.
int csystem_is_being_written(int descriptor);

/// True on file systems that others write to without this machine's kernel: NFS, SMB, FUSE, 9P.
bool csystem_is_remote(int descriptor);

/// True when a name fits a pattern of the shell, in any case.
bool csystem_fits(const char *pattern, const char *name);

/// 1 when a time service keeps the clock, 0 when none does, -1 when the kernel may not be asked (adjtimex(2)).
int csystem_clock_is_kept(void);

/// Names the calling thread (at most 15 bytes are kept).
void csystem_name_thread(const char *name);

/// Lets the calling thread have the processor and the disk only where others leave them.
void csystem_yield_to_others(void);

/// A pipe of which no program that is started has an end; -1 and errno.
int csystem_pipe(int ends[2]);

/// The user on the other end of a connected unix socket; -1 and errno on failure.
int csystem_peer_user(int socket, uint32_t *user);

/// The process that listens on the other end of a connected unix socket; -1 and errno on failure.
pid_t csystem_peer_process(int socket);

/// As many descriptors as go in one message, below the kernel's own limit of 253.
enum { CSYSTEM_MOST_DESCRIPTORS = 202 };

/// Sends one message with up to CSYSTEM_MOST_DESCRIPTORS descriptors over a unix socket; returns the bytes sent or -1.
ssize_t csystem_send_descriptors(int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);

/// Receives one message with up to `most` descriptors (close-on-exec), which are the caller's; returns the bytes
/// received or -1. A message with more fails with EMSGSIZE, and none of its descriptors stays open.
ssize_t csystem_receive_descriptors(int socket, void *bytes, size_t capacity, int *descriptors, size_t most,
                                    size_t *descriptor_count);

/// Asks the scheduler for turns of so many nanoseconds for a thread, or with 0 the calling one, and what it makes from now on
/// (sched_attr's runtime, Linux 6.12). Short turns come sooner, and whoever wakes with shorter ones interrupts one of longer
/// ones at once. Kernels that know no such thing do as they always did.
void csystem_ask_for_turns(pid_t thread, uint64_t nanoseconds);

/// The turns that a thread, or with 0 the calling one, has asked for, in nanoseconds; 0 where the kernel tells none.
uint64_t csystem_turns(pid_t thread);

/// The turns of what computes for long and steps back.
enum { CSYSTEM_LONG_TURN = 10000000 };

/// Has a thread, or with 0 the calling one, step back so far (nice(2)) and take long turns, so that whoever wakes interrupts it.
void csystem_step_back(pid_t thread, int nice);

/// A file in memory without a name; -1 and errno when there is none to be had.
int csystem_memory_file(void);

/// Gives memory that has been freed back to the kernel.
void csystem_trim_memory(void);

/// Lets this process and its children keep twice as many freed bytes, instead of giving them back to the kernel after
/// each job and asking for them again.
void csystem_keep_memory(size_t bytes);

/// Has all threads take their memory from so many arenas at most (mallopt(3), M_ARENA_MAX); with one, those that are still
/// to come take it from where the first one does.
void csystem_limit_arenas(int count);

/// Forks; only for a process that has a single thread.
int csystem_fork(void);

/// A descriptor of a process, which can be read from once it has ended (pidfd_open(2)); -1 and errno.
int csystem_open_process(pid_t process);

/// The words of the command line, the program's name first and a null pointer last.
char *const *csystem_words(void);

/// The name that this program was started by, as the kernel has it; null when it has none.
const char *csystem_program_name(void);

/// Holds on to a program file, to run it whatever has its name later; -1 and errno when it is not there.
int csystem_open_program(const char *path);

/// Runs `wonder` with a word, such as `worker`, from an open program with /dev/null, standard error and the control socket
/// (as 3) and no other descriptor, and no environment, in a process group of its own, and in a session of its own where this
/// process has a terminal; returns 0 or an error number.
int csystem_spawn_own(int program, const char *word, int control, pid_t *process);

/// Blocks SIGCHLD and returns a descriptor that becomes readable when a child has ended; -1 and errno on failure.
int csystem_child_signals(void);

/// Takes what is waiting on the descriptor of `csystem_child_signals`.
void csystem_drain_signals(int descriptor);

/// How a child ended and what it used.
typedef struct {
    int signal;
    int code;
    int64_t peak_kibibytes;
    int64_t cpu_microseconds;
} csystem_exit;

/// Reaps one ended child without waiting: its process id, 0 when none has ended, -1 when there is none.
pid_t csystem_reap(csystem_exit *result);

/// Microseconds of processor time that a process has used; -1 when there is no such process.
int64_t csystem_processor_time(pid_t process);

/// Leaves a fresh child with /dev/null as 0 to 2 and `socket` as 3, no other descriptor, and signals as a worker wants them.
int csystem_begin_child(int socket);

/// Each of these takes something away from the calling process for good; -1 and errno when the kernel refuses.
int csystem_limit_resources(uint64_t memory_bytes, uint64_t file_bytes, uint64_t cpu_seconds);
int csystem_limit_file_size(uint64_t bytes);
int csystem_drop_user(uint32_t user);
int csystem_die_with_parent(pid_t parent);
int csystem_forbid_dumps(void);
int csystem_forbid_new_privileges(void);

/// The Landlock version of this kernel, or -1.
int csystem_landlock_version(void);
/// Denies all access to files by path, as far as Landlock of `version` goes.
int csystem_forbid_files(int version);
/// Denies every system call that a decoder does not need, to all threads of the process (x86_64 and aarch64).
int csystem_forbid_calls(void);

/// What keeps a program of others from harm; a kernel or container may refuse some of it.
enum {
    CSYSTEM_TOOL_LIMITS = 1,
    CSYSTEM_TOOL_USER_SPACE = 2,
    CSYSTEM_TOOL_NO_NETWORK = 4,
    CSYSTEM_TOOL_PROCESS_SPACE = 8,
    CSYSTEM_TOOL_PATHS = 16,
    CSYSTEM_TOOL_CALLS = 32,
};

/// What a program needs beside its folder and the system's programs and libraries.
enum {
    CSYSTEM_NEEDS_FOLDERS = 1, ///< to make and remove folders within its own
    CSYSTEM_NEEDS_FONTS = 2, ///< to read what fontconfig reads
    CSYSTEM_NEEDS_RANDOM = 4, ///< /dev/urandom
    CSYSTEM_NEEDS_LOCAL_SOCKETS = 8, ///< sockets between its own processes, which have names in its folder and in /tmp
    CSYSTEM_NEEDS_OWN_SANDBOX = 16, ///< to confine processes of its own further, and the loopback of a network of its own
};

/// What becomes of a program, as its processes tell it over a pipe.
enum {
    CSYSTEM_TOOL_STARTS = 1, ///< value: what holds
    CSYSTEM_TOOL_TOO_WEAK, ///< value: what holds
    CSYSTEM_TOOL_NOT_STARTED, ///< value: error number
    CSYSTEM_TOOL_ENDED, ///< value: exit code
    CSYSTEM_TOOL_KILLED, ///< value: signal
};

typedef struct {
    int32_t kind;
    int32_t value;
} csystem_tool_news;

/// A call of a program of others; lists end with a null pointer.
typedef struct {
    const char *path;
    char *const *arguments;
    char *const *environment;
    /// Paths beside the system's own that may be read.
    const char *const *readable;
    /// The working directory, the only place that may be written.
    int folder;
    /// Becomes standard output and standard error.
    int output;
    /// A file in the folder that becomes standard input; null for none.
    const char *fed;
    /// A new file in the folder that becomes standard output instead; null for none.
    const char *printed;
    /// What it reads orders from and answers to, as 3 and 4; -1 for none.
    int orders;
    int answers;
    /// Ports of its own network that it may connect to.
    const uint16_t *doors;
    size_t door_count;
    /// The end of a pipe to tell news over.
    int news;
    /// 0 for as much as there is.
    uint64_t memory_bytes;
    uint64_t file_bytes;
    uint64_t cpu_seconds;
    uint64_t processes;
    int needs;
    /// What it is not run without, and what is left out to see that the rest holds.
    int required;
    int masked;
} csystem_tool;

/// Moves this process and its children out of sight of users, network and processes of the machine; gives what holds.
int csystem_enter_spaces(int wanted);
/// Makes this process the parent of whatever its children leave behind.
int csystem_adopt_orphans(void);
/// Starts the program in a new process; only for a process that has a single thread. -1 and errno on failure.
pid_t csystem_fork_tool(const csystem_tool *tool, int held);
/// A socket that listens on a port of the loopback in a network of this process' own, which it raises; -1 and errno.
int csystem_listen_inside(uint16_t port);
/// Kills the largest of all that descends from a child of this process when they have more than so many bytes of memory
/// together, shared pages counted once; gives the process that was killed, or 0.
pid_t csystem_trim_tool(pid_t child, uint64_t most_bytes);
/// Bytes of memory of a process and all that descends from it, each with its part of what is shared, as far as the kernel
/// tells.
uint64_t csystem_tree_bytes(pid_t root);
/// What a status of waitpid(2) means.
csystem_tool_news csystem_tool_end(int status);
/// Stops the child and what it has started, or lets them go on: all of them where they have a space of their own, else
/// those that have stayed in its group; -1 and errno.
int csystem_stop_tool(pid_t child, int held, bool stops);
/// Kills and reaps the child and all that descends from it; -1 and errno when something is left after so many rounds.
int csystem_end_tool(pid_t child, int rounds);

/// What a sandboxed process should not be able to do: 0 when it could, else the error number.
int csystem_try_open(const char *path);
/// Asks for facts about a path as every call there is for it does, from an open directory or AT_FDCWD.
int csystem_try_look(int directory, const char *path);
int csystem_try_socket(void);
int csystem_try_fork(void);
int csystem_try_thread(void);
int csystem_try_execute_memory(void);

/// Hashes a password as `setting` says, which may be an earlier hash; -1 and errno when it is none.
int csystem_hash_password(const char *password, const char *setting, char *out, size_t out_size);
/// A new setting for yescrypt with 16 to 64 random bytes; -1 and errno when one of them does not fit.
int csystem_password_setting(unsigned long cost, const void *random, size_t random_size, char *out, size_t out_size);

#endif
