#ifndef CCURL_LIBRARY_H
#define CCURL_LIBRARY_H

#include <curl/curl.h>

/// Everything that is called of libcurl.
#define CCURL_FUNCTIONS(use)                                                                                           \
    use(global_init) use(easy_init) use(easy_cleanup) use(easy_setopt) use(easy_getinfo) use(easy_strerror)            \
    use(slist_append) use(slist_free_all) use(multi_init) use(multi_cleanup) use(multi_setopt) use(multi_add_handle)   \
    use(multi_remove_handle) use(multi_perform) use(multi_poll) use(multi_wakeup) use(multi_info_read)

/// libcurl's functions, null until `ccurl_start` has found them all.
struct ccurl_library {
#define CCURL_FIELD(name) __typeof__(curl_##name) *name;
    CCURL_FUNCTIONS(CCURL_FIELD)
#undef CCURL_FIELD
};

/// Written once, by `ccurl_start`, before any thread has a handle.
extern struct ccurl_library ccurl;

#endif
