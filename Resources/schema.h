#ifndef CRESOURCES_SCHEMA_H
#define CRESOURCES_SCHEMA_H

#include "CResources.h"

/// The number of embedded migrations.
size_t cschema_count(void);

/// The embedded migration at an index below the count.
cresource cschema_at(size_t index);

#endif
