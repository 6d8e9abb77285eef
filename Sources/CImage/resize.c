#include "CImage.h"

#include <string.h>

// The build is for the oldest processor of its kind; these few loops pay for a second copy for newer ones.
#if defined(__x86_64__)
#define FAST __attribute__((target_clones("avx2", "default")))
#else
#define FAST
#endif

enum { BLOCK = 32, SHIFT = 14, HALF = 1 << (SHIFT - 1) };

static inline uint8_t clamp(int32_t sum) {
    int32_t value = sum >> SHIFT;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

// The sums of a block stay in registers while all its rows go by.
FAST void cimage_mix_rows(const uint8_t *const *rows, const int16_t *weights, size_t taps, uint8_t *result, size_t count) {
    size_t place = 0;
    for (; place + BLOCK <= count; place += BLOCK) {
        int32_t sums[BLOCK];
        for (int index = 0; index < BLOCK; index++) sums[index] = HALF;
        for (size_t tap = 0; tap < taps; tap++) {
            const uint8_t *row = rows[tap] + place;
            int32_t weight = weights[tap];
            for (int index = 0; index < BLOCK; index++) sums[index] += weight * row[index];
        }
        for (int index = 0; index < BLOCK; index++) result[place + index] = clamp(sums[index]);
    }
    for (; place < count; place++) {
        int32_t sum = HALF;
        for (size_t tap = 0; tap < taps; tap++) sum += weights[tap] * rows[tap][place];
        result[place] = clamp(sum);
    }
}

FAST void cimage_mix_columns(const uint8_t *lanes, size_t columns, size_t channels, const uint32_t *starts,
                             const uint32_t *counts, const int16_t *weights, size_t taps, uint8_t *result, size_t width) {
    for (size_t x = 0; x < width; x++) {
        size_t start = starts[x], count = counts[x];
        if (count > taps || start > columns || count > columns - start) return;
        for (size_t channel = 0; channel < channels; channel++) {
            const uint8_t *from = lanes + (start * channels + channel) * CIMAGE_LANES;
            int32_t sums[CIMAGE_LANES];
            for (int lane = 0; lane < CIMAGE_LANES; lane++) sums[lane] = HALF;
            for (size_t tap = 0; tap < count; tap++) {
                int32_t weight = weights[x * taps + tap];
                for (int lane = 0; lane < CIMAGE_LANES; lane++) sums[lane] += weight * from[lane];
                from += channels * CIMAGE_LANES;
            }
            uint8_t *to = result + (x * channels + channel) * CIMAGE_LANES;
            for (int lane = 0; lane < CIMAGE_LANES; lane++) to[lane] = clamp(sums[lane]);
        }
    }
}

void cimage_interleave(const uint8_t *rows, size_t count, uint8_t *lanes) {
    for (size_t place = 0; place < count; place++) {
        for (size_t lane = 0; lane < CIMAGE_LANES; lane++) lanes[place * CIMAGE_LANES + lane] = rows[lane * count + place];
    }
}

void cimage_separate(const uint8_t *lanes, size_t count, uint8_t *rows) {
    for (size_t lane = 0; lane < CIMAGE_LANES; lane++) {
        for (size_t place = 0; place < count; place++) rows[lane * count + place] = lanes[place * CIMAGE_LANES + lane];
    }
}

FAST void cimage_add_row(uint32_t *sums, const uint8_t *row, size_t count) {
    for (size_t place = 0; place < count; place++) sums[place] += row[place];
}
