#include "jpeg_errors.h"

#include <jerror.h>
#include <stdlib.h>

struct cimage_jpeg_writer {
    struct jpeg_compress_struct codec;
    jpeg_errors errors;
    struct jpeg_destination_mgr destination;
    size_t row_bytes;
    cimage_header header;
    stream stream;
};

static cimage_jpeg_writer *writer_of(void *codec) { return ((j_common_ptr)codec)->client_data; }

static void on_init(j_compress_ptr codec) {
    cimage_jpeg_writer *writer = writer_of(codec);
    writer->destination.next_output_byte = writer->stream.bytes;
    writer->destination.free_in_buffer = STREAM_CAPACITY;
}

/// libjpeg asks this with a full buffer and has not updated its own counters.
static boolean on_full(j_compress_ptr codec) {
    cimage_jpeg_writer *writer = writer_of(codec);
    writer->stream.end = STREAM_CAPACITY;
    if (!stream_flush(&writer->stream)) ERREXIT(codec, JERR_FILE_WRITE);
    on_init(codec);
    return TRUE;
}

static void on_end(j_compress_ptr codec) {
    cimage_jpeg_writer *writer = writer_of(codec);
    writer->stream.end = STREAM_CAPACITY - writer->destination.free_in_buffer;
    if (!stream_flush(&writer->stream)) ERREXIT(codec, JERR_FILE_WRITE);
}

static int failed(cimage_jpeg_writer *writer, cimage_failure *failure) {
    int code = jpeg_failed((j_common_ptr)&writer->codec, &writer->stream, CIMAGE_OUTPUT, failure);
    return code == CIMAGE_DAMAGED ? CIMAGE_MISUSE : code;
}

/// An APP1 segment as EXIF 2.32 section 4.7.2 has it.
static void write_exif(struct jpeg_compress_struct *codec, const uint8_t *bytes, size_t count) {
    static const uint8_t label[6] = "Exif";
    jpeg_write_m_header(codec, JPEG_APP0 + 1, (unsigned int)(count + sizeof label));
    for (size_t index = 0; index < sizeof label; index++) jpeg_write_m_byte(codec, label[index]);
    for (size_t index = 0; index < count; index++) jpeg_write_m_byte(codec, bytes[index]);
}

/// Segments one after the other; the rest of what is no segment is left out.
static void write_notes(struct jpeg_compress_struct *codec, const uint8_t *bytes, size_t count) {
    while (count >= 4 && bytes[0] == 0xFF) {
        size_t length = (size_t)bytes[2] << 8 | bytes[3];
        if (length < 2 || length > count - 2) return;
        jpeg_write_m_header(codec, bytes[1], (unsigned int)(length - 2));
        for (size_t index = 4; index < length + 2; index++) jpeg_write_m_byte(codec, bytes[index]);
        bytes += length + 2;
        count -= length + 2;
    }
}

static int write_header(cimage_jpeg_writer *writer, cimage_jpeg_settings settings, cimage_attachments attachments,
                        cimage_failure *failure) {
    struct jpeg_compress_struct *codec = &writer->codec;
    if (setjmp(writer->errors.jump)) return failed(writer, failure);
    jpeg_create_compress(codec);
    codec->client_data = writer;
    writer->destination = (struct jpeg_destination_mgr){
        .init_destination = on_init, .empty_output_buffer = on_full, .term_destination = on_end};
    codec->dest = &writer->destination;
    codec->image_width = writer->header.width;
    codec->image_height = writer->header.height;
    codec->input_components = (int)writer->header.channels;
    codec->in_color_space = writer->header.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, settings.quality, TRUE);
    if (codec->num_components == 3) {
        codec->comp_info[0].h_samp_factor = settings.horizontal;
        codec->comp_info[0].v_samp_factor = settings.vertical;
    }
    if (settings.is_progressive) jpeg_simple_progression(codec);
    if (attachments.dpi[0]) {
        codec->density_unit = 1;
        codec->X_density = (UINT16)attachments.dpi[0];
        codec->Y_density = (UINT16)attachments.dpi[1];
    }
    jpeg_start_compress(codec, TRUE);
    if (attachments.exif) write_exif(codec, attachments.exif, attachments.exif_count);
    if (attachments.notes) write_notes(codec, attachments.notes, attachments.notes_count);
    if (attachments.profile) {
        jpeg_write_icc_profile(codec, attachments.profile, (unsigned int)attachments.profile_count);
    }
    return CIMAGE_OK;
}

int cimage_jpeg_writer_open(int descriptor, int64_t offset, cimage_header header, cimage_jpeg_settings settings,
                            cimage_attachments attachments, cimage_jpeg_writer **result, cimage_failure *failure) {
    if (header.channels != 1 && header.channels != 3) return fail(failure, CIMAGE_MISUSE, 0, "1 or 3 channels");
    // A profile is cut into at most 255 markers of 65,519 bytes (ICC.1 annex B.4).
    if (attachments.profile_count > 255u * 65519u || attachments.exif_count > 65527u || attachments.dpi[0] > 65535u ||
        attachments.dpi[1] > 65535u) {
        return fail(failure, CIMAGE_MISUSE, 0, "profile too large");
    }
    if (settings.horizontal < 1 || settings.horizontal > 2 || settings.vertical < 1 || settings.vertical > 2) {
        return fail(failure, CIMAGE_MISUSE, 0, "sampling factor");
    }
    cimage_jpeg_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return fail(failure, CIMAGE_MEMORY, 0, "no memory for the writer");
    stream_init(&writer->stream, descriptor, offset);
    writer->header = header;
    writer->row_bytes = (size_t)header.width * header.channels;
    writer->codec.err = jpeg_errors_init(&writer->errors);
    int code = write_header(writer, settings, attachments, failure);
    if (code != CIMAGE_OK) {
        cimage_jpeg_writer_close(writer);
        return code;
    }
    *result = writer;
    return CIMAGE_OK;
}

int cimage_jpeg_writer_rows(cimage_jpeg_writer *writer, const uint8_t *rows, size_t capacity, uint32_t count,
                            cimage_failure *failure) {
    struct jpeg_compress_struct *codec = &writer->codec;
    if (!rows_fit(writer->row_bytes, count, capacity, codec->next_scanline, writer->header.height)) {
        return fail(failure, CIMAGE_MISUSE, 0, "rows out of range");
    }
    if (setjmp(writer->errors.jump)) return failed(writer, failure);
    for (uint32_t row = 0; row < count; row++) {
        // libjpeg only reads the row; its type predates const.
        JSAMPROW line = (JSAMPROW)(rows + row * writer->row_bytes);
        jpeg_write_scanlines(codec, &line, 1);
    }
    return CIMAGE_OK;
}

int cimage_jpeg_writer_finish(cimage_jpeg_writer *writer, uint64_t *size, cimage_failure *failure) {
    if (writer->codec.next_scanline != writer->header.height) return fail(failure, CIMAGE_MISUSE, 0, "rows are missing");
    if (setjmp(writer->errors.jump)) return failed(writer, failure);
    jpeg_finish_compress(&writer->codec);
    *size = (uint64_t)writer->stream.offset;
    return CIMAGE_OK;
}

void cimage_jpeg_writer_close(cimage_jpeg_writer *writer) {
    jpeg_destroy_compress(&writer->codec);
    free(writer);
}
