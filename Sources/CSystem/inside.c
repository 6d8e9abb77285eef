#include "CSystem.h"
#include "confinement.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// What the keeper of a program does inside the spaces that it shares with it.

int csystem_listen_inside(uint16_t port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    struct ifreq loopback = {.ifr_name = "lo"};
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int result = ioctl(listener, SIOCGIFFLAGS, &loopback);
    if (result == 0 && !(loopback.ifr_flags & IFF_UP)) {
        loopback.ifr_flags |= IFF_UP;
        result = ioctl(listener, SIOCSIFFLAGS, &loopback);
    }
    if (result == 0) result = bind(listener, (struct sockaddr *)&place, sizeof place);
    if (result == 0) result = listen(listener, SOMAXCONN);
    if (result == 0) return listener;
    int code = errno;
    close(listener);
    errno = code;
    return -1;
}

static ssize_t read_text(const char *path, char *text, size_t capacity) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t count = read(file, text, capacity - 1);
    close(file);
    if (count >= 0) text[count] = 0;
    return count;
}

size_t confinement_children(pid_t process, pid_t thread, pid_t *found, size_t count) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)process, (int)thread);
    ssize_t bytes = read_text(path, text, sizeof text);
    if (bytes <= 0) return count;
    // The last number may be cut when the list is long.
    char *end = bytes == sizeof text - 1 ? strrchr(text, ' ') : NULL;
    if (end) *end = 0;
    for (char *rest = NULL, *word = strtok_r(text, " \n", &rest); word && count < MOST_PROCESSES;
         word = strtok_r(NULL, " \n", &rest)) {
        int number = atoi(word);
        if (number > 1) found[count++] = number;
    }
    return count;
}

static size_t add_children(pid_t process, pid_t *found, size_t count) {
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    if (!threads) return count;
    for (struct dirent *entry; (entry = readdir(threads));) {
        int thread = atoi(entry->d_name);
        if (thread > 0) count = confinement_children(process, thread, found, count);
    }
    closedir(threads);
    return count;
}

/// Bytes of memory that a process has, with the pages that it shares with others.
static uint64_t resident_bytes(pid_t process) {
    char path[64], text[256];
    unsigned long size = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    if (read_text(path, text, sizeof text) <= 0 || sscanf(text, "%lu %lu", &size, &resident) != 2) return 0;
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// The same with its part of what is shared; where the kernel does not tell, with all of it.
static uint64_t proportional_bytes(pid_t process) {
    char path[64], text[2048];
    unsigned long kibibytes = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)process);
    if (read_text(path, text, sizeof text) <= 0) return resident_bytes(process);
    char *line = strstr(text, "\nPss:");
    return line && sscanf(line, "\nPss: %lu", &kibibytes) == 1 ? (uint64_t)kibibytes << 10 : resident_bytes(process);
}

/// The process and all that descends from it.
static size_t find_tree(pid_t root, pid_t *found) {
    size_t count = 1;
    found[0] = root;
    for (size_t index = 0; index < count; index++) count = add_children(found[index], found, count);
    return count;
}

static uint64_t sum_of(const pid_t *found, size_t count, uint64_t (*bytes)(pid_t), pid_t *largest) {
    uint64_t sum = 0, most = 0;
    for (size_t index = 0; index < count; index++) {
        uint64_t own = bytes(found[index]);
        sum += own;
        if (own > most) {
            most = own;
            *largest = found[index];
        }
    }
    return sum;
}

uint64_t csystem_tree_bytes(pid_t root) {
    pid_t found[MOST_PROCESSES], largest;
    return sum_of(found, find_tree(root, found), proportional_bytes, &largest);
}

pid_t csystem_trim_tool(pid_t child, uint64_t most_bytes) {
    pid_t found[MOST_PROCESSES], largest = 0;
    size_t count = find_tree(child, found);
    // With all that is shared counted again it is never less, and is known in a hundredth of the time.
    if (sum_of(found, count, resident_bytes, &largest) <= most_bytes) return 0;
    if (sum_of(found, count, proportional_bytes, &largest) <= most_bytes) return 0;
    return largest > 0 && kill(largest, SIGKILL) == 0 ? largest : 0;
}
