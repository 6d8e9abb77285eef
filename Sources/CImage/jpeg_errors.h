#ifndef CIMAGE_JPEG_ERRORS_H
#define CIMAGE_JPEG_ERRORS_H

#include "stream.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

/// libjpeg's error manager with the place to jump back to; `base` is first, as libjpeg hands back only that.
typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf jump;
    /// Set to go on after a warning that means lost pixels; `has_lost_data` tells that there was one.
    bool goes_on;
    bool has_lost_data;
} jpeg_errors;

/// Makes every error, and every warning that means lost pixels unless `goes_on` is set, jump to `jump`.
struct jpeg_error_mgr *jpeg_errors_init(jpeg_errors *errors);

/// The failure after libjpeg jumped out; `stream_code` is what an input or output error of this side is called.
int jpeg_failed(j_common_ptr codec, const stream *stream, int stream_code, cimage_failure *failure);

#endif
