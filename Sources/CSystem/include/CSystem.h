#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/types.h>

/// Accepts one connection, non-blocking and close-on-exec; -1 and errno when there is none.
int csystem_accept(int listener, struct sockaddr_storage *peer, socklen_t *length);

/// The first place of `needle` in `haystack`, or SIZE_MAX when it does not occur.
size_t csystem_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);

/// True when this CPU has the SHA-256 instructions that `csystem_sha256_blocks` needs.
bool csystem_has_sha256_instructions(void);

/// Folds `count` 64-byte blocks into `state` with the CPU's SHA instructions.
void csystem_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);

/// Names the calling thread (at most 15 bytes are kept).
void csystem_name_thread(const char *name);

/// The user on the other end of a connected unix socket; -1 and errno on failure.
int csystem_peer_user(int socket, uint32_t *user);

/// Sends one message with up to four descriptors over a unix socket; returns the bytes sent or -1.
ssize_t csystem_send_descriptors(int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);

/// Receives one message with up to four descriptors (close-on-exec); returns the bytes received or -1.
ssize_t csystem_receive_descriptors(int socket, void *bytes, size_t capacity, int *descriptors, size_t *descriptor_count);

/// Forks; only for a process that has a single thread.
int csystem_fork(void);

#endif
