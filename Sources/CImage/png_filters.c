#include "CImage.h"

#include <string.h>

// The build is for the oldest processor of its kind; these few loops pay for a second copy for newer ones.
#if defined(__x86_64__)
#define FAST __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FAST
#endif

#define INLINE static inline __attribute__((always_inline))

enum { WIDTH = 16, MOST_STEPS = 255 };

typedef uint8_t bytes16 __attribute__((vector_size(WIDTH)));
typedef uint16_t shorts8 __attribute__((vector_size(WIDTH)));

INLINE bytes16 load(const uint8_t *place) {
    bytes16 bytes;
    memcpy(&bytes, place, WIDTH);
    return bytes;
}

INLINE bytes16 distance(bytes16 first, bytes16 second) {
    return __builtin_elementwise_max(first, second) - __builtin_elementwise_min(first, second);
}

/// Rounded down, without a ninth bit.
INLINE bytes16 average(bytes16 first, bytes16 second) { return (first & second) + ((first ^ second) >> 1); }

/// Of the three the one that is nearest to left + above - corner. Where the corner lies outside the two others it is
/// farther than either; where it lies between them, its distance is the difference of theirs.
INLINE bytes16 paeth(bytes16 left, bytes16 above, bytes16 corner) {
    bytes16 to_left = distance(above, corner), to_above = distance(left, corner);
    bytes16 is_outside = (bytes16)((above >= corner) == (left >= corner));
    bytes16 to_corner = distance(to_left, to_above) | is_outside;
    bytes16 is_left = (bytes16)(to_left <= to_above) & (bytes16)(to_left <= to_corner);
    bytes16 is_above = (bytes16)(to_above <= to_corner);
    return (is_left & left) | (~is_left & ((is_above & above) | (~is_above & corner)));
}

INLINE uint8_t paeth_of(int left, int above, int corner) {
    int to_left = above - corner, to_above = left - corner, to_corner = to_left + to_above;
    to_left = to_left < 0 ? -to_left : to_left;
    to_above = to_above < 0 ? -to_above : to_above;
    to_corner = to_corner < 0 ? -to_corner : to_corner;
    return (uint8_t)(to_left <= to_above && to_left <= to_corner ? left : to_above <= to_corner ? above : corner);
}

/// Adds up how far bytes are from zero in either direction.
INLINE shorts8 add(shorts8 sums, bytes16 bytes) {
    shorts8 far = (shorts8)__builtin_elementwise_min(bytes, (bytes16){0} - bytes);
    return sums + (far & 255) + (far >> 8);
}

INLINE uint64_t total(shorts8 sums) {
    uint64_t sum = 0;
    for (int lane = 0; lane < WIDTH / 2; lane++) sum += sums[lane];
    return sum;
}

/// The filter whose differences are smallest altogether; the ends of the row that fill no vector do not count.
INLINE unsigned choose(const uint8_t *row, const uint8_t *above, size_t count, size_t size) {
    uint64_t totals[5] = {0};
    size_t place = size;
    while (place + WIDTH <= count) {
        shorts8 sums[5] = {0};
        for (int step = 0; step < MOST_STEPS && place + WIDTH <= count; step++, place += WIDTH) {
            bytes16 here = load(row + place), left = load(row + place - size);
            bytes16 up = load(above + place), corner = load(above + place - size);
            sums[1] = add(sums[1], here - left);
            sums[2] = add(sums[2], here - up);
            sums[3] = add(sums[3], here - average(left, up));
            sums[4] = add(sums[4], here - paeth(left, up, corner));
        }
        for (int filter = 1; filter < 5; filter++) totals[filter] += total(sums[filter]);
    }
    unsigned best = 4;
    for (unsigned filter = 3; filter >= 1; filter--) {
        if (totals[filter] <= totals[best]) best = filter;
    }
    return best;
}

#define EACH_BYTE(vector, scalar)                                                                                      \
    for (; place + WIDTH <= count; place += WIDTH) {                                                                   \
        bytes16 here = load(row + place), left = load(row + place - size);                                             \
        bytes16 up = load(above + place), corner = load(above + place - size);                                         \
        (void)left, (void)up, (void)corner;                                                                            \
        bytes16 value = here - (vector);                                                                               \
        memcpy(result + place, &value, WIDTH);                                                                         \
    }                                                                                                                  \
    for (; place < count; place++) {                                                                                   \
        uint8_t left = row[place - size], up = above[place], corner = above[place - size];                             \
        (void)left, (void)up, (void)corner;                                                                            \
        result[place] = (uint8_t)(row[place] - (scalar));                                                              \
    }

FAST bool cimage_png_filter(const uint8_t *row, const uint8_t *above, size_t count, size_t pixel_bytes, uint8_t *result) {
    size_t size = pixel_bytes;
    if (size < 1 || size > 4 || count < size) return false;
    unsigned filter = choose(row, above, count, size);
    *result++ = (uint8_t)filter;
    // Left of the first pixel there are zeros.
    for (size_t place = 0; place < size; place++) {
        uint8_t guess = filter == 1 ? 0 : filter == 3 ? above[place] >> 1 : above[place];
        result[place] = (uint8_t)(row[place] - guess);
    }
    size_t place = size;
    switch (filter) {
    case 1: EACH_BYTE(left, left) break;
    case 2: EACH_BYTE(up, up) break;
    case 3: EACH_BYTE(average(left, up), (left + up) >> 1) break;
    default: EACH_BYTE(paeth(left, up, corner), paeth_of(left, up, corner)) break;
    }
    return true;
}
