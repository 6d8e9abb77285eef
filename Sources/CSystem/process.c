#include "CSystem.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

void csystem_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

int csystem_memory_file(void) { return memfd_create("wonder", MFD_CLOEXEC); }

int csystem_fork(void) { return fork(); }

size_t csystem_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count) {
    const char *found = memmem(haystack, haystack_count, needle, needle_count);
    return found ? (size_t)(found - (const char *)haystack) : SIZE_MAX;
}
