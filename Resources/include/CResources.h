#ifndef CRESOURCES_H
#define CRESOURCES_H

#include <stddef.h>

/// One embedded file: its path below Resources/ and its bytes.
typedef struct {
    const char *path;
    const unsigned char *bytes;
    size_t count;
} cresource;

/// The number of embedded files.
size_t cresources_count(void);

/// The embedded file at an index below the count.
cresource cresources_at(size_t index);

#endif
