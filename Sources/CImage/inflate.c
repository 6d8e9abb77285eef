#include "CImage.h"

#include <stdlib.h>

#include "zlib_step.h"

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
    zlib_step step = zlib_step_begin(stream, bytes, count, result, capacity);
    int code = inflate(stream, Z_NO_FLUSH);
    zlib_step_end(stream, step, used, produced);
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
