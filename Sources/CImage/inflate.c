#include "CImage.h"

#include <stdlib.h>

#include <zlib.h>

struct cimage_inflater {
    z_stream stream;
};

cimage_inflater *cimage_inflater_open(void) {
    cimage_inflater *inflater = calloc(1, sizeof *inflater);
    if (!inflater) return NULL;
    if (inflateInit2(&inflater->stream, -15) == Z_OK) return inflater;
    free(inflater);
    return NULL;
}

enum cimage_inflating cimage_inflater_run(cimage_inflater *inflater, const uint8_t *bytes, size_t count, uint8_t *result,
                                          size_t capacity, size_t *used, size_t *produced) {
    z_stream *stream = &inflater->stream;
    uInt most_in = count > (1u << 30) ? 1u << 30 : (uInt)count;
    uInt most_out = capacity > (1u << 30) ? 1u << 30 : (uInt)capacity;
    // zlib only reads the bytes; its type predates const.
    stream->next_in = (Bytef *)bytes;
    stream->avail_in = most_in;
    stream->next_out = result;
    stream->avail_out = most_out;
    int code = inflate(stream, Z_NO_FLUSH);
    *used = most_in - stream->avail_in;
    *produced = most_out - stream->avail_out;
    switch (code) {
    case Z_STREAM_END: return CIMAGE_INFLATE_END;
    case Z_OK:
    case Z_BUF_ERROR: return CIMAGE_INFLATE_MORE;
    case Z_MEM_ERROR: return CIMAGE_INFLATE_MEMORY;
    default: return CIMAGE_INFLATE_DAMAGED;
    }
}

void cimage_inflater_restart(cimage_inflater *inflater) { inflateReset(&inflater->stream); }

void cimage_inflater_close(cimage_inflater *inflater) {
    inflateEnd(&inflater->stream);
    free(inflater);
}
