#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stddef.h>

/// Asks whether an address may be dialled: the numeric text of the socket address and its port. 1 for yes.
///
/// `has_connected` is 1 before a request over a connection that is there, and 0 before one is made.
typedef int (*ccurl_guard)(void *context, const char *address, int port, int has_connected);

/// Takes bytes of the answer; returns 1 to go on and 0 to stop the transfer.
typedef int (*ccurl_taker)(void *context, const char *bytes, size_t count);

/// Loads libcurl and sets it up; called once in a process, before anything else of this header.
///
/// libcurl is not linked, for it and the thirty libraries behind it would be mapped in every process: each child of a
/// worker would pay for them at its fork, and each command at its start.
CURLcode ccurl_start(void);

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *handle);
/// What libcurl calls a result; text that stays.
const char *ccurl_sentence(CURLcode code);

/// The list with one text more, which is copied; null when memory is short, and the list is as it was.
struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
/// Frees a list; null is none.
void ccurl_list_free(struct curl_slist *list);

/// How far a connection is encrypted; libcurl's own names are an enumeration in some versions and plain numbers in others.
enum { CCURL_TLS_NEVER = CURLUSESSL_NONE, CCURL_TLS_OFFERED = CURLUSESSL_TRY, CCURL_TLS_ALWAYS = CURLUSESSL_ALL };

CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *list);

/// Sets the bytes of a POST, which are copied.
CURLcode ccurl_set_body(CURL *handle, const void *bytes, size_t count);

/// Bytes that are sent, of memory or from a place in a file, and how many of them have been.
struct ccurl_upload {
    /// Null for those of the file.
    const unsigned char *bytes;
    long long count;
    long long sent;
    int descriptor;
    long long offset;
};

/// Sends the bytes, which must live as long as the handle.
CURLcode ccurl_set_upload(CURL *handle, struct ccurl_upload *upload);

/// Who decides about addresses and who takes the answer, all with one context.
///
/// The guard is asked where a socket is opened, and before each request of a connection, a used one included.
struct ccurl_callbacks {
    void *context;
    ccurl_guard guard;
    ccurl_taker header;
    ccurl_taker body;
};

/// Puts the callbacks in place; they are read while transfers run and must live as long as the handle.
CURLcode ccurl_set_callbacks(CURL *handle, const struct ccurl_callbacks *callbacks);

/// Ends a transfer whose announced length is more than this many bytes; 0 for no limit.
CURLcode ccurl_set_most_bytes(CURL *handle, long long count);

/// Where a redirect leads, as an absolute URL that lives as long as the transfer; null without one.
const char *ccurl_redirect(CURL *handle);

long ccurl_status(CURL *handle);
/// Seconds that a Retry-After field asks for, from either of its forms; 0 without one.
long long ccurl_retry_after(CURL *handle);
/// 1 when the transfer had a connection, new or used, and 0 when it never got that far.
int ccurl_has_connected(CURL *handle);
/// Microseconds of the whole transfer.
long long ccurl_microseconds(CURL *handle);

CURLM *ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *handle);
void ccurl_multi_remove(CURLM *multi, CURL *handle);
/// Moves all transfers on as far as they go without waiting.
void ccurl_multi_perform(CURLM *multi);
/// Waits until a transfer can go on, the time is over, or another thread wakes it.
void ccurl_multi_wait(CURLM *multi, int milliseconds);
/// Ends the present or next wait; any thread may call it.
void ccurl_multi_wake(CURLM *multi);

CURLMcode ccurl_multi_set_number(CURLM *multi, CURLMoption option, long value);

/// Takes the next transfer that has ended, and how; null when there is none.
CURL *ccurl_multi_next(CURLM *multi, CURLcode *result);

#endif
