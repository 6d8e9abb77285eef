#include "CImage.h"

#include <string.h>

#if defined(__x86_64__)
#define FAST __attribute__((target_clones("avx2", "default")))
#else
#define FAST
#endif

typedef uint8_t bytes8 __attribute__((vector_size(8)));
typedef uint16_t shorts8 __attribute__((vector_size(16)));

FAST void cimage_flatten(const uint8_t *pixels, size_t count, const uint8_t colour[3], uint8_t *result) {
    const shorts8 under = {colour[0], colour[1], colour[2], 0, colour[0], colour[1], colour[2], 0};
    for (size_t done = 0; done < count; done += 2) {
        size_t pair = count - done < 2 ? 1 : 2;
        bytes8 bytes = {0};
        memcpy(&bytes, pixels + done * 4, pair * 4);
        shorts8 samples = __builtin_convertvector(bytes, shorts8);
        shorts8 alpha = __builtin_shufflevector(samples, samples, 3, 3, 3, 3, 7, 7, 7, 7);
        // Divides by 255 with rounding, exactly for every sum that two weights of together 255 can give.
        shorts8 sum = samples * alpha + under * (255 - alpha) + 128;
        bytes = __builtin_convertvector((sum + (sum >> 8)) >> 8, bytes8);
        uint8_t *to = result + done * 3;
        memcpy(to, &bytes, 3);
        if (pair == 2) memcpy(to + 3, (const uint8_t *)&bytes + 4, 3);
    }
}
