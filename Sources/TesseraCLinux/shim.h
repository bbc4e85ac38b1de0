#pragma once
// Linux functions that Swift's Glibc module omits. _GNU_SOURCE must not be defined here: it changes types that both
// modules contain, and Swift then treats them as different types.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>

// Declared only under _GNU_SOURCE.
extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);

// Flags that are enumeration members: depending on the header, Swift imports them as Int or as a structure.
static inline int tessera_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
static inline int tessera_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}
static inline int tessera_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int tessera_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
// The C library's send() and recv() are cancellation points, which cost two atomic operations in each call. This program
// never cancels threads.
static inline ssize_t tessera_send(int socket, const void *bytes, size_t count) {
    return syscall(SYS_sendto, socket, bytes, count, MSG_NOSIGNAL, (void *)0, 0);
}
static inline ssize_t tessera_receive(int socket, void *bytes, size_t capacity) {
    return syscall(SYS_recvfrom, socket, bytes, capacity, 0, (void *)0, (void *)0);
}
static inline ssize_t tessera_peek(int socket, void *bytes, size_t capacity) {
    return syscall(SYS_recvfrom, socket, bytes, capacity, MSG_PEEK, (void *)0, (void *)0);
}
static inline int tessera_no_delay(int socket) {
    int one = 1;
    return setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

// The number of processors that this process may use. sched_getaffinity() is declared only under _GNU_SOURCE.
static inline int tessera_processors(void) {
    unsigned long mask[128] = {0};
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long index = 0; index < bytes / (long)sizeof mask[0]; index++) count += __builtin_popcountl(mask[index]);
    return count > 0 ? count : 1;
}
