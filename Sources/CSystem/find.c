#include "CSystem.h"

#include <string.h>

enum { LANE = 16, STEP = 64 };

typedef uint8_t lane __attribute__((vector_size(LANE)));
typedef uint64_t halves __attribute__((vector_size(LANE)));

static lane loaded(const uint8_t *bytes) {
    lane all;
    memcpy(&all, bytes, sizeof all);
    return all;
}

/// Not zero in the places where `first` and, at a distance, `last` are.
static lane matches(const uint8_t *bytes, size_t distance, lane first, lane last) {
    return (lane)((loaded(bytes) == first) & (loaded(bytes + distance) == last));
}

/// Looks for the first and the last byte of the needle at their distance, in 64 places at once, and compares the rest
/// only where both are: what a client can do to make them meet often costs it a byte for each comparison.
size_t csystem_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count) {
    const uint8_t *bytes = haystack;
    const uint8_t *wanted = needle;
    if (needle_count == 0 || needle_count > haystack_count) return needle_count == 0 ? 0 : SIZE_MAX;
    if (needle_count == 1) {
        const uint8_t *found = memchr(bytes, wanted[0], haystack_count);
        return found ? (size_t)(found - bytes) : SIZE_MAX;
    }
    size_t distance = needle_count - 1;
    size_t places = haystack_count - distance;
    size_t place = 0;
    lane first = (lane){0} + wanted[0];
    lane last = (lane){0} + wanted[distance];
    for (; place + STEP <= places; place += STEP) {
        lane found = {0};
        for (size_t part = 0; part < STEP; part += LANE) found |= matches(bytes + place + part, distance, first, last);
        halves any = (halves)found;
        if ((any[0] | any[1]) == 0) continue;
        for (size_t index = place; index < place + STEP; index++) {
            if (bytes[index] == wanted[0] && memcmp(bytes + index, wanted, needle_count) == 0) return index;
        }
    }
    for (; place < places; place++) {
        if (bytes[place] == wanted[0] && memcmp(bytes + place, wanted, needle_count) == 0) return place;
    }
    return SIZE_MAX;
}
