#include "CCurl.h"
#include "library.h"

CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value) {
    return ccurl.easy_setopt(handle, option, value);
}

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text) {
    return ccurl.easy_setopt(handle, option, text);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
    return ccurl.easy_setopt(handle, option, list);
}

CURLcode ccurl_set_body(CURL *handle, const void *bytes, size_t count) {
    CURLcode code = ccurl.easy_setopt(handle, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes);
    return code;
}

CURLcode ccurl_set_most_bytes(CURL *handle, long long count) {
    return ccurl.easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)count);
}

const char *ccurl_redirect(CURL *handle) {
    const char *url = NULL;
    return ccurl.easy_getinfo(handle, CURLINFO_REDIRECT_URL, &url) == CURLE_OK ? url : NULL;
}

long ccurl_status(CURL *handle) {
    long status = 0;
    ccurl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

long long ccurl_retry_after(CURL *handle) {
    curl_off_t seconds = 0;
    ccurl.easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds);
    return seconds;
}

int ccurl_has_connected(CURL *handle) {
    curl_off_t connected = 0, ready = 0;
    ccurl.easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connected);
    // A used connection takes no time to be made.
    ccurl.easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready);
    return connected > 0 || ready > 0;
}

long long ccurl_microseconds(CURL *handle) {
    curl_off_t span = 0;
    ccurl.easy_getinfo(handle, CURLINFO_TOTAL_TIME_T, &span);
    return span;
}

CURLMcode ccurl_multi_set_number(CURLM *multi, CURLMoption option, long value) {
    return ccurl.multi_setopt(multi, option, value);
}

CURL *ccurl_multi_next(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = ccurl.multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
