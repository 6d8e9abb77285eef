#include "jpeg_errors.h"

#include <jerror.h>
#include <stdlib.h>

enum { MOST_SCANS = 500 };

static const JOCTET end_of_image[] = {0xFF, JPEG_EOI};

struct cimage_jpeg_reader {
    struct jpeg_decompress_struct codec;
    jpeg_errors errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    uint8_t *cmyk;
    size_t row_bytes;
    cimage_header header;
    bool has_header, is_started, has_too_many_scans;
    unsigned damage;
    /// A bit for each component of which a scan has been read.
    unsigned seen;
    /// Where what follows the last scan begins, or the rows that are being read; the file is taken to end at `end` unless
    /// that is 0.
    int64_t place, end;
    stream stream;
};

static cimage_jpeg_reader *reader_of(void *codec) { return ((j_common_ptr)codec)->client_data; }

static void on_init(j_decompress_ptr codec) { (void)codec; }

/// Where the file ends its end mark is put: a decoder that has all it needs takes no notice, and any other one warns
/// that it hit a marker. Before the pixels it is an error.
static boolean on_fill(j_decompress_ptr codec) {
    cimage_jpeg_reader *reader = reader_of(codec);
    if (reader->end && reader->stream.offset >= reader->end) {
        reader->stream.end = 0;
    } else if (stream_fill(&reader->stream) && reader->end && reader->stream.offset > reader->end) {
        reader->stream.end -= (size_t)(reader->stream.offset - reader->end);
    }
    if (reader->stream.end == 0) {
        if (!reader->has_header || reader->stream.error_number) ERREXIT(codec, JERR_INPUT_EOF);
        reader->damage |= CIMAGE_NO_END;
        reader->source.next_input_byte = end_of_image;
        reader->source.bytes_in_buffer = sizeof end_of_image;
        return TRUE;
    }
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
    for (int index = 0; index < reader->codec.comps_in_scan; index++) {
        const jpeg_component_info *component = reader->codec.cur_comp_info[index];
        if (component) reader->seen |= 1u << component->component_index;
    }
    if (!(reader->damage & CIMAGE_NO_END)) {
        int64_t unread = (int64_t)reader->source.bytes_in_buffer + (reader->codec.unread_marker ? 2 : 0);
        reader->place = (int64_t)reader->stream.offset - unread;
    }
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
    // Whether the library can read it depends on how it was built, and what is wrong with such data it does not tell.
    if (codec->arith_code) ERREXIT(codec, JERR_ARITH_NOTIMPL);

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
    reader->has_header = true;
    return CIMAGE_OK;
}

int cimage_jpeg_reader_open(int descriptor, enum cimage_patience patience, cimage_jpeg_reader **result,
                            cimage_header *header, cimage_failure *failure) {
    cimage_jpeg_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return fail(failure, CIMAGE_MEMORY, 0, "no memory for the reader");
    stream_init(&reader->stream, descriptor, 0);
    reader->codec.err = jpeg_errors_init(&reader->errors);
    reader->errors.goes_on = patience == CIMAGE_ALL_THERE_IS;
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

/// True when every scan is there that the pixels need: one of each component, to its last bit in a progressive picture.
static bool has_all_scans(const cimage_jpeg_reader *reader) {
    const struct jpeg_decompress_struct *codec = &reader->codec;
    for (int component = 0; component < codec->num_components; component++) {
        if (!(reader->seen >> component & 1)) return false;
        for (int place = 0; codec->progressive_mode && place < DCTSIZE2; place++) {
            if (codec->coef_bits[component][place] != 0) return false;
        }
    }
    return true;
}

static void start(cimage_jpeg_reader *reader) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    if (codec->out_color_space == JCS_CMYK) {
        reader->cmyk = malloc((size_t)reader->header.width * 4);
        if (!reader->cmyk) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
    }
    jpeg_start_decompress(codec);
    reader->is_started = true;
    // Pictures of several scans have been read to their end here.
    if (!(reader->damage & CIMAGE_NO_END) || !jpeg_has_multiple_scans(codec) || has_all_scans(reader)) return;
    if (!reader->errors.goes_on) ERREXIT(codec, JERR_INPUT_EOF);
    reader->errors.has_lost_data = true;
}

static int try_start(cimage_jpeg_reader *reader, cimage_failure *failure) {
    if (setjmp(reader->errors.jump)) return failed(reader, failure);
    start(reader);
    return CIMAGE_OK;
}

/// Begins once more with a file that ends behind the last scan that was read, where what follows could not be.
static int start_anyhow(cimage_jpeg_reader *reader, cimage_failure *failure) {
    int code = try_start(reader, failure);
    // Within a scan pixels are lost, whatever follows.
    if (code != CIMAGE_DAMAGED || reader->place == 0) return code;
    if (reader->errors.has_lost_data && !reader->errors.goes_on) return code;
    unsigned denominator = reader->codec.scale_denom;
    int descriptor = reader->stream.descriptor;
    bool goes_on = reader->errors.goes_on;
    int64_t end = reader->place;
    jpeg_destroy_decompress(&reader->codec);
    free(reader->cmyk);
    *reader = (cimage_jpeg_reader){.end = end};
    stream_init(&reader->stream, descriptor, 0);
    reader->codec.err = jpeg_errors_init(&reader->errors);
    reader->errors.goes_on = goes_on;
    // What was wrong at first is what counts.
    cimage_failure again;
    cimage_header header;
    if (read_header(reader, &again) != CIMAGE_OK) return code;
    if (cimage_jpeg_reader_scale(reader, denominator, &header, &again) != CIMAGE_OK) return code;
    return try_start(reader, &again) == CIMAGE_OK ? CIMAGE_OK : code;
}

int cimage_jpeg_reader_rows(cimage_jpeg_reader *reader, uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    uint32_t done = reader->is_started ? codec->output_scanline : 0;
    if (!rows_fit(reader->row_bytes, count, capacity, done, reader->header.height)) {
        return fail(failure, CIMAGE_MISUSE, 0, "rows out of range");
    }
    if (!reader->is_started) {
        int code = start_anyhow(reader, failure);
        if (code != CIMAGE_OK) return code;
    }
    if (setjmp(reader->errors.jump)) return failed(reader, failure);
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

unsigned cimage_jpeg_reader_damage(const cimage_jpeg_reader *reader) {
    return reader->damage | (reader->errors.has_lost_data ? CIMAGE_ROWS_LOST : 0u);
}

void cimage_jpeg_reader_close(cimage_jpeg_reader *reader) {
    jpeg_destroy_decompress(&reader->codec);
    free(reader->cmyk);
    free(reader);
}
