// pread and pwrite are not in plain C.
#define _GNU_SOURCE
#include "stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void stream_init(stream *stream, int descriptor, int64_t offset) {
    stream->descriptor = descriptor;
    stream->error_number = 0;
    stream->offset = offset;
    stream->start = stream->end = 0;
}

bool stream_fill(stream *stream) {
    ssize_t got;
    do {
        got = pread(stream->descriptor, stream->bytes, STREAM_CAPACITY, stream->offset);
    } while (got < 0 && errno == EINTR);
    stream->start = stream->end = 0;
    if (got < 0) stream->error_number = errno;
    if (got <= 0) return false;
    stream->offset += got;
    stream->end = (size_t)got;
    return true;
}

bool stream_read(stream *stream, uint8_t *bytes, size_t count) {
    while (count > 0) {
        if (stream->start == stream->end && !stream_fill(stream)) return false;
        size_t step = stream->end - stream->start;
        if (step > count) step = count;
        memcpy(bytes, stream->bytes + stream->start, step);
        stream->start += step;
        bytes += step;
        count -= step;
    }
    return true;
}

bool stream_flush(stream *stream) {
    size_t done = 0;
    while (done < stream->end) {
        ssize_t put = pwrite(stream->descriptor, stream->bytes + done, stream->end - done, stream->offset);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) {
            stream->error_number = put < 0 ? errno : ENOSPC;
            return false;
        }
        done += (size_t)put;
        stream->offset += put;
    }
    stream->end = 0;
    return true;
}

bool stream_write(stream *stream, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        if (stream->end == STREAM_CAPACITY && !stream_flush(stream)) return false;
        size_t step = STREAM_CAPACITY - stream->end;
        if (step > count) step = count;
        memcpy(stream->bytes + stream->end, bytes, step);
        stream->end += step;
        bytes += step;
        count -= step;
    }
    return true;
}

int fail(cimage_failure *failure, int code, int error_number, const char *text) {
    failure->error_number = error_number;
    snprintf(failure->text, sizeof failure->text, "%s", text);
    return code;
}

bool rows_fit(size_t row_bytes, uint32_t count, size_t capacity, uint32_t done, uint32_t height) {
    size_t needed;
    return count <= height - done && !__builtin_mul_overflow(row_bytes, (size_t)count, &needed) && needed <= capacity;
}
