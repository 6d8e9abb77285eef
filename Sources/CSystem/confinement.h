#pragma once

#include <linux/audit.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>

// What the sandbox of a decoder and that of a program of others are both made of.

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/// For filters of system calls (seccomp(2)); <linux/filter.h> has the rest.
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define JUMP_IF(test, value, if_true, if_false) BPF_JUMP(BPF_JMP | test | BPF_K, value, if_true, if_false)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)

int confinement_limit(int resource, uint64_t soft, uint64_t hard);

/// A Landlock rule set that handles all that a kernel of this version knows, and allows nothing yet; -1 and errno.
int confinement_rules(int version);

enum { MOST_PROCESSES = 512 };

/// Adds the children of one thread of a process to those that were found, up to MOST_PROCESSES; gives how many there are.
size_t confinement_children(pid_t process, pid_t thread, pid_t *found, size_t count);
