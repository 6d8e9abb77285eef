#ifndef CIMAGE_H
#define CIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a call came to; everything but CIMAGE_OK leaves a sentence in the failure and ends the use of the handle.
enum cimage_code {
    CIMAGE_OK = 0,
    /// The file breaks the rules of its format, or ends too early.
    CIMAGE_DAMAGED = 1,
    /// A valid variant of the format that is not read here.
    CIMAGE_UNSUPPORTED = 2,
    /// A side is longer than the library can take.
    CIMAGE_TOO_LARGE = 3,
    CIMAGE_MEMORY = 4,
    /// Reading the input failed; `error_number` tells why.
    CIMAGE_INPUT = 5,
    /// Writing the output failed; `error_number` tells why.
    CIMAGE_OUTPUT = 6,
    /// The caller broke the contract: wrong length, too many rows.
    CIMAGE_MISUSE = 7,
};

typedef struct {
    int error_number;
    char text[200];
} cimage_failure;

/// What is known of a picture before its pixels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA, always 8 bits a sample.
typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;
} cimage_header;

/// How a PNG is compressed: zlib's level and strategy, and libpng's set of row filters.
typedef struct {
    int level;
    int strategy;
    int filters;
} cimage_png_settings;

/// The versions of libpng, libjpeg-turbo and zlib; libjpeg-turbo tells only that of its headers.
const char *cimage_png_version(void);
const char *cimage_jpeg_version(void);
const char *cimage_zlib_version(void);

extern const cimage_png_settings cimage_png_photograph;
extern const cimage_png_settings cimage_png_drawing;

typedef struct cimage_png_reader cimage_png_reader;
typedef struct cimage_png_writer cimage_png_writer;
typedef struct cimage_jpeg_reader cimage_jpeg_reader;
typedef struct cimage_jpeg_writer cimage_jpeg_writer;

/// Reads everything before the pixels and allocates nothing for these. The descriptor must allow pread; it stays the caller's.
int cimage_png_reader_open(int descriptor, cimage_png_reader **reader, cimage_header *header, cimage_failure *failure);
/// Reads the next `count` rows of width times channels bytes each.
int cimage_png_reader_rows(cimage_png_reader *reader, uint8_t *rows, size_t capacity, uint32_t count, cimage_failure *failure);
/// Reads what follows the last row, so that damage there is found.
int cimage_png_reader_finish(cimage_png_reader *reader, cimage_failure *failure);
/// The embedded colour profile, valid until the reader is closed, or NULL.
const uint8_t *cimage_png_reader_profile(const cimage_png_reader *reader, size_t *count);
void cimage_png_reader_close(cimage_png_reader *reader);

/// Begins a PNG at offset 0 of a descriptor that allows pwrite; the profile may be NULL.
int cimage_png_writer_open(int descriptor, cimage_header header, cimage_png_settings settings, const uint8_t *profile,
                           size_t profile_count, cimage_png_writer **writer, cimage_failure *failure);
int cimage_png_writer_rows(cimage_png_writer *writer, const uint8_t *rows, size_t capacity, uint32_t count,
                           cimage_failure *failure);
/// Writes the end of the file and tells its size.
int cimage_png_writer_finish(cimage_png_writer *writer, uint64_t *size, cimage_failure *failure);
void cimage_png_writer_close(cimage_png_writer *writer);

/// The same four for JPEG; CMYK and YCCK come out as RGB, and a file with more than 500 scans is refused.
int cimage_jpeg_reader_open(int descriptor, cimage_jpeg_reader **reader, cimage_header *header, cimage_failure *failure);
int cimage_jpeg_reader_rows(cimage_jpeg_reader *reader, uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure);
int cimage_jpeg_reader_finish(cimage_jpeg_reader *reader, cimage_failure *failure);
const uint8_t *cimage_jpeg_reader_profile(const cimage_jpeg_reader *reader, size_t *count);
void cimage_jpeg_reader_close(cimage_jpeg_reader *reader);

/// Begins a baseline JPEG (4:2:0, standard Huffman tables) of 1 or 3 channels; quality 1 to 100.
int cimage_jpeg_writer_open(int descriptor, cimage_header header, int quality, const uint8_t *profile,
                            size_t profile_count, cimage_jpeg_writer **writer, cimage_failure *failure);
int cimage_jpeg_writer_rows(cimage_jpeg_writer *writer, const uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure);
int cimage_jpeg_writer_finish(cimage_jpeg_writer *writer, uint64_t *size, cimage_failure *failure);
void cimage_jpeg_writer_close(cimage_jpeg_writer *writer);

#endif
