#include "CCurl.h"
#include "library.h"

#include <dlfcn.h>

struct ccurl_library ccurl;

CURLcode ccurl_start(void) {
    void *file = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!file) return CURLE_FAILED_INIT;
    struct ccurl_library found;
#define CCURL_FIND(name)                                                                                               \
    found.name = (__typeof__(found.name))dlsym(file, "curl_" #name);                                                   \
    if (!found.name) return CURLE_FAILED_INIT;
    CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
    ccurl = found;
    return ccurl.global_init(CURL_GLOBAL_ALL);
}

CURL *ccurl_easy_init(void) { return ccurl.easy_init(); }

void ccurl_easy_cleanup(CURL *handle) { ccurl.easy_cleanup(handle); }

const char *ccurl_sentence(CURLcode code) { return ccurl.easy_strerror(code); }

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
    return ccurl.slist_append(list, text);
}

void ccurl_list_free(struct curl_slist *list) {
    if (list) ccurl.slist_free_all(list);
}

CURLM *ccurl_multi_init(void) { return ccurl.multi_init(); }

void ccurl_multi_cleanup(CURLM *multi) { ccurl.multi_cleanup(multi); }

CURLMcode ccurl_multi_add(CURLM *multi, CURL *handle) { return ccurl.multi_add_handle(multi, handle); }

void ccurl_multi_remove(CURLM *multi, CURL *handle) { ccurl.multi_remove_handle(multi, handle); }

void ccurl_multi_perform(CURLM *multi) {
    int running = 0;
    ccurl.multi_perform(multi, &running);
}

void ccurl_multi_wait(CURLM *multi, int milliseconds) { ccurl.multi_poll(multi, NULL, 0, milliseconds, NULL); }

void ccurl_multi_wake(CURLM *multi) { ccurl.multi_wakeup(multi); }
