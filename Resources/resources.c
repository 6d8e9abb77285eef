#include "CResources.h"
const cresource cresources[] = {{"", (const unsigned char *)"", 0}};
const size_t cresources_count = 0;
