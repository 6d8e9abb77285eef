#include "CImage.h"

#include <stdlib.h>

#include <zlib.h>

struct cimage_deflater {
    z_stream stream;
};

cimage_deflater *cimage_deflater_open(int level, bool is_noise, bool is_bare) {
    cimage_deflater *deflater = calloc(1, sizeof *deflater);
    if (!deflater) return NULL;
    int strategy = is_noise ? Z_RLE : Z_DEFAULT_STRATEGY;
    if (deflateInit2(&deflater->stream, level, Z_DEFLATED, is_bare ? -15 : 15, 8, strategy) == Z_OK) return deflater;
    free(deflater);
    return NULL;
}

bool cimage_deflater_run(cimage_deflater *deflater, const uint8_t *bytes, size_t count, bool is_last, uint8_t *result,
                         size_t capacity, size_t *used, size_t *produced) {
    z_stream *stream = &deflater->stream;
    uInt most_in = count > (1u << 30) ? 1u << 30 : (uInt)count;
    uInt most_out = capacity > (1u << 30) ? 1u << 30 : (uInt)capacity;
    // zlib only reads the bytes; its type predates const.
    stream->next_in = (Bytef *)bytes;
    stream->avail_in = most_in;
    stream->next_out = result;
    stream->avail_out = most_out;
    int code = deflate(stream, is_last && most_in == count ? Z_FINISH : Z_NO_FLUSH);
    *used = most_in - stream->avail_in;
    *produced = most_out - stream->avail_out;
    return code == Z_STREAM_END;
}

void cimage_deflater_close(cimage_deflater *deflater) {
    deflateEnd(&deflater->stream);
    free(deflater);
}
