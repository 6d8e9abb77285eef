#include "CImage.h"

#include <stdio.h>

#include <jconfig.h>
#include <png.h>
#include <zlib.h>

#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)

const char *cimage_png_version(void) { return png_get_libpng_ver(NULL); }

const char *cimage_jpeg_version(void) { return TEXT(LIBJPEG_TURBO_VERSION); }

const char *cimage_zlib_version(void) { return zlibVersion(); }
