#include "stream.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/// This near to the end of a damaged file libpng gets its data byte by byte, for it could not use a piece that was cut.
enum { NEAR_END = 1 << 16 };

struct cimage_png_reader {
    png_structp png;
    png_infop info;
    uint8_t *picture;
    size_t row_bytes;
    cimage_header header;
    uint32_t rows_done;
    enum cimage_patience patience;
    unsigned damage;
    int64_t file_size;
    bool is_interlaced, is_started, has_ended, has_no_memory, is_too_large;
    char text[sizeof((cimage_failure *)0)->text];
    stream stream;
};

/// Chunks that change neither pixels nor profile; they are skipped with their checksum, so that less code sees them.
static const png_byte skipped_chunks[] = {
    'b', 'K', 'G', 'D', 0, 'c', 'H', 'R', 'M', 0, 'e', 'X', 'I', 'f', 0, 'g', 'A', 'M', 'A', 0, 'h', 'I', 'S', 'T', 0,
    'i', 'T', 'X', 't', 0, 'o', 'F', 'F', 's', 0, 'p', 'C', 'A', 'L', 0, 'p', 'H', 'Y', 's', 0, 's', 'C', 'A', 'L', 0,
    's', 'P', 'L', 'T', 0, 's', 'R', 'G', 'B', 0, 't', 'E', 'X', 't', 0, 't', 'I', 'M', 'E', 0, 'z', 'T', 'X', 't', 0,
};

static void on_error(png_structp png, png_const_charp text) {
    cimage_png_reader *reader = png_get_error_ptr(png);
    strncpy(reader->text, text, sizeof reader->text - 1);
    if (strstr(text, "incorrect data check")) reader->damage |= CIMAGE_WRONG_SUM;
    png_longjmp(png, 1);
}

/// A wrong sum of a chunk, whose name begins the text: what the pixels are made of has to be right.
static void on_wrong_sum(png_structp png, png_const_charp text) {
    static const char used[][5] = {"IHDR", "PLTE", "tRNS"};
    cimage_png_reader *reader = png_get_error_ptr(png);
    for (size_t index = 0; index < sizeof used / sizeof *used; index++) {
        if (strncmp(text, used[index], 4) != 0) continue;
        if (reader->patience < CIMAGE_ALL_THERE_IS) png_error(png, text);
        reader->damage |= CIMAGE_WRONG_SUM;
        return;
    }
    bool is_pixels = strncmp(text, "IDAT", 4) == 0, is_end = strncmp(text, "IEND", 4) == 0;
    reader->damage |= is_pixels ? CIMAGE_WRONG_SUM : is_end ? CIMAGE_NO_END : CIMAGE_PART_LEFT_OUT;
}

static void on_warning(png_structp png, png_const_charp text) {
    cimage_png_reader *reader = png_get_error_ptr(png);
    if (strstr(text, "exceeds user limit")) reader->is_too_large = true;
    if (strstr(text, "CRC error")) on_wrong_sum(png, text);
    if (strstr(text, "incorrect data check")) reader->damage |= CIMAGE_WRONG_SUM;
}

static void *allocate(png_structp png, png_alloc_size_t count) {
    cimage_png_reader *reader = png_get_mem_ptr(png);
    void *memory = malloc(count);
    if (!memory) reader->has_no_memory = true;
    return memory;
}

static void release(png_structp png, void *memory) {
    (void)png;
    free(memory);
}

static void on_read(png_structp png, png_bytep bytes, size_t count) {
    cimage_png_reader *reader = png_get_io_ptr(png);
    if (reader->patience != CIMAGE_STRICT && reader->file_size - reader->stream.offset < NEAR_END) {
        png_set_compression_buffer_size(png, 1);
    }
    if (!stream_read(&reader->stream, bytes, count)) png_error(png, "the file ends too early");
}

/// The failure after libpng jumped out.
static int failed(const cimage_png_reader *reader, cimage_failure *failure) {
    int code = CIMAGE_DAMAGED;
    if (reader->stream.error_number) code = CIMAGE_INPUT;
    if (reader->is_too_large) code = CIMAGE_TOO_LARGE;
    if (reader->has_no_memory) code = CIMAGE_MEMORY;
    return fail(failure, code, reader->stream.error_number, reader->text);
}

static int read_header(cimage_png_reader *reader, cimage_failure *failure) {
    png_structp png = reader->png;
    if (setjmp(png_jmpbuf(png))) return failed(reader, failure);
    png_set_read_fn(png, reader, on_read);
    png_set_user_limits(png, LONGEST_SIDE, LONGEST_SIDE);
    png_set_chunk_malloc_max(png, 8 << 20);
    png_set_chunk_cache_max(png, 128);
    if (reader->patience == CIMAGE_STRICT) {
        png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    } else {
        png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
#ifdef PNG_IGNORE_ADLER32
        // Debian 13's libpng goes past a wrong sum by itself, when all rows are there.
        png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#endif
    }
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped_chunks, sizeof skipped_chunks / 5);
    png_read_info(png, reader->info);

    png_byte color_type = png_get_color_type(png, reader->info);
    bool has_alpha = (color_type & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, reader->info, PNG_INFO_tRNS);
    bool has_color = (color_type & PNG_COLOR_MASK_COLOR) != 0;
    reader->header = (cimage_header){
        .width = png_get_image_width(png, reader->info),
        .height = png_get_image_height(png, reader->info),
        .channels = (has_color ? 3u : 1u) + (has_alpha ? 1u : 0u),
    };
    reader->row_bytes = (size_t)reader->header.width * reader->header.channels;
    reader->is_interlaced = png_get_interlace_type(png, reader->info) != PNG_INTERLACE_NONE;
    return CIMAGE_OK;
}

int cimage_png_reader_open(int descriptor, int64_t offset, enum cimage_patience patience, cimage_png_reader **result,
                           cimage_header *header, cimage_failure *failure) {
    cimage_png_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return fail(failure, CIMAGE_MEMORY, 0, "no memory for the reader");
    stream_init(&reader->stream, descriptor, offset);
    reader->patience = patience;
    // By its end: fstat is a call by path to the filter of system calls. The stream has places of its own.
    off_t end = patience == CIMAGE_STRICT ? 0 : lseek(descriptor, 0, SEEK_END);
    if (end > 0) reader->file_size = end;
    reader->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning, reader, allocate, release);
    if (reader->png) reader->info = png_create_info_struct(reader->png);
    int code = reader->info ? read_header(reader, failure) : fail(failure, CIMAGE_MEMORY, 0, "no memory for libpng");
    if (code != CIMAGE_OK) {
        cimage_png_reader_close(reader);
        return code;
    }
    *header = reader->header;
    *result = reader;
    return CIMAGE_OK;
}

/// Sets the conversions to 8-bit samples; an interlaced picture is read whole here, row by row for each of seven passes.
static void start(cimage_png_reader *reader) {
    png_structp png = reader->png;
    png_set_expand(png);
    png_set_strip_16(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, reader->info);
    if (png_get_rowbytes(png, reader->info) != reader->row_bytes) png_error(png, "unexpected row length");
    reader->is_started = true;
    if (!reader->is_interlaced) return;

    size_t count;
    if (__builtin_mul_overflow(reader->row_bytes, (size_t)reader->header.height, &count)) png_error(png, "too large");
    // Zeroed, as a pass that covers no pixel of a row leaves it untouched.
    reader->picture = calloc(1, count);
    reader->has_no_memory = !reader->picture;
    if (!reader->picture) png_error(png, "no memory for an interlaced picture");
    // What never comes is white where it cannot be transparent.
    if (reader->patience == CIMAGE_ALL_THERE_IS && reader->header.channels % 2 == 1) memset(reader->picture, 255, count);
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t row = 0; row < reader->header.height; row++) {
            png_read_row(png, reader->picture + row * reader->row_bytes, NULL);
        }
    }
}

/// After an error: true when it was met behind the last row, which libpng goes on from to the end of the pixels' data.
static bool has_all_rows(cimage_png_reader *reader) {
    if (reader->patience == CIMAGE_STRICT || reader->stream.error_number || reader->has_no_memory) return false;
    enum { PASSES = 7 };
    return reader->is_interlaced ? png_get_current_pass_number(reader->png) == PASSES
                                 : png_get_current_row_number(reader->png) == reader->header.height;
}

int cimage_png_reader_rows(cimage_png_reader *reader, uint8_t *rows, size_t capacity, uint32_t count, cimage_failure *failure) {
    if (!rows_fit(reader->row_bytes, count, capacity, reader->rows_done, reader->header.height)) {
        return fail(failure, CIMAGE_MISUSE, 0, "rows out of range");
    }
    if (setjmp(png_jmpbuf(reader->png))) {
        reader->has_ended = true;
        if (has_all_rows(reader)) {
            reader->damage |= CIMAGE_NO_END;
        } else if (reader->picture && reader->patience == CIMAGE_ALL_THERE_IS && !reader->stream.error_number) {
            // All passes of an interlaced picture are read at once, and what came of them is there.
            reader->damage |= CIMAGE_ROWS_LOST;
        } else {
            return failed(reader, failure);
        }
    } else if (!reader->is_started) {
        start(reader);
    }
    if (reader->picture) {
        memcpy(rows, reader->picture + reader->rows_done * reader->row_bytes, count * reader->row_bytes);
    } else if (!reader->has_ended) {
        for (uint32_t row = 0; row < count; row++) png_read_row(reader->png, rows + row * reader->row_bytes, NULL);
    }
    reader->rows_done += count;
    return CIMAGE_OK;
}

int cimage_png_reader_finish(cimage_png_reader *reader, cimage_failure *failure) {
    if (reader->rows_done != reader->header.height) return fail(failure, CIMAGE_MISUSE, 0, "rows are left");
    if (reader->has_ended) return CIMAGE_OK;
    if (setjmp(png_jmpbuf(reader->png))) return failed(reader, failure);
    png_read_end(reader->png, NULL);
    return CIMAGE_OK;
}

bool cimage_png_reader_layout(const cimage_png_reader *reader, cimage_png_layout *layout) {
    png_const_structp png = reader->png;
    png_byte color_type = png_get_color_type(png, reader->info);
    bool is_palette = color_type == PNG_COLOR_TYPE_PALETTE;
    bool has_key = png_get_valid(png, reader->info, PNG_INFO_tRNS) && !is_palette;
    if (reader->is_started || reader->is_interlaced || has_key || png_get_bit_depth(png, reader->info) != 8) return false;
    *layout = (cimage_png_layout){
        // libpng has taken exactly the length and the name of the first chunk of pixels.
        .data_offset = reader->stream.offset - (int64_t)(reader->stream.end - reader->stream.start) - 8,
        .pixel_bytes = is_palette ? 1 : reader->header.channels,
    };
    if (!is_palette) return true;
    png_colorp colours;
    int colour_count = 0, alpha_count = 0;
    if (!png_get_PLTE(png, reader->info, &colours, &colour_count) || colour_count < 1 || colour_count > 256) return false;
    png_bytep alphas = NULL;
    png_get_tRNS(png, reader->info, &alphas, &alpha_count, NULL);
    layout->colour_count = (uint32_t)colour_count;
    for (int index = 0; index < colour_count; index++) {
        uint8_t *colour = layout->colours[index];
        colour[0] = colours[index].red;
        colour[1] = colours[index].green;
        colour[2] = colours[index].blue;
        colour[3] = alphas && index < alpha_count ? alphas[index] : 255;
    }
    return true;
}

unsigned cimage_png_reader_damage(const cimage_png_reader *reader) { return reader->damage; }

const uint8_t *cimage_png_reader_profile(const cimage_png_reader *reader, size_t *count) {
    png_charp name;
    png_bytep profile;
    png_uint_32 length;
    int compression;
    *count = 0;
    if (!png_get_iCCP(reader->png, reader->info, &name, &compression, &profile, &length)) return NULL;
    *count = length;
    return profile;
}

void cimage_png_reader_close(cimage_png_reader *reader) {
    if (reader->png) png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader->picture);
    free(reader);
}
