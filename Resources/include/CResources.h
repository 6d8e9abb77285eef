#ifndef CRESOURCES_H
#define CRESOURCES_H

#include <stddef.h>

/// One embedded file: its path below Resources/ and its bytes.
typedef struct {
    const char *path;
    const unsigned char *bytes;
    size_t count;
} cresource;

/// All embedded files; the number of them is `cresources_count`.
extern const cresource cresources[];
extern const size_t cresources_count;

#endif
