#include "CCurl.h"
#include "library.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// Opens the socket only when the guard lets its address through, so every spelling of a host ends here.
static curl_socket_t open_socket(void *pointer, curlsocktype purpose, struct curl_sockaddr *target) {
    const struct ccurl_callbacks *callbacks = pointer;
    char text[INET6_ADDRSTRLEN] = "";
    int port = 0;
    if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
    if (target->family == AF_INET && target->addrlen >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in four;
        memcpy(&four, &target->addr, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
        port = ntohs(four.sin_port);
    } else if (target->family == AF_INET6 && target->addrlen >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 six;
        memcpy(&six, &target->addr, sizeof six);
        inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
        port = ntohs(six.sin6_port);
    } else {
        return CURL_SOCKET_BAD;
    }
    if (!callbacks->guard(callbacks->context, text, port, 0)) return CURL_SOCKET_BAD;
    return socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

static int before_request(void *pointer, char *address, char *local, int port, int local_port) {
    const struct ccurl_callbacks *callbacks = pointer;
    (void)local;
    (void)local_port;
    return callbacks->guard(callbacks->context, address, port, 1) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *pointer) {
    const struct ccurl_callbacks *callbacks = pointer;
    return callbacks->header(callbacks->context, bytes, size * count) ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *pointer) {
    const struct ccurl_callbacks *callbacks = pointer;
    return callbacks->body(callbacks->context, bytes, size * count) ? size * count : 0;
}

static size_t give_upload(char *buffer, size_t size, size_t count, void *pointer) {
    struct ccurl_upload *upload = pointer;
    size_t room = size * count;
    long long left = upload->count - upload->sent;
    size_t given = left < (long long)room ? (size_t)left : room;
    if (upload->bytes) {
        memcpy(buffer, upload->bytes + upload->sent, given);
    } else if (given > 0) {
        ssize_t got = pread(upload->descriptor, buffer, given, upload->offset + upload->sent);
        if (got <= 0) return CURL_READFUNC_ABORT;
        given = (size_t)got;
    }
    upload->sent += (long long)given;
    return given;
}

/// Begins again where libcurl has to, because a connection that was kept had ended.
static int seek_upload(void *pointer, curl_off_t offset, int origin) {
    struct ccurl_upload *upload = pointer;
    if (origin != SEEK_SET || offset < 0 || offset > upload->count) return CURL_SEEKFUNC_FAIL;
    upload->sent = offset;
    return CURL_SEEKFUNC_OK;
}

CURLcode ccurl_set_upload(CURL *handle, struct ccurl_upload *upload) {
    CURLcode code = ccurl.easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_READFUNCTION, give_upload);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_READDATA, upload);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek_upload);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_SEEKDATA, upload);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)upload->count);
    return code;
}

CURLcode ccurl_set_callbacks(CURL *handle, const struct ccurl_callbacks *callbacks) {
    CURLcode code = ccurl.easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_OPENSOCKETDATA, callbacks);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_PREREQFUNCTION, before_request);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_PREREQDATA, callbacks);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_HEADERDATA, callbacks);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    if (code == CURLE_OK) code = ccurl.easy_setopt(handle, CURLOPT_WRITEDATA, callbacks);
    return code;
}
