// Conversions through HTTP with a fixed number in flight: throughput and the time from the submission to "completed".
// cc -O2 -pthread flight.c -o flight
// flight wonder PORT KEY IMAGE TO CLIENTS SECONDS   submits, waits on the event stream, asks for the link and downloads
// flight once   PORT KEY IMAGE TO CLIENTS SECONDS   submits with sync=true and downloads by the link in the answer
// flight file   PORT KEY IMAGE TO CLIENTS SECONDS   submits with sync=true and download=true, so that the answer is the file
// flight plain  PORT -   IMAGE TO CLIENTS SECONDS   posts {file, to} to /convert and reads the converted file
// Prints: conversions a second, median and 99th percentile of the milliseconds until completed, and the failures.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 1 << 16, MOST_TIMES = 1 << 20 };

static int port, is_wonder, is_at_once, is_one_request;
static const char *key;
static char *request;
static size_t request_count;
static double end_time;
static double times[MOST_TIMES];
static int time_count, failures;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static int connected(void) {
    int socket_ = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) == 0) return socket_;
    close(socket_);
    return -1;
}

/// Set when an answer ended its connection, as every thousandth of the server's does.
static _Thread_local int is_closed;

/// The connection for the next request.
static int open_connection(int *socket_) {
    if (is_closed) close(*socket_), *socket_ = connected();
    is_closed = 0;
    return *socket_ >= 0;
}

static int send_all(int socket_, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket_, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 1;
}

/// Reads one answer with a Content-Length; keeps its first bytes. Returns the status, 0 when the connection fails.
static int receive(int socket_, char *kept, size_t capacity) {
    size_t have = 0;
    char *body = NULL;
    while (!body && have < capacity - 1) {
        ssize_t got = recv(socket_, kept + have, capacity - 1 - have, 0);
        if (got <= 0) return 0;
        have += (size_t)got;
        kept[have] = 0;
        body = strstr(kept, "\r\n\r\n");
    }
    if (!body) return 0;
    char *field = strcasestr(kept, "\r\ncontent-length:");
    if (!field || field > body) return 0;
    char *close_field = strcasestr(kept, "\r\nconnection: close");
    is_closed = close_field && close_field < body;
    size_t length = strtoull(field + 17, NULL, 10), read = have - (size_t)(body + 4 - kept);
    char rest[BUFFER];
    while (read < length) {
        int fits = have < capacity - 1;
        ssize_t got = fits ? recv(socket_, kept + have, capacity - 1 - have, 0) : recv(socket_, rest, sizeof rest, 0);
        if (got <= 0) return 0;
        if (fits) have += (size_t)got, kept[have] = 0;
        read += (size_t)got;
    }
    return atoi(kept + 9);
}

static int between(const char *text, const char *start, char stop, char *result, size_t capacity) {
    const char *from = strstr(text, start);
    if (!from) return 0;
    from += strlen(start);
    const char *to = strchr(from, stop);
    if (!to || (size_t)(to - from) >= capacity) return 0;
    memcpy(result, from, (size_t)(to - from));
    result[to - from] = 0;
    return 1;
}

static int get(int *socket_, const char *path, char *answer) {
    char head[600];
    if (!open_connection(socket_)) return 0;
    int count = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\n\r\n", path, port, key);
    return send_all(*socket_, head, (size_t)count) ? receive(*socket_, answer, BUFFER) : 0;
}

/// Follows a job's events on a connection of their own until it has ended.
static int completed(const char *job) {
    char text[BUFFER];
    int socket_ = connected();
    if (socket_ < 0) return 0;
    int count = snprintf(text, sizeof text, "GET /api/v1/jobs/%s/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\n\r\n",
                         job, port, key);
    int is_done = 0;
    size_t have = 0;
    if (send_all(socket_, text, (size_t)count)) {
        while (!is_done && have < sizeof text - 1) {
            ssize_t got = recv(socket_, text + have, sizeof text - 1 - have, 0);
            if (got <= 0) break;
            have += (size_t)got;
            text[have] = 0;
            if (strstr(text, "event: failed")) break;
            is_done = strstr(text, "event: completed") != NULL;
        }
    }
    close(socket_);
    return is_done;
}

static int convert(int *socket_, double *took) {
    char answer[BUFFER], job[80], path[500];
    double start = now();
    if (!open_connection(socket_) || !send_all(*socket_, request, request_count)) return 0;
    int status = receive(*socket_, answer, sizeof answer);
    if (is_one_request) {
        *took = now() - start;
        return status == 200 && strcasestr(answer, "\r\ncontent-location:") != NULL;
    }
    if (is_at_once) {
        *took = now() - start;
        if (status != 200 || !between(answer, "\"download_url\":\"http://", '"', path, sizeof path)) return 0;
        char *local = strchr(path, '/');
        return local && get(socket_, local, answer) == 200;
    }
    if (is_wonder) {
        if (status != 202 || !between(answer, "\"request_id\":\"", '"', job, sizeof job) || !completed(job)) return 0;
        *took = now() - start;
        snprintf(path, sizeof path, "/api/v1/jobs/%s", job);
        if (get(socket_, path, answer) != 200 || !between(answer, "\"download_url\":\"http://", '"', path, sizeof path)) return 0;
        char *local = strchr(path, '/');
        return local && get(socket_, local, answer) == 200;
    }
    *took = now() - start;
    return status == 200;
}

static void *client(void *unused) {
    (void)unused;
    int socket_ = -1;
    while (now() < end_time) {
        if (socket_ < 0) socket_ = connected();
        double took = 0;
        int is_done = socket_ >= 0 && convert(&socket_, &took);
        pthread_mutex_lock(&lock);
        if (is_done && time_count < MOST_TIMES) times[time_count++] = took * 1e3;
        failures += !is_done;
        pthread_mutex_unlock(&lock);
        if (!is_done) {
            close(socket_);
            socket_ = -1;
            usleep(1000);
        }
    }
    close(socket_);
    return NULL;
}

static int by_size(const void *first, const void *second) {
    double left = *(const double *)first, right = *(const double *)second;
    return (left > right) - (left < right);
}

static void make_request(const char *image, const char *to) {
    FILE *file = fopen(image, "rb");
    if (!file) exit(1);
    fseek(file, 0, SEEK_END);
    size_t count = (size_t)ftell(file);
    rewind(file);
    char *fields = malloc(4096), *head = malloc(4096);
    const char *from = strrchr(image, '.') + 1, *boundary = "flight-boundary-7d1a2b3c4d5e6f70";
    const char *plain[][2] = {{"to", to}};
    const char *house[][2] = {
        {"conversion_type", "image"}, {"from", from}, {"to", to}, {"total_files", "1"}, {"sync", is_at_once ? "true" : "false"},
        {"download", "true"}};
    size_t used = 0;
    for (size_t index = 0; index < (is_one_request ? 6u : is_wonder ? 5u : 1u); index++) {
        const char **field = is_wonder ? house[index] : plain[index];
        used += (size_t)sprintf(fields + used, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary,
                                field[0], field[1]);
    }
    used += (size_t)sprintf(fields + used, "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"p.%s\"\r\n\r\n",
                            boundary, is_wonder ? "files[]" : "file", from);
    char tail[100];
    size_t tail_count = (size_t)sprintf(tail, "\r\n--%s--\r\n", boundary);
    size_t head_count = (size_t)sprintf(
        head, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\nContent-Type: multipart/form-data; boundary=%s\r\n"
              "Content-Length: %zu\r\n\r\n",
        is_wonder ? "/api/v1/jobs" : "/convert", port, key, boundary, used + count + tail_count);
    request_count = head_count + used + count + tail_count;
    request = malloc(request_count);
    memcpy(request, head, head_count);
    memcpy(request + head_count, fields, used);
    if (fread(request + head_count + used, 1, count, file) != count) exit(1);
    memcpy(request + request_count - tail_count, tail, tail_count);
    fclose(file);
}

int main(int count, char **words) {
    if (count != 8) return 2;
    is_one_request = strcmp(words[1], "file") == 0;
    is_at_once = is_one_request || strcmp(words[1], "once") == 0;
    is_wonder = is_at_once || strcmp(words[1], "wonder") == 0;
    port = atoi(words[2]);
    key = words[3];
    make_request(words[4], words[5]);
    int clients = atoi(words[6]);
    double start = now();
    end_time = start + atof(words[7]);
    pthread_t threads[256];
    for (int index = 0; index < clients && index < 256; index++) pthread_create(&threads[index], NULL, client, NULL);
    for (int index = 0; index < clients && index < 256; index++) pthread_join(threads[index], NULL);
    double seconds = now() - start;
    qsort(times, (size_t)time_count, sizeof *times, by_size);
    double median = time_count ? times[time_count / 2] : 0, slow = time_count ? times[time_count * 99 / 100] : 0;
    printf("%.2f %.3f %.3f %d\n", time_count / seconds, median, slow, failures);
    return 0;
}
