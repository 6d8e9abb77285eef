// The plain loops that conversions are measured against: libpng and libjpeg by rows, nothing else.
// cc -O2 codec.c -lpng -ljpeg -o codec; codec png-jpeg|jpeg-png|jpeg-thumbnail IN OUT [TIMES] prints processor
// milliseconds.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <jpeglib.h>
#include <png.h>

static double milliseconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void png_to_jpeg(FILE *in, FILE *out) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, in);
    png_read_info(png, info);
    png_set_strip_16(png);
    png_set_expand(png);
    png_set_strip_alpha(png);
    png_read_update_info(png, info);
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, out);
    jpeg.image_width = png_get_image_width(png, info);
    jpeg.image_height = png_get_image_height(png, info);
    jpeg.input_components = png_get_channels(png, info);
    jpeg.in_color_space = jpeg.input_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 85, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    JSAMPROW row = malloc(png_get_rowbytes(png, info));
    while (jpeg.next_scanline < jpeg.image_height) {
        png_read_row(png, row, NULL);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    png_read_end(png, NULL);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    png_destroy_read_struct(&png, &info, NULL);
    free(row);
}

static void jpeg_begin(struct jpeg_decompress_struct *jpeg, struct jpeg_error_mgr *errors, FILE *in, int denominator) {
    jpeg->err = jpeg_std_error(errors);
    jpeg_create_decompress(jpeg);
    jpeg_stdio_src(jpeg, in);
    jpeg_read_header(jpeg, TRUE);
    jpeg->scale_denom = denominator;
    jpeg_start_decompress(jpeg);
}

static void jpeg_to_png(FILE *in, FILE *out) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg_begin(&jpeg, &errors, in, 1);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, out);
    png_set_IHDR(png, info, jpeg.output_width, jpeg.output_height, 8,
                 jpeg.output_components == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    JSAMPROW row = malloc((size_t)jpeg.output_width * jpeg.output_components);
    while (jpeg.output_scanline < jpeg.output_height) {
        jpeg_read_scanlines(&jpeg, &row, 1);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    jpeg_destroy_decompress(&jpeg);
    free(row);
}

/// The least that a thumbnail can cost: the decoder's own eighth, coded again.
static void jpeg_to_thumbnail(FILE *in, FILE *out) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors, more;
    jpeg_begin(&jpeg, &errors, in, 8);
    struct jpeg_compress_struct small;
    small.err = jpeg_std_error(&more);
    jpeg_create_compress(&small);
    jpeg_stdio_dest(&small, out);
    small.image_width = jpeg.output_width;
    small.image_height = jpeg.output_height;
    small.input_components = jpeg.output_components;
    small.in_color_space = jpeg.out_color_space;
    jpeg_set_defaults(&small);
    jpeg_set_quality(&small, 85, TRUE);
    jpeg_start_compress(&small, TRUE);
    JSAMPROW row = malloc((size_t)jpeg.output_width * jpeg.output_components);
    while (jpeg.output_scanline < jpeg.output_height) {
        jpeg_read_scanlines(&jpeg, &row, 1);
        jpeg_write_scanlines(&small, &row, 1);
    }
    jpeg_finish_compress(&small);
    jpeg_destroy_compress(&small);
    jpeg_destroy_decompress(&jpeg);
    free(row);
}

int main(int count, char **words) {
    if (count < 4) return 2;
    void (*loop)(FILE *, FILE *) = strcmp(words[1], "png-jpeg") == 0         ? png_to_jpeg
                                   : strcmp(words[1], "jpeg-png") == 0       ? jpeg_to_png
                                   : strcmp(words[1], "jpeg-thumbnail") == 0 ? jpeg_to_thumbnail
                                                                             : NULL;
    if (!loop) return 2;
    double start = milliseconds();
    for (int left = count > 4 ? atoi(words[4]) : 1; left > 0; left--) {
        FILE *in = fopen(words[2], "rb"), *out = fopen(words[3], "wb");
        if (!in || !out) return 1;
        loop(in, out);
        fclose(in);
        fclose(out);
    }
    printf("%.3f\n", milliseconds() - start);
    return 0;
}
