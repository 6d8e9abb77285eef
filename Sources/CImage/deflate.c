#include "CImage.h"

#include <stdlib.h>

#include "zlib_step.h"

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
    zlib_step step = zlib_step_begin(stream, bytes, count, result, capacity);
    int code = deflate(stream, is_last && step.most_in == count ? Z_FINISH : Z_NO_FLUSH);
    zlib_step_end(stream, step, used, produced);
    return code == Z_STREAM_END;
}

void cimage_deflater_close(cimage_deflater *deflater) {
    deflateEnd(&deflater->stream);
    free(deflater);
}
