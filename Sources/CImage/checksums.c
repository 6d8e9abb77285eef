#include "CImage.h"

#include <zlib.h>

#if defined(__x86_64__)
#include <immintrin.h>

enum { MODULUS = 65521, STEP = 32, MOST = 5536 };

/// RFC 1950 section 8.2, 32 bytes at a time; sums stay below 2^32 for MOST bytes.
__attribute__((target("avx2"))) static uint32_t adler_avx2(uint32_t start, const uint8_t *bytes, size_t count) {
    const __m256i weights = _mm256_setr_epi8(32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14,
                                             13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi16(1);
    uint32_t low = start & 0xFFFF, high = start >> 16;
    while (count >= STEP) {
        size_t block = count < MOST ? count / STEP * STEP : MOST;
        __m256i sums = zero, before = zero, products = zero;
        for (size_t place = 0; place < block; place += STEP) {
            __m256i part = _mm256_loadu_si256((const __m256i *)(bytes + place));
            before = _mm256_add_epi32(before, sums);
            sums = _mm256_add_epi32(sums, _mm256_sad_epu8(part, zero));
            products = _mm256_add_epi32(products, _mm256_madd_epi16(_mm256_maddubs_epi16(part, weights), ones));
        }
        uint32_t lanes[3][8];
        _mm256_storeu_si256((__m256i *)lanes[0], sums);
        _mm256_storeu_si256((__m256i *)lanes[1], before);
        _mm256_storeu_si256((__m256i *)lanes[2], products);
        uint64_t total = 0, earlier = 0, weighed = 0;
        for (int lane = 0; lane < 8; lane++) {
            total += lanes[0][lane];
            earlier += lanes[1][lane];
            weighed += lanes[2][lane];
        }
        high = (uint32_t)((high + (uint64_t)low * block + earlier * STEP + weighed) % MODULUS);
        low = (uint32_t)((low + total) % MODULUS);
        bytes += block;
        count -= block;
    }
    return (uint32_t)adler32(high << 16 | low, bytes, (uInt)count);
}
#endif

uint32_t cimage_adler(uint32_t start, const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return adler_avx2(start, bytes, count);
#endif
    return (uint32_t)adler32_z(start, bytes, count);
}

uint32_t cimage_crc(uint32_t start, const uint8_t *bytes, size_t count) {
    // zlib begins anew when there are no bytes.
    return count == 0 ? start : (uint32_t)crc32_z(start, bytes, count);
}
