#include "CSystem.h"

#include <unistd.h>

int csystem_sync_file_system(int descriptor) { return syncfs(descriptor); }
