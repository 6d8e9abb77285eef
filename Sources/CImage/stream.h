#ifndef CIMAGE_STREAM_H
#define CIMAGE_STREAM_H

#include "CImage.h"

#include <sys/types.h>

enum { STREAM_CAPACITY = 65536, LONGEST_SIDE = 1000000 };

/// A file read or written from some offset on through one buffer, without using the descriptor's own offset.
typedef struct {
    int descriptor;
    int error_number;
    off_t offset;
    size_t start;
    size_t end;
    uint8_t bytes[STREAM_CAPACITY];
} stream;

void stream_init(stream *stream, int descriptor, int64_t offset);

/// Fills the empty buffer; false at the end of the file and, with `error_number` set, on failure.
bool stream_fill(stream *stream);

/// Copies exactly `count` bytes out; false when the file has fewer.
bool stream_read(stream *stream, uint8_t *bytes, size_t count);

/// Writes what is in the buffer up to `end`; false, with `error_number` set, on failure.
bool stream_flush(stream *stream);

bool stream_write(stream *stream, const uint8_t *bytes, size_t count);

/// Sets the sentence (cut to fit) and hands the code through.
int fail(cimage_failure *failure, int code, int error_number, const char *text);

/// True when `count` rows of `row_bytes` fit both the caller's buffer and the rows that remain.
bool rows_fit(size_t row_bytes, uint32_t count, size_t capacity, uint32_t done, uint32_t height);

#endif
