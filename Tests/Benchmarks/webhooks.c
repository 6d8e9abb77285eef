/* The two ends to measure webhooks against: a receiver that only answers, and a plain loop over libcurl's multi interface.
   usage: webhooks receive PORT | webhooks send COUNT ATONCE URL */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* Counts a request as complete when 600 bytes of body have come after its head, which every sender here keeps in one piece. */
static int receive(int port) {
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    static char buffer[65536];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1, poller = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024)) return perror("listen"), 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < count; i++) {
            int socket = events[i].data.fd;
            if (socket == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                epoll_ctl(poller, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            ssize_t got = recv(socket, buffer, sizeof buffer, 0);
            if (got <= 0) close(socket);
            else if (buffer[got - 1] == '}' && send(socket, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0) close(socket);
        }
    }
}

static size_t drop(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

static int send_all(int count, int at_once, const char *url) {
    static char body[600];
    memset(body, 'x', sizeof body);
    body[0] = '{';
    body[sizeof body - 1] = '}';
    struct curl_slist *fields = NULL;
    const char *lines[] = {
        "Content-Type: application/json", "X-WonderConvert-Event: conversion.job.completed", "Expect:",
        "X-WonderConvert-Signature: sha256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    for (int i = 0; i < 4; i++) fields = curl_slist_append(fields, lines[i]);
    curl_global_init(CURL_GLOBAL_ALL);
    CURLM *multi = curl_multi_init();
    int begun = 0, done = 0, running = 0, left;
    double start = now();
    clock_t processor = clock();
    for (; begun < at_once && begun < count; begun++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, url);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)sizeof body);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
        curl_multi_add_handle(multi, easy);
    }
    while (done < count) {
        curl_multi_perform(multi, &running);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
            if (message->msg != CURLMSG_DONE) continue;
            if (message->data.result) return fprintf(stderr, "%s\n", curl_easy_strerror(message->data.result)), 1;
            CURL *easy = message->easy_handle;
            curl_multi_remove_handle(multi, easy);
            done++;
            if (begun < count) begun++, curl_multi_add_handle(multi, easy);
        }
        if (done < count) curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    double seconds = now() - start;
    printf("C loop, %d at once: %.0f a second, %.0f us of processor time each\n", at_once, count / seconds,
           (double)(clock() - processor) / CLOCKS_PER_SEC * 1e6 / count);
    return 0;
}

int main(int count, char **words) {
    if (count == 3 && !strcmp(words[1], "receive")) return receive(atoi(words[2]));
    if (count == 5 && !strcmp(words[1], "send")) return send_all(atoi(words[2]), atoi(words[3]), words[4]);
    return fprintf(stderr, "usage: webhooks receive PORT | webhooks send COUNT ATONCE URL\n"), 2;
}
