#include "jpeg_errors.h"

#include <jerror.h>

static void on_error(j_common_ptr codec) { longjmp(((jpeg_errors *)codec->err)->jump, 1); }

/// libjpeg goes on after these with invented pixels.
static bool means_lost_data(int code) {
    switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
        return true;
    default:
        return false;
    }
}

static void on_message(j_common_ptr codec, int level) {
    if (level >= 0 || !means_lost_data(codec->err->msg_code)) return;
    jpeg_errors *errors = (jpeg_errors *)codec->err;
    errors->has_lost_data = true;
    if (!errors->goes_on) on_error(codec);
}

static void on_output(j_common_ptr codec) { (void)codec; }

struct jpeg_error_mgr *jpeg_errors_init(jpeg_errors *errors) {
    jpeg_std_error(&errors->base);
    errors->base.error_exit = on_error;
    errors->base.emit_message = on_message;
    errors->base.output_message = on_output;
    return &errors->base;
}

int jpeg_failed(j_common_ptr codec, const stream *stream, int stream_code, cimage_failure *failure) {
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    int code = CIMAGE_DAMAGED;
    switch (codec->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
        code = CIMAGE_MEMORY;
        break;
    case JERR_IMAGE_TOO_BIG:
        code = CIMAGE_TOO_LARGE;
        break;
    case JERR_BAD_PRECISION:
        // What libjpeg says is only the number.
        snprintf(text, sizeof text, "JPEG of %d bits a sample, and only 8 are read", codec->err->msg_parm.i[0]);
        code = CIMAGE_UNSUPPORTED;
        break;
    case JERR_ARITH_NOTIMPL:
        snprintf(text, sizeof text, "arithmetic coding");
        code = CIMAGE_UNSUPPORTED;
        break;
    case JERR_SOF_UNSUPPORTED:
        snprintf(text, sizeof text, "%s", codec->err->msg_parm.i[0] == 0xC3   ? "lossless JPEG"
                                          : codec->err->msg_parm.i[0] >= 0xC9 ? "arithmetic coding"
                                                                              : "hierarchical JPEG");
        code = CIMAGE_UNSUPPORTED;
        break;
    case JERR_CONVERSION_NOTIMPL:
        code = CIMAGE_UNSUPPORTED;
        break;
    }
    if (stream->error_number) code = stream_code;
    return fail(failure, code, stream->error_number, text);
}
