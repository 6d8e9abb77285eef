#include "CImage.h"

#include <string.h>

// The build is for the oldest processor of its kind; these few loops pay for a second copy for newer ones.
#if defined(__x86_64__)
#define FAST __attribute__((target_clones("avx2", "default")))
#else
#define FAST
#endif

#define INLINE static inline __attribute__((always_inline))

typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef uint8_t bytes8 __attribute__((vector_size(8)));
typedef int16_t shorts4 __attribute__((vector_size(8)));

/// One pixel of up to four samples; what lies behind its own samples is never stored.
INLINE shorts4 load(const uint8_t *pixel, size_t size) {
    bytes4 bytes = {0};
    memcpy(&bytes, pixel, size);
    return __builtin_convertvector(bytes, shorts4);
}

INLINE void store(uint8_t *pixel, shorts4 value, size_t size) {
    bytes4 bytes = __builtin_convertvector(value, bytes4);
    memcpy(pixel, &bytes, size);
}

/// Adds bytes that stand in wider lanes, without their ninth bit.
INLINE shorts4 add(shorts4 first, shorts4 second) { return (shorts4)((bytes8)first + (bytes8)second); }

/// `load_size` is 4 while another pixel follows, so that three samples are read in one piece.
#define EACH_PIXEL(...)                                                                                                \
    size_t place = 0;                                                                                                  \
    for (; place + 4 <= count; place += size) {                                                                        \
        const size_t load_size = 4, store_size = size;                                                                 \
        __VA_ARGS__                                                                                                    \
    }                                                                                                                  \
    for (; place < count; place += size) {                                                                             \
        const size_t load_size = size, store_size = size;                                                              \
        __VA_ARGS__                                                                                                    \
    }

INLINE void undo_sub(const uint8_t *input, uint8_t *row, size_t count, size_t size) {
    shorts4 left = {0};
    EACH_PIXEL({
        left = add(left, load(input + place, load_size));
        store(row + place, left, store_size);
    })
}

INLINE void undo_average(const uint8_t *input, const uint8_t *above, uint8_t *row, size_t count, size_t size) {
    shorts4 left = {0};
    EACH_PIXEL({
        left = add((left + load(above + place, load_size)) >> 1, load(input + place, load_size));
        store(row + place, left, store_size);
    })
}

// Each pixel waits for the one before it, so everything that does not need that one is worked out beside: the input is
// added to all three guesses before one is chosen.
INLINE void undo_paeth(const uint8_t *input, const uint8_t *above, uint8_t *row, size_t count, size_t size) {
    shorts4 left = {0}, corner = {0};
    EACH_PIXEL({
        shorts4 up = load(above + place, load_size);
        shorts4 change = load(input + place, load_size);
        shorts4 to_left = up - corner, to_above = left - corner;
        shorts4 to_corner = __builtin_elementwise_abs(to_left + to_above);
        to_left = __builtin_elementwise_abs(to_left);
        to_above = __builtin_elementwise_abs(to_above);
        shorts4 is_corner = to_above > to_corner, is_other = to_left > __builtin_elementwise_min(to_above, to_corner);
        shorts4 other = (add(up, change) & ~is_corner) | (add(corner, change) & is_corner);
        left = (add(left, change) & ~is_other) | (other & is_other);
        corner = up;
        store(row + place, left, store_size);
    })
}

/// The loops again with a pixel's size known to the compiler.
#define BY_SIZE(call)                                                                                                  \
    switch (pixel_bytes) {                                                                                             \
    case 1: { enum { size = 1 }; call; } break;                                                                        \
    case 2: { enum { size = 2 }; call; } break;                                                                        \
    case 3: { enum { size = 3 }; call; } break;                                                                        \
    default: { enum { size = 4 }; call; } break;                                                                       \
    }

FAST bool cimage_png_undo_filter(unsigned filter, const uint8_t *input, const uint8_t *above, uint8_t *row, size_t count,
                                 size_t pixel_bytes) {
    if (pixel_bytes < 1 || pixel_bytes > 4 || count % pixel_bytes != 0) return false;
    switch (filter) {
    case 0:
        memcpy(row, input, count);
        return true;
    case 1:
        BY_SIZE(undo_sub(input, row, count, size))
        return true;
    case 2:
        for (size_t place = 0; place < count; place++) row[place] = (uint8_t)(input[place] + above[place]);
        return true;
    case 3:
        BY_SIZE(undo_average(input, above, row, count, size))
        return true;
    case 4:
        BY_SIZE(undo_paeth(input, above, row, count, size))
        return true;
    default:
        return false;
    }
}

bool cimage_png_look_up(const uint8_t *numbers, size_t count, const uint32_t palette[256], uint32_t colours,
                        uint32_t channels, uint8_t *pixels) {
    if (channels != 3 && channels != 4) return false;
    uint8_t largest = 0;
    for (size_t index = 0; index < count; index++) largest = numbers[index] > largest ? numbers[index] : largest;
    if (count > 0 && largest >= colours) return false;
    if (channels == 4) {
        for (size_t index = 0; index < count; index++) memcpy(pixels + index * 4, &palette[numbers[index]], 4);
        return true;
    }
    // Each write of four bytes is followed by the one that overwrites its last.
    for (size_t index = 0; index + 1 < count; index++) memcpy(pixels + index * 3, &palette[numbers[index]], 4);
    if (count > 0) memcpy(pixels + (count - 1) * 3, &palette[numbers[count - 1]], 3);
    return true;
}
