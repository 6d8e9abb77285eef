#pragma once

#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

/// What one call of zlib may take and give at most, for its counts have 32 bits.
typedef struct zlib_step {
    uInt most_in;
    uInt most_out;
} zlib_step;

static inline zlib_step zlib_step_begin(z_stream *stream, const uint8_t *bytes, size_t count, uint8_t *result,
                                        size_t capacity) {
    zlib_step step = {
        .most_in = count > (1u << 30) ? 1u << 30 : (uInt)count,
        .most_out = capacity > (1u << 30) ? 1u << 30 : (uInt)capacity,
    };
    // zlib only reads the bytes; its type predates const.
    stream->next_in = (Bytef *)bytes;
    stream->avail_in = step.most_in;
    stream->next_out = result;
    stream->avail_out = step.most_out;
    return step;
}

/// Tells how many bytes the call has taken and given.
static inline void zlib_step_end(const z_stream *stream, zlib_step step, size_t *used, size_t *produced) {
    *used = step.most_in - stream->avail_in;
    *produced = step.most_out - stream->avail_out;
}
