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

/// How a JPEG is coded. `horizontal` and `vertical` tell how many pixels share one colour sample on each axis, 1 or 2.
typedef struct {
    int quality;
    int horizontal;
    int vertical;
    bool is_progressive;
} cimage_jpeg_settings;

/// What a file carries besides its pixels; each may be NULL or 0. `exif` is a TIFF structure;
/// `dpi` and `per_metre` are the pixels of an inch and of a metre, along rows and along columns.
typedef struct {
    const uint8_t *profile;
    size_t profile_count;
    const uint8_t *exif;
    size_t exif_count;
    uint32_t dpi[2];
    uint32_t per_metre[2];
    /// More segments of a JPEG as they stand in the file, or chunks of a PNG without their sums.
    const uint8_t *notes;
    size_t notes_count;
} cimage_attachments;

/// The versions of libpng, libjpeg-turbo and zlib; libjpeg-turbo tells only that of its headers.
const char *cimage_png_version(void);
const char *cimage_jpeg_version(void);
const char *cimage_zlib_version(void);

extern const cimage_png_settings cimage_png_photograph;
extern const cimage_png_settings cimage_png_drawing;
extern const int cimage_png_all_filters;

typedef struct cimage_png_reader cimage_png_reader;
typedef struct cimage_png_writer cimage_png_writer;
typedef struct cimage_jpeg_reader cimage_jpeg_reader;
typedef struct cimage_jpeg_writer cimage_jpeg_writer;

/// How much damage a reader goes past.
enum cimage_patience {
    /// None of what the library itself objects to.
    CIMAGE_STRICT = 0,
    /// What takes no row away.
    CIMAGE_LENIENT = 1,
    /// Rows that are missing, too, as far as the library can go on.
    CIMAGE_ALL_THERE_IS = 2,
};

/// What a reader went past, as bits.
enum cimage_damage {
    /// A part that the pixels do not need was left out.
    CIMAGE_PART_LEFT_OUT = 1,
    /// A sum over the pixels' data is wrong.
    CIMAGE_WRONG_SUM = 2,
    /// The file ends before its end mark, or that is damaged.
    CIMAGE_NO_END = 4,
    /// Pixels are missing or invented.
    CIMAGE_ROWS_LOST = 8,
};

/// Reads everything before the pixels and allocates nothing for these. The picture begins at `offset` of a descriptor
/// that allows pread; it stays the caller's.
int cimage_png_reader_open(int descriptor, int64_t offset, enum cimage_patience patience, cimage_png_reader **reader,
                           cimage_header *header, cimage_failure *failure);
/// What has been met so far.
unsigned cimage_png_reader_damage(const cimage_png_reader *reader);
/// Reads the next `count` rows of width times channels bytes each.
int cimage_png_reader_rows(cimage_png_reader *reader, uint8_t *rows, size_t capacity, uint32_t count, cimage_failure *failure);
/// Reads what follows the last row, so that damage there is found.
int cimage_png_reader_finish(cimage_png_reader *reader, cimage_failure *failure);
/// The embedded colour profile, valid until the reader is closed, or NULL.
const uint8_t *cimage_png_reader_profile(const cimage_png_reader *reader, size_t *count);
void cimage_png_reader_close(cimage_png_reader *reader);

/// How a plain picture lies in its file: not interlaced, 8 bits a sample, transparency in the samples or the palette.
typedef struct {
    /// Where the first chunk of pixels begins, its length and name included.
    int64_t data_offset;
    /// Bytes of a pixel in the file; 1 for a number in the palette.
    uint32_t pixel_bytes;
    /// Colours of the palette, 0 without one; red, green, blue and alpha of each.
    uint32_t colour_count;
    uint8_t colours[256][4];
} cimage_png_layout;

/// Tells the layout before the first row; false for a picture that is not plain.
bool cimage_png_reader_layout(const cimage_png_reader *reader, cimage_png_layout *layout);

/// Undoes a row's filter (PNG third edition, section 9.2) of `count` bytes: `above` is the row before, zeros for the first
/// one. False for a number that is no filter's, or a count that is not of whole pixels of 1 to 4 bytes.
bool cimage_png_undo_filter(unsigned filter, const uint8_t *input, const uint8_t *above, uint8_t *row, size_t count,
                            size_t pixel_bytes);

/// Turns `count` numbers of a palette into pixels of 3 or 4 samples; each colour is red, green, blue and alpha in the order
/// of memory. False for a number that is not under `colours`.
bool cimage_png_look_up(const uint8_t *numbers, size_t count, const uint32_t palette[256], uint32_t colours,
                        uint32_t channels, uint8_t *pixels);

/// Continues the checksum of a zlib stream, which starts with 1, and that of a chunk, which starts with 0.
uint32_t cimage_adler(uint32_t start, const uint8_t *bytes, size_t count);
uint32_t cimage_crc(uint32_t start, const uint8_t *bytes, size_t count);

/// Begins a PNG at `offset` of a descriptor that allows pwrite.
int cimage_png_writer_open(int descriptor, int64_t offset, cimage_header header, cimage_png_settings settings,
                           cimage_attachments attachments, cimage_png_writer **writer, cimage_failure *failure);
int cimage_png_writer_rows(cimage_png_writer *writer, const uint8_t *rows, size_t capacity, uint32_t count,
                           cimage_failure *failure);
/// Writes a chunk of pixels that are compressed already; all of them have to come this way then.
int cimage_png_writer_data(cimage_png_writer *writer, const uint8_t *bytes, size_t count, cimage_failure *failure);
/// Writes the end of the picture and tells the size of the whole file.
int cimage_png_writer_finish(cimage_png_writer *writer, uint64_t *size, cimage_failure *failure);
void cimage_png_writer_close(cimage_png_writer *writer);

/// The same four for JPEG, which is never strict about its end; CMYK and YCCK come out as RGB, and a file with more than
/// 500 scans is refused.
int cimage_jpeg_reader_open(int descriptor, enum cimage_patience patience, cimage_jpeg_reader **reader,
                            cimage_header *header, cimage_failure *failure);
unsigned cimage_jpeg_reader_damage(const cimage_jpeg_reader *reader);
/// Makes the reader hand out a picture of 1/2, 1/4 or 1/8 of the size, before the first row.
int cimage_jpeg_reader_scale(cimage_jpeg_reader *reader, uint32_t denominator, cimage_header *header,
                             cimage_failure *failure);
int cimage_jpeg_reader_rows(cimage_jpeg_reader *reader, uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure);
int cimage_jpeg_reader_finish(cimage_jpeg_reader *reader, cimage_failure *failure);
void cimage_jpeg_reader_close(cimage_jpeg_reader *reader);

/// Begins a JPEG of 1 or 3 channels at `offset`; quality 1 to 100.
int cimage_jpeg_writer_open(int descriptor, int64_t offset, cimage_header header, cimage_jpeg_settings settings,
                            cimage_attachments attachments, cimage_jpeg_writer **writer, cimage_failure *failure);
int cimage_jpeg_writer_rows(cimage_jpeg_writer *writer, const uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure);
int cimage_jpeg_writer_finish(cimage_jpeg_writer *writer, uint64_t *size, cimage_failure *failure);
void cimage_jpeg_writer_close(cimage_jpeg_writer *writer);

/// Chooses the filter whose differences are smallest (PNG third edition, section 12.7) and writes its number and the
/// filtered row, `count` + 1 bytes; `above` is the row before, zeros for the first one. False for a wrong count.
bool cimage_png_filter(const uint8_t *row, const uint8_t *above, size_t count, size_t pixel_bytes, uint8_t *result);

enum { CIMAGE_SYMBOLS = 286, CIMAGE_LONGEST_CODE = 12 };

/// Bytes that are all like the one before them.
typedef struct {
    uint32_t start;
    uint32_t length;
} cimage_run;

/// Finds up to `capacity` runs that are worth being written as such; tells how many. `count` is under 2^32.
size_t cimage_runs_find(const uint8_t *bytes, size_t count, cimage_run *runs, size_t capacity);

/// Counts how often each symbol of DEFLATE is needed to write the bytes with these runs, the end of the block included;
/// false for runs that overlap or lie outside.
bool cimage_runs_count(const uint8_t *bytes, size_t count, const cimage_run *runs, size_t run_count,
                       uint32_t counts[CIMAGE_SYMBOLS]);

/// Writes the body of a block behind `bit_count` bits, fewer than 8, that are left from what stands before; so many are
/// left again. A code is its bits, the first one lowest, and from bit 16 on their number. False for a code that is too long,
/// wrong runs, or a capacity under twice the count and 64.
bool cimage_runs_write(const uint8_t *bytes, size_t count, const cimage_run *runs, size_t run_count,
                       const uint32_t codes[CIMAGE_SYMBOLS], uint8_t *result, size_t capacity, uint64_t *bits,
                       uint32_t *bit_count, size_t *produced);

typedef struct cimage_deflater cimage_deflater;

/// Begins a zlib stream; `is_noise` chooses runs and Huffman codes only, `is_bare` leaves out zlib's header and sum.
cimage_deflater *cimage_deflater_open(int level, bool is_noise, bool is_bare);
/// Compresses `count` bytes, as much as fits `capacity`: `used` and `produced` tell how much of each; true when, after
/// `is_last`, the stream is complete. Call again with the rest until all is used and `produced` is under `capacity`.
bool cimage_deflater_run(cimage_deflater *deflater, const uint8_t *bytes, size_t count, bool is_last, uint8_t *result,
                         size_t capacity, size_t *used, size_t *produced);
void cimage_deflater_close(cimage_deflater *deflater);

typedef struct cimage_inflater cimage_inflater;

enum cimage_inflating {
    /// The stream goes on; with nothing used and nothing produced it wants more bytes or more room.
    CIMAGE_INFLATE_MORE = 0,
    /// The stream is complete; what was not used stands behind it.
    CIMAGE_INFLATE_END = 1,
    CIMAGE_INFLATE_DAMAGED = 2,
    CIMAGE_INFLATE_MEMORY = 3,
};

/// Begins to undo a stream of DEFLATE without header and sum; NULL without memory.
cimage_inflater *cimage_inflater_open(void);
/// Takes up to `count` bytes and gives up to `capacity`; `used` and `produced` tell how much of each.
enum cimage_inflating cimage_inflater_run(cimage_inflater *inflater, const uint8_t *bytes, size_t count, uint8_t *result,
                                          size_t capacity, size_t *used, size_t *produced);
/// Begins with another stream.
void cimage_inflater_restart(cimage_inflater *inflater);
void cimage_inflater_close(cimage_inflater *inflater);

/// One output row of a resize along the columns: the weighted sum of `taps` rows of `count` bytes each.
/// The weights are 14-bit fractions whose sum is 1 << 14.
void cimage_mix_rows(const uint8_t *const *rows, const int16_t *weights, size_t taps, uint8_t *result, size_t count);

enum { CIMAGE_LANES = 16 };

/// Resizes CIMAGE_LANES rows along themselves. `lanes` holds `columns` pixels of `channels` samples, each sample for all
/// rows side by side; `result` gets `width` pixels laid out alike. Pixel x is the sum of `counts[x]` source pixels from
/// `starts[x]` on, with the weights from x * `taps`; nothing is read outside `columns` pixels.
void cimage_mix_columns(const uint8_t *lanes, size_t columns, size_t channels, const uint32_t *starts,
                        const uint32_t *counts, const int16_t *weights, size_t taps, uint8_t *result, size_t width);

/// Puts CIMAGE_LANES rows of `count` bytes side by side, sample by sample, and back.
void cimage_interleave(const uint8_t *rows, size_t count, uint8_t *lanes);
void cimage_separate(const uint8_t *lanes, size_t count, uint8_t *rows);

/// Lays `count` pixels of red, green, blue and alpha over a colour and writes them without alpha; rounded exactly.
void cimage_flatten(const uint8_t *pixels, size_t count, const uint8_t colour[3], uint8_t *result);

/// Adds a row of bytes to sums.
void cimage_add_row(uint32_t *sums, const uint8_t *row, size_t count);

#endif
