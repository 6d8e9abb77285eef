#include "CSystem.h"

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int csystem_hash_password(const char *password, const char *setting, char *out, size_t out_size) {
    // The working memory holds the password for a while: it is cleared and not left on the stack.
    struct crypt_data *data = calloc(1, sizeof *data);
    if (!data) {
        errno = ENOMEM;
        return -1;
    }
    const char *hash = crypt_rn(password, setting, data, sizeof *data);
    int result = -1;
    if (hash && hash[0] != '*' && strlen(hash) < out_size) {
        memcpy(out, hash, strlen(hash) + 1);
        result = 0;
    } else if (hash) {
        errno = EINVAL;
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

int csystem_password_setting(unsigned long cost, const void *random, size_t random_size, char *out, size_t out_size) {
    if (random_size > 64 || out_size > 1024) {
        errno = EINVAL;
        return -1;
    }
    return crypt_gensalt_rn("$y$", cost, random, (int)random_size, out, (int)out_size) ? 0 : -1;
}
