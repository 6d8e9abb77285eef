#include "jpeg_errors.h"

#include <jerror.h>
#include <stdlib.h>

enum { MOST_SCANS = 500 };

struct cimage_jpeg_reader {
    struct jpeg_decompress_struct codec;
    jpeg_errors errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    uint8_t *cmyk;
    size_t row_bytes;
    cimage_header header;
    bool is_started, has_too_many_scans;
    stream stream;
};

static cimage_jpeg_reader *reader_of(void *codec) { return ((j_common_ptr)codec)->client_data; }

static void on_init(j_decompress_ptr codec) { (void)codec; }

/// The end of the file before the end of the picture is an error here; libjpeg would go on with grey.
static boolean on_fill(j_decompress_ptr codec) {
    cimage_jpeg_reader *reader = reader_of(codec);
    if (!stream_fill(&reader->stream)) ERREXIT(codec, JERR_INPUT_EOF);
    reader->source.next_input_byte = reader->stream.bytes;
    reader->source.bytes_in_buffer = reader->stream.end;
    return TRUE;
}

static void on_skip(j_decompress_ptr codec, long count) {
    struct jpeg_source_mgr *source = codec->src;
    while (count > (long)source->bytes_in_buffer) {
        count -= (long)source->bytes_in_buffer;
        on_fill(codec);
    }
    if (count <= 0) return;
    source->next_input_byte += count;
    source->bytes_in_buffer -= (size_t)count;
}

/// Each scan of a progressive file costs a pass over the whole picture, so their number is bounded.
static void on_progress(j_common_ptr codec) {
    cimage_jpeg_reader *reader = reader_of(codec);
    if (reader->codec.input_scan_number <= MOST_SCANS) return;
    reader->has_too_many_scans = true;
    ERREXIT(codec, JERR_NOTIMPL);
}

static int failed(cimage_jpeg_reader *reader, cimage_failure *failure) {
    if (reader->has_too_many_scans) return fail(failure, CIMAGE_UNSUPPORTED, 0, "more than 500 scans");
    return jpeg_failed((j_common_ptr)&reader->codec, &reader->stream, CIMAGE_INPUT, failure);
}

static int read_header(cimage_jpeg_reader *reader, cimage_failure *failure) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    if (setjmp(reader->errors.jump)) return failed(reader, failure);
    jpeg_create_decompress(codec);
    codec->client_data = reader;
    reader->source = (struct jpeg_source_mgr){
        .init_source = on_init,
        .fill_input_buffer = on_fill,
        .skip_input_data = on_skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = on_init,
    };
    codec->src = &reader->source;
    reader->progress.progress_monitor = on_progress;
    codec->progress = &reader->progress;
    jpeg_read_header(codec, TRUE);

    switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE:
        codec->out_color_space = JCS_GRAYSCALE;
        break;
    case JCS_RGB:
    case JCS_YCbCr:
        codec->out_color_space = JCS_RGB;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        codec->out_color_space = JCS_CMYK;
        break;
    default:
        ERREXIT(codec, JERR_CONVERSION_NOTIMPL);
    }
    reader->header = (cimage_header){
        .width = codec->image_width,
        .height = codec->image_height,
        .channels = codec->out_color_space == JCS_GRAYSCALE ? 1 : 3,
    };
    reader->row_bytes = (size_t)reader->header.width * reader->header.channels;
    return CIMAGE_OK;
}

int cimage_jpeg_reader_open(int descriptor, cimage_jpeg_reader **result, cimage_header *header, cimage_failure *failure) {
    cimage_jpeg_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return fail(failure, CIMAGE_MEMORY, 0, "no memory for the reader");
    stream_init(&reader->stream, descriptor, 0);
    reader->codec.err = jpeg_errors_init(&reader->errors);
    int code = read_header(reader, failure);
    if (code != CIMAGE_OK) {
        cimage_jpeg_reader_close(reader);
        return code;
    }
    *header = reader->header;
    *result = reader;
    return CIMAGE_OK;
}

int cimage_jpeg_reader_scale(cimage_jpeg_reader *reader, uint32_t denominator, cimage_header *header,
                             cimage_failure *failure) {
    if (reader->is_started || denominator < 1 || denominator > 8) return fail(failure, CIMAGE_MISUSE, 0, "scale");
    if (setjmp(reader->errors.jump)) return failed(reader, failure);
    struct jpeg_decompress_struct *codec = &reader->codec;
    codec->scale_num = 1;
    codec->scale_denom = denominator;
    jpeg_calc_output_dimensions(codec);
    reader->header.width = codec->output_width;
    reader->header.height = codec->output_height;
    reader->row_bytes = (size_t)reader->header.width * reader->header.channels;
    *header = reader->header;
    return CIMAGE_OK;
}

/// Plain conversion without profiles. Adobe's files, which nearly all of these are, store the ink inverted.
static void convert_cmyk(const uint8_t *from, uint8_t *to, size_t pixels) {
    for (size_t pixel = 0; pixel < pixels; pixel++, from += 4, to += 3) {
        unsigned light = from[3];
        for (int channel = 0; channel < 3; channel++) {
            unsigned product = (255u - from[channel]) * light + 128u;
            to[channel] = (uint8_t)(light - (((product >> 8) + product) >> 8));
        }
    }
}

static void start(cimage_jpeg_reader *reader) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    if (codec->out_color_space == JCS_CMYK) {
        reader->cmyk = malloc((size_t)reader->header.width * 4);
        if (!reader->cmyk) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
    }
    jpeg_start_decompress(codec);
    reader->is_started = true;
}

int cimage_jpeg_reader_rows(cimage_jpeg_reader *reader, uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    uint32_t done = reader->is_started ? codec->output_scanline : 0;
    if (!rows_fit(reader->row_bytes, count, capacity, done, reader->header.height)) {
        return fail(failure, CIMAGE_MISUSE, 0, "rows out of range");
    }
    if (setjmp(reader->errors.jump)) return failed(reader, failure);
    if (!reader->is_started) start(reader);
    for (uint32_t row = 0; row < count; row++) {
        JSAMPROW place = rows + row * reader->row_bytes;
        JSAMPROW line = reader->cmyk ? reader->cmyk : place;
        if (jpeg_read_scanlines(codec, &line, 1) != 1) ERREXIT(codec, JERR_INPUT_EOF);
        if (reader->cmyk) convert_cmyk(line, place, reader->header.width);
    }
    return CIMAGE_OK;
}

int cimage_jpeg_reader_finish(cimage_jpeg_reader *reader, cimage_failure *failure) {
    if (!reader->is_started || reader->codec.output_scanline != reader->header.height) {
        return fail(failure, CIMAGE_MISUSE, 0, "rows are left");
    }
    if (setjmp(reader->errors.jump)) return failed(reader, failure);
    jpeg_finish_decompress(&reader->codec);
    return CIMAGE_OK;
}

void cimage_jpeg_reader_close(cimage_jpeg_reader *reader) {
    jpeg_destroy_decompress(&reader->codec);
    free(reader->cmyk);
    free(reader);
}
