// The least a server can do with an upload: read the head, then receive and write until the announced bytes are there.
//
// usage: upload FILE; prints its port on 127.0.0.1, serves one connection after another.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[256 * 1024 + 1];

static void serve(int client, const char *path) {
    size_t have = 0;
    char *end = NULL;
    while (!end && have < sizeof buffer - 1) {
        ssize_t count = recv(client, buffer + have, sizeof buffer - 1 - have, 0);
        if (count <= 0) return;
        have += (size_t)count;
        buffer[have] = 0;
        end = memmem(buffer, have, "\r\n\r\n", 4);
    }
    const char *field = end ? strcasestr(buffer, "content-length:") : NULL;
    if (!field) return;
    long long left = atoll(field + 15);
    size_t body = have - (size_t)(end + 4 - buffer);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (write(file, end + 4, body) != (ssize_t)body) return;
    left -= (long long)body;
    while (left > 0) {
        ssize_t count = recv(client, buffer, sizeof buffer - 1, 0);
        if (count <= 0 || write(file, buffer, (size_t)count) != count) break;
        left -= count;
    }
    close(file);
    unlink(path);
    const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    send(client, answer, strlen(answer), MSG_NOSIGNAL);
}

int main(int count, char **words) {
    if (count != 2) return 2;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof name;
    if (bind(listener, (struct sockaddr *)&name, length) || listen(listener, 16)) return 1;
    getsockname(listener, (struct sockaddr *)&name, &length);
    printf("%d\n", ntohs(name.sin_port));
    fflush(stdout);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) return 1;
        serve(client, words[1]);
        close(client);
    }
}
