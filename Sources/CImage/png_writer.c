#include "stream.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct cimage_png_writer {
    png_structp png;
    png_infop info;
    size_t row_bytes;
    cimage_header header;
    uint32_t rows_done;
    bool has_no_memory, has_data;
    char text[sizeof((cimage_failure *)0)->text];
    stream stream;
};

// In noise a longer search finds nothing, so runs and Huffman codes after one cheap filter are nearly as small and
// seven times as fast as the default; in flat areas the repeats matter and filters only hide them.
const cimage_png_settings cimage_png_photograph = {.level = 1, .strategy = Z_RLE, .filters = PNG_FILTER_SUB};
const cimage_png_settings cimage_png_drawing = {.level = 3, .strategy = Z_DEFAULT_STRATEGY, .filters = PNG_FILTER_NONE};

const int cimage_png_all_filters = PNG_ALL_FILTERS;

static void on_error(png_structp png, png_const_charp text) {
    cimage_png_writer *writer = png_get_error_ptr(png);
    strncpy(writer->text, text, sizeof writer->text - 1);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void *allocate(png_structp png, png_alloc_size_t count) {
    cimage_png_writer *writer = png_get_mem_ptr(png);
    void *memory = malloc(count);
    if (!memory) writer->has_no_memory = true;
    return memory;
}

static void release(png_structp png, void *memory) {
    (void)png;
    free(memory);
}

static void on_write(png_structp png, png_bytep bytes, size_t count) {
    cimage_png_writer *writer = png_get_io_ptr(png);
    if (!stream_write(&writer->stream, bytes, count)) png_error(png, "the output cannot be written");
}

static void on_flush(png_structp png) { (void)png; }

/// The failure after libpng jumped out.
static int failed(const cimage_png_writer *writer, cimage_failure *failure) {
    int code = writer->has_no_memory ? CIMAGE_MEMORY : writer->stream.error_number ? CIMAGE_OUTPUT : CIMAGE_MISUSE;
    return fail(failure, code, writer->stream.error_number, writer->text);
}

/// Chunks one after the other, to which libpng adds their sums; the rest of what is no chunk is left out.
static void write_notes(png_structp png, const uint8_t *bytes, size_t count) {
    while (count >= 8) {
        size_t length = png_get_uint_32(bytes);
        if (length > count - 8 || length > INT32_MAX) return;
        png_write_chunk(png, bytes + 4, bytes + 8, length);
        bytes += length + 8;
        count -= length + 8;
    }
}

static int write_header(cimage_png_writer *writer, cimage_png_settings settings, cimage_attachments attachments,
                        cimage_failure *failure) {
    static const int color_types[] = {
        PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    png_structp png = writer->png;
    if (setjmp(png_jmpbuf(png))) return failed(writer, failure);
    png_set_write_fn(png, writer, on_write, on_flush);
    png_set_user_limits(png, LONGEST_SIDE, LONGEST_SIDE);
    // A profile that libpng finds wrong is left out instead of failing the picture.
    png_set_benign_errors(png, 1);
    png_set_compression_buffer_size(png, STREAM_CAPACITY);
    png_set_compression_level(png, settings.level);
    png_set_compression_strategy(png, settings.strategy);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, settings.filters);
    png_set_IHDR(png, writer->info, writer->header.width, writer->header.height, 8,
                 color_types[writer->header.channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (attachments.profile) {
        png_set_iCCP(png, writer->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, attachments.profile,
                     (png_uint_32)attachments.profile_count);
    }
    if (attachments.per_metre[0]) {
        png_set_pHYs(png, writer->info, attachments.per_metre[0], attachments.per_metre[1], PNG_RESOLUTION_METER);
    }
    // libpng copies the bytes; its parameter predates const.
    if (attachments.exif) png_set_eXIf_1(png, writer->info, (png_uint_32)attachments.exif_count, (png_bytep)attachments.exif);
    png_write_info(png, writer->info);
    if (attachments.notes) write_notes(png, attachments.notes, attachments.notes_count);
    return CIMAGE_OK;
}

int cimage_png_writer_open(int descriptor, int64_t offset, cimage_header header, cimage_png_settings settings,
                           cimage_attachments attachments, cimage_png_writer **result, cimage_failure *failure) {
    if (header.channels < 1 || header.channels > 4) return fail(failure, CIMAGE_MISUSE, 0, "1 to 4 channels");
    if (attachments.profile_count > UINT32_MAX || attachments.exif_count > UINT32_MAX) {
        return fail(failure, CIMAGE_MISUSE, 0, "profile too large");
    }
    cimage_png_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return fail(failure, CIMAGE_MEMORY, 0, "no memory for the writer");
    stream_init(&writer->stream, descriptor, offset);
    writer->header = header;
    writer->row_bytes = (size_t)header.width * header.channels;
    writer->png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning, writer, allocate, release);
    if (writer->png) writer->info = png_create_info_struct(writer->png);
    int code = writer->info ? write_header(writer, settings, attachments, failure)
                            : fail(failure, CIMAGE_MEMORY, 0, "no memory for libpng");
    if (code != CIMAGE_OK) {
        cimage_png_writer_close(writer);
        return code;
    }
    *result = writer;
    return CIMAGE_OK;
}

int cimage_png_writer_rows(cimage_png_writer *writer, const uint8_t *rows, size_t capacity, uint32_t count,
                           cimage_failure *failure) {
    if (writer->has_data) return fail(failure, CIMAGE_MISUSE, 0, "rows or data, not both");
    if (!rows_fit(writer->row_bytes, count, capacity, writer->rows_done, writer->header.height)) {
        return fail(failure, CIMAGE_MISUSE, 0, "rows out of range");
    }
    if (setjmp(png_jmpbuf(writer->png))) return failed(writer, failure);
    for (uint32_t row = 0; row < count; row++) png_write_row(writer->png, rows + row * writer->row_bytes);
    writer->rows_done += count;
    return CIMAGE_OK;
}

static bool write_chunk(cimage_png_writer *writer, const char name[4], const uint8_t *bytes, size_t count) {
    uint8_t head[8], tail[4];
    png_save_uint_32(head, (png_uint_32)count);
    memcpy(head + 4, name, 4);
    png_save_uint_32(tail, cimage_crc(cimage_crc(0, head + 4, 4), bytes, count));
    stream *stream = &writer->stream;
    return stream_write(stream, head, sizeof head) && stream_write(stream, bytes, count) &&
           stream_write(stream, tail, sizeof tail);
}

int cimage_png_writer_data(cimage_png_writer *writer, const uint8_t *bytes, size_t count, cimage_failure *failure) {
    if (writer->rows_done > 0 || count > INT32_MAX) return fail(failure, CIMAGE_MISUSE, 0, "rows or data, not both");
    writer->has_data = true;
    if (write_chunk(writer, "IDAT", bytes, count)) return CIMAGE_OK;
    return fail(failure, CIMAGE_OUTPUT, writer->stream.error_number, "the output cannot be written");
}

/// libpng knows nothing of data that did not come from it, so the end is written without it too.
static int finish_data(cimage_png_writer *writer, uint64_t *size, cimage_failure *failure) {
    if (!write_chunk(writer, "IEND", NULL, 0) || !stream_flush(&writer->stream)) {
        return fail(failure, CIMAGE_OUTPUT, writer->stream.error_number, "the output cannot be written");
    }
    *size = (uint64_t)writer->stream.offset;
    return CIMAGE_OK;
}

int cimage_png_writer_finish(cimage_png_writer *writer, uint64_t *size, cimage_failure *failure) {
    if (writer->has_data) return finish_data(writer, size, failure);
    if (writer->rows_done != writer->header.height) return fail(failure, CIMAGE_MISUSE, 0, "rows are missing");
    if (setjmp(png_jmpbuf(writer->png))) return failed(writer, failure);
    png_write_end(writer->png, NULL);
    if (!stream_flush(&writer->stream)) png_error(writer->png, "the output cannot be written");
    *size = (uint64_t)writer->stream.offset;
    return CIMAGE_OK;
}

void cimage_png_writer_close(cimage_png_writer *writer) {
    if (writer->png) png_destroy_write_struct(&writer->png, &writer->info);
    free(writer);
}
