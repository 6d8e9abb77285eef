#include "CImage.h"

#include <string.h>

#if defined(__x86_64__)
#define FAST __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FAST
#endif

enum {
    /// A shorter run costs about as much as its bytes. Those of six are always found, shorter ones by luck.
    LEAST = 4,
    LONGEST = 258,
    END = 256,
    LENGTHS = 257,
};

static uint64_t word_at(const uint8_t *place) {
    uint64_t word;
    memcpy(&word, place, sizeof word);
    return word;
}

/// How many bytes from `place` on, before `end`, are like the one before it.
static size_t run_at(const uint8_t *place, const uint8_t *end) {
    const uint8_t *from = place;
    uint8_t value = place[-1];
    while (end - place >= 8 && word_at(place) == value * 0x0101010101010101u) place += 8;
    while (place < end && *place == value) place++;
    return (size_t)(place - from);
}

FAST size_t cimage_runs_find(const uint8_t *bytes, size_t count, cimage_run *runs, size_t capacity) {
    size_t found = 0, least_start = 1;
    for (size_t place = 1; place + 8 <= count && found < capacity;) {
        uint64_t change = word_at(bytes + place) ^ word_at(bytes + place - 1);
        // Of any three places side by side one is the first of four equal bytes within a run of six.
        bool is_here = (change & 0xFFFFFFFF) == 0;
        if (!is_here && (change & 0xFFFFFFFF000000) != 0) {
            place += 6;
            continue;
        }
        size_t start = is_here ? place : place + 3;
        while (start > least_start && bytes[start - 1] == bytes[start - 2]) start--;
        size_t length = run_at(bytes + start, bytes + count);
        place = start + length + 1;
        while (length >= LEAST && found < capacity) {
            size_t part = length > LONGEST ? LONGEST : length;
            runs[found++] = (cimage_run){.start = (uint32_t)start, .length = (uint32_t)part};
            start += part;
            length -= part;
        }
        least_start = place;
    }
    return found;
}

/// The symbol of a length, how many bits follow it, and these (RFC 1951 section 3.2.5).
static inline unsigned length_symbol(unsigned length, unsigned *bits, unsigned *extra) {
    if (length == LONGEST) {
        *bits = *extra = 0;
        return 285;
    }
    unsigned value = length - 3;
    if (value < 8) {
        *bits = *extra = 0;
        return LENGTHS + value;
    }
    *bits = 29 - (unsigned)__builtin_clz(value);
    *extra = value & ((1u << *bits) - 1);
    return LENGTHS + 4 * *bits + (value >> *bits);
}

static bool is_run(cimage_run run, size_t place, size_t count) {
    return run.start >= place && run.start >= 1 && run.length >= 3 && run.length <= LONGEST && run.start <= count &&
           run.length <= count - run.start;
}

bool cimage_runs_count(const uint8_t *bytes, size_t count, const cimage_run *runs, size_t run_count,
                       uint32_t counts[CIMAGE_SYMBOLS]) {
    uint32_t tables[4][256] = {0};
    memset(counts, 0, CIMAGE_SYMBOLS * sizeof *counts);
    size_t place = 0;
    for (size_t index = 0; index <= run_count; index++) {
        if (index < run_count && !is_run(runs[index], place, count)) return false;
        size_t end = index < run_count ? runs[index].start : count;
        // Four tables, for the same byte again would wait for its last count.
        for (; place + 8 <= end; place += 8) {
            uint64_t word = word_at(bytes + place);
            for (int byte = 0; byte < 8; byte++) tables[byte & 3][word >> byte * 8 & 255]++;
        }
        for (; place < end; place++) tables[0][bytes[place]]++;
        if (index == run_count) break;
        unsigned bits, extra;
        counts[length_symbol(runs[index].length, &bits, &extra)]++;
        place += runs[index].length;
    }
    for (int value = 0; value < 256; value++) {
        counts[value] = tables[0][value] + tables[1][value] + tables[2][value] + tables[3][value];
    }
    counts[END] = 1;
    return true;
}

typedef struct {
    uint8_t *place;
    uint64_t bits;
    unsigned count;
} writer;

static inline void put(writer *writer, uint64_t bits, unsigned count) {
    writer->bits |= bits << writer->count;
    writer->count += count;
}

/// Leaves fewer than eight bits.
static inline void flush(writer *writer) {
    memcpy(writer->place, &writer->bits, sizeof writer->bits);
    writer->place += writer->count >> 3;
    writer->bits >>= writer->count & 56;
    writer->count &= 7;
}

FAST bool cimage_runs_write(const uint8_t *bytes, size_t count, const cimage_run *runs, size_t run_count,
                            const uint32_t codes[CIMAGE_SYMBOLS], uint8_t *result, size_t capacity, uint64_t *bits,
                            uint32_t *bit_count, size_t *produced) {
    for (size_t symbol = 0; symbol < CIMAGE_SYMBOLS; symbol++) {
        if (codes[symbol] >> 16 > CIMAGE_LONGEST_CODE) return false;
    }
    if (*bit_count > 7 || capacity / 2 < count || capacity - count * 2 < 64) return false;
    writer writer = {.place = result, .bits = *bits, .count = *bit_count};
    size_t place = 0;
    for (size_t index = 0; index <= run_count; index++) {
        if (index < run_count && !is_run(runs[index], place, count)) return false;
        size_t end = index < run_count ? runs[index].start : count;
        for (; place + 4 <= end; place += 4) {
            uint32_t first = codes[bytes[place]], second = codes[bytes[place + 1]];
            uint32_t third = codes[bytes[place + 2]], fourth = codes[bytes[place + 3]];
            uint64_t low = (first & 0xFFFF) | (uint64_t)(second & 0xFFFF) << (first >> 16);
            uint64_t high = (third & 0xFFFF) | (uint64_t)(fourth & 0xFFFF) << (third >> 16);
            unsigned low_count = (first >> 16) + (second >> 16), high_count = (third >> 16) + (fourth >> 16);
            put(&writer, low | high << low_count, low_count + high_count);
            flush(&writer);
        }
        for (; place < end; place++) {
            put(&writer, codes[bytes[place]] & 0xFFFF, codes[bytes[place]] >> 16);
            flush(&writer);
        }
        if (index == run_count) break;
        unsigned extra_bits, extra;
        uint32_t code = codes[length_symbol(runs[index].length, &extra_bits, &extra)];
        put(&writer, code & 0xFFFF, code >> 16);
        put(&writer, extra, extra_bits);
        // The only distance, 1, has a code of one bit, 0.
        put(&writer, 0, 1);
        flush(&writer);
        place += runs[index].length;
    }
    put(&writer, codes[END] & 0xFFFF, codes[END] >> 16);
    flush(&writer);
    *bits = writer.bits;
    *bit_count = writer.count;
    *produced = (size_t)(writer.place - result);
    return true;
}
