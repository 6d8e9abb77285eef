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

/// Multiplies both halves by what they are worth at the place of the next ones, and adds these.
__attribute__((target("pclmul,sse4.1"), always_inline)) static inline __m128i fold(__m128i sum, __m128i next, __m128i worth) {
    __m128i low = _mm_clmulepi64_si128(sum, worth, 0x00), high = _mm_clmulepi64_si128(sum, worth, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul,sse4.1"), always_inline)) static inline __m128i part_at(const uint8_t *bytes, size_t part) {
    return _mm_loadu_si128((const __m128i *)bytes + part);
}

/// The polynomial's remainder by folding 64 bytes at a time ("Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
/// Instruction", Intel 2009); the numbers are powers of x modulo the polynomial, their bits reversed.
/// `count` is a multiple of 16 and at least 64; `start` and the result are inverted.
__attribute__((target("pclmul,sse4.1"))) static uint32_t crc_pclmul(uint32_t start, const uint8_t *bytes, size_t count) {
    const __m128i by_64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4), by_16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
    const __m128i by_8 = _mm_set_epi64x(0, 0x163cd6124), barrett = _mm_set_epi64x(0x1f7011641, 0x1db710641);
    const __m128i low_half = _mm_setr_epi32(-1, 0, -1, 0);
    __m128i sums[4];
    for (int part = 0; part < 4; part++) sums[part] = part_at(bytes, (size_t)part);
    sums[0] = _mm_xor_si128(sums[0], _mm_cvtsi32_si128((int)start));
    for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64) {
        for (int part = 0; part < 4; part++) sums[part] = fold(sums[part], part_at(bytes, (size_t)part), by_64);
    }
    __m128i sum = sums[0];
    for (int part = 1; part < 4; part++) sum = fold(sum, sums[part], by_16);
    for (; count >= 16; bytes += 16, count -= 16) sum = fold(sum, part_at(bytes, 0), by_16);
    // 128 bits to 64, to 32 more than the remainder, and to the remainder.
    sum = _mm_xor_si128(_mm_clmulepi64_si128(sum, by_16, 0x10), _mm_srli_si128(sum, 8));
    sum = _mm_xor_si128(_mm_clmulepi64_si128(_mm_and_si128(sum, low_half), by_8, 0x00), _mm_srli_si128(sum, 4));
    __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(sum, low_half), barrett, 0x10);
    quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_half), barrett, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(sum, quotient), 1);
}
#endif

uint32_t cimage_adler(uint32_t start, const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return adler_avx2(start, bytes, count);
#endif
    return (uint32_t)adler32_z(start, bytes, count);
}

uint32_t cimage_crc(uint32_t start, const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    if (count >= 64 && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")) {
        size_t most = count & ~(size_t)15;
        start = ~crc_pclmul(~start, bytes, most);
        bytes += most;
        count -= most;
    }
#endif
    // zlib begins anew when there are no bytes.
    return count == 0 ? start : (uint32_t)crc32_z(start, bytes, count);
}
