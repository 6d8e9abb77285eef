// What the C parts make of the same input, a line for each: the same on every machine. The filters of system calls are
// interpreted for every number there is. `run` compares two machines.
#include "../../../Sources/CSystem/tool.c"

#include "CImage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static uint64_t seed = 88172645463325252ull;
static uint8_t next(void) {
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return (uint8_t)(seed >> 24);
}

static void fill(uint8_t *bytes, size_t count) {
    // Noise, ramps and runs.
    for (size_t index = 0; index < count; index++) bytes[index] = index / 512 % 3 == 0 ? next() : (uint8_t)(index / (1 + index / 512 % 5));
}

static void say(const char *name, const void *bytes, size_t count) {
    uint64_t hash = 14695981039346656037ull;
    for (size_t index = 0; index < count; index++) hash = (hash ^ ((const uint8_t *)bytes)[index]) * 1099511628211ull;
    printf("%-28s %8zu %016llx\n", name, count, (unsigned long long)hash);
}

static void must(bool holds, const char *what) {
    if (holds) return;
    printf("FAILED: %s\n", what);
    exit(1);
}

static struct sock_filter kept[1024];
static size_t kept_count;

long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long v[6];
    for (int index = 0; index < 6; index++) v[index] = va_arg(list, long);
    va_end(list);
    if (number != SYS_seccomp) return __real_syscall(number, v[0], v[1], v[2], v[3], v[4], v[5]);
    const struct sock_fprog *program = (const struct sock_fprog *)v[2];
    kept_count = program->len;
    memcpy(kept, program->filter, kept_count * sizeof *kept);
    return 0;
}

/// What the kernel would do with the filter that was put in place last (seccomp(2)).
static uint32_t decide(uint32_t number, uint32_t architecture, uint64_t first, uint64_t second, uint64_t third) {
    struct seccomp_data data = {.nr = (int)number, .arch = architecture, .args = {first, second, third}};
    uint32_t value = 0;
    for (size_t at = 0; at < kept_count; at++) {
        const struct sock_filter step = kept[at];
        bool holds = false;
        switch (step.code) {
        case BPF_LD | BPF_W | BPF_ABS: memcpy(&value, (const uint8_t *)&data + step.k, 4); continue;
        case BPF_RET | BPF_K: return step.k;
        case BPF_JMP | BPF_JEQ | BPF_K: holds = value == step.k; break;
        case BPF_JMP | BPF_JGE | BPF_K: holds = value >= step.k; break;
        case BPF_JMP | BPF_JSET | BPF_K: holds = value & step.k; break;
        default: must(false, "an instruction of the filter");
        }
        at += holds ? step.jt : step.jf;
    }
    must(false, "the filter has an end");
    return 0;
}

static bool allows(long number, uint64_t a, uint64_t b, uint64_t c) {
    return decide((uint32_t)number, ARCHITECTURE, a, b, c) == SECCOMP_RET_ALLOW;
}

static void filters(void) {
    must(csystem_forbid_calls() == 0, "a filter for decoders");
    must(allows(SYS_read, 0, 0, 0) && allows(SYS_pwrite64, 0, 0, 0) && allows(SYS_exit_group, 0, 0, 0), "what a decoder needs");
    must(allows(SYS_mmap, 0, 0, PROT_READ | PROT_WRITE) && !allows(SYS_mmap, 0, 0, PROT_EXEC), "no executable memory");
    must(!allows(SYS_mprotect, 0, 0, PROT_READ | PROT_EXEC), "no executable memory later");
    must(allows(SYS_tgkill, (uint64_t)getpid(), 0, 0) && !allows(SYS_tgkill, 1, 0, 0), "signals to itself alone");
    must(allows(SYS_prlimit64, 0, RLIMIT_FSIZE, 0) && !allows(SYS_prlimit64, 0, RLIMIT_AS, 0), "one limit alone");
    for (const long *call = (const long[]){SYS_openat, SYS_socket, SYS_clone, SYS_clone3, SYS_execve, SYS_ptrace, SYS_newfstatat,
                                           SYS_statx, SYS_unlinkat, SYS_fcntl, SYS_connect, SYS_io_uring_setup, -1};
         *call >= 0; call++) {
        must(!allows(*call, 0, 0, 0), "a call that a decoder never makes");
    }
    int count = 0;
    for (long number = 0; number < 1024; number++) count += allows(number, UINT64_MAX, 0, 0);
    // Their numbers differ between machines, their count by what only one of them has.
#ifdef SYS_poll
    count--;
#endif
    printf("%-28s %8d\n", "calls of a decoder", count);
    must(decide(SYS_read, ARCHITECTURE ^ 1, 0, 0, 0) == SECCOMP_RET_KILL_PROCESS, "calls of another machine");

    const csystem_tool plain = {0};
    must(forbid_calls(&plain, false, true) == 0, "a filter for programs of others");
    must(allows(SYS_openat, 0, 0, 0) && allows(SYS_execve, 0, 0, 0) && allows(SYS_clone, SIGCHLD, 0, 0), "what a program needs");
    must(!allows(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0) && !allows(SYS_unshare, 0, 0, 0), "no spaces of its own");
    must(!allows(SYS_mount, 0, 0, 0) && !allows(SYS_ptrace, 0, 0, 0) && !allows(SYS_kill, 0, 0, 0), "nothing outside");
    must(!allows(SYS_socket, AF_INET, 0, 0) && !allows(SYS_bpf, 0, 0, 0) && !allows(SYS_io_uring_setup, 0, 0, 0), "no network");
    const csystem_tool browser = {.needs = CSYSTEM_NEEDS_OWN_SANDBOX};
    must(forbid_calls(&browser, true, false) == 0, "a filter for a browser");
    must(allows(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0) && allows(SYS_unshare, 0, 0, 0), "spaces of its own");
    must(allows(SYS_socket, AF_UNIX, 0, 0) && !allows(SYS_socket, AF_INET, 0, 0) && !allows(SYS_mount, 0, 0, 0), "sockets of its own");
}

enum { WIDTH = 331, HEIGHT = 203, MOST = WIDTH * HEIGHT * 4 };
static uint8_t pixels[MOST], back[MOST], result[4 * MOST + 4096];

static void pictures(uint32_t channels) {
    char name[64];
    cimage_failure failure;
    const cimage_header header = {WIDTH, HEIGHT, channels};
    const size_t row = (size_t)WIDTH * channels;
    fill(pixels, row * HEIGHT);
    FILE *file = tmpfile();
    cimage_png_writer *writer = NULL;
    uint64_t size;
    must(file && cimage_png_writer_open(fileno(file), 0, header, cimage_png_photograph, (cimage_attachments){0}, &writer, &failure) == 0,
         "a PNG");
    must(cimage_png_writer_rows(writer, pixels, row * HEIGHT, HEIGHT, &failure) == 0, failure.text);
    must(cimage_png_writer_finish(writer, &size, &failure) == 0, failure.text);
    cimage_png_writer_close(writer);
    cimage_png_reader *reader;
    cimage_header found;
    must(cimage_png_reader_open(fileno(file), 0, CIMAGE_STRICT, &reader, &found, &failure) == 0, failure.text);
    must(cimage_png_reader_rows(reader, back, row * HEIGHT, HEIGHT, &failure) == 0, failure.text);
    must(cimage_png_reader_finish(reader, &failure) == 0, failure.text);
    cimage_png_reader_close(reader);
    must(memcmp(pixels, back, row * HEIGHT) == 0, "a PNG comes back as it went");
    must(pread(fileno(file), result, size, 0) == (ssize_t)size, "a file");
    snprintf(name, sizeof name, "PNG of %u channels", channels);
    say(name, result, size);
    fclose(file);

    for (size_t at = 0; at < HEIGHT; at++) {
        const uint8_t *above = at > 0 ? pixels + (at - 1) * row : (const uint8_t *)calloc(1, row);
        must(cimage_png_filter(pixels + at * row, above, row, channels, result + at * (row + 1)), "a filter");
        must(cimage_png_undo_filter(result[at * (row + 1)], result + at * (row + 1) + 1, above, back, row, channels), "its reverse");
        must(memcmp(back, pixels + at * row, row) == 0, "a row comes back as it went");
        for (unsigned filter = 0; filter < 5; filter++) {
            must(cimage_png_undo_filter(filter, pixels + at * row, above, back, row, channels), "each filter");
            if (at == 7) snprintf(name, sizeof name, "filter %u of %u bytes", filter, channels), say(name, back, row);
        }
    }
    snprintf(name, sizeof name, "filters chosen, %u bytes", channels);
    say(name, result, (row + 1) * HEIGHT);
    if (channels != 1 && channels != 3) return;

    file = tmpfile();
    cimage_jpeg_writer *jpeg;
    must(cimage_jpeg_writer_open(fileno(file), 0, header, (cimage_jpeg_settings){85, 2, 2, false}, (cimage_attachments){0}, &jpeg,
                                 &failure) == 0, "a JPEG");
    must(cimage_jpeg_writer_rows(jpeg, pixels, row * HEIGHT, HEIGHT, &failure) == 0, failure.text);
    must(cimage_jpeg_writer_finish(jpeg, &size, &failure) == 0, failure.text);
    cimage_jpeg_writer_close(jpeg);
    must(pread(fileno(file), result, size, 0) == (ssize_t)size, "a file");
    snprintf(name, sizeof name, "JPEG of %u channels", channels);
    say(name, result, size);
    cimage_jpeg_reader *source;
    must(cimage_jpeg_reader_open(fileno(file), CIMAGE_STRICT, &source, &found, &failure) == 0, failure.text);
    must(cimage_jpeg_reader_rows(source, back, row * HEIGHT, HEIGHT, &failure) == 0, failure.text);
    must(cimage_jpeg_reader_finish(source, &failure) == 0, failure.text);
    cimage_jpeg_reader_close(source);
    say("and its pixels", back, row * HEIGHT);
    fclose(file);
}

static void bytes(void) {
    fill(pixels, MOST);
    const uint32_t sums[] = {cimage_adler(1, pixels, MOST - 3), cimage_crc(0, pixels + 1, MOST - 4)};
    say("checksums", sums, sizeof sums);
    if (csystem_has_sha256_instructions()) {
        uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
        const uint8_t abc[64] = {'a', 'b', 'c', 0x80, [63] = 24};
        csystem_sha256_blocks(state, abc, 1);
        must(state[0] == 0xba7816bf && state[7] == 0xf20015ad, "SHA-256 of abc (FIPS 180-4)");
    }
    static cimage_run runs[MOST / 4];
    uint32_t counts[CIMAGE_SYMBOLS];
    const size_t found = cimage_runs_find(pixels, MOST, runs, MOST / 4);
    must(cimage_runs_count(pixels, MOST, runs, found, counts), "runs");
    say("runs", runs, found * sizeof *runs);
    say("counts", counts, sizeof counts);
    size_t used, produced, taken, given;
    cimage_deflater *deflater = cimage_deflater_open(6, false, true);
    must(deflater && cimage_deflater_run(deflater, pixels, MOST, true, result, sizeof result, &used, &produced), "DEFLATE");
    cimage_deflater_close(deflater);
    cimage_inflater *inflater = cimage_inflater_open();
    must(inflater && cimage_inflater_run(inflater, result, produced, back, MOST, &taken, &given) != CIMAGE_INFLATE_DAMAGED && given == MOST,
         "and back");
    must(memcmp(back, pixels, MOST) == 0, "DEFLATE comes back as it went");
    cimage_inflater_close(inflater);
    const uint8_t *rows[] = {pixels, pixels + 999, pixels + 2222, pixels + 31337};
    const int16_t weights[] = {-1000, 9000, 9384, -1000};
    cimage_mix_rows(rows, weights, 4, result, 1001);
    say("rows mixed", result, 1001);
    cimage_interleave(pixels, 300, back);
    uint32_t starts[50], taps[50];
    int16_t many[200];
    for (uint32_t at = 0; at < 50; at++) {
        starts[at] = at * 2 > 96 ? 96 : at * 2, taps[at] = 4;
        memcpy(many + 4 * at, weights, sizeof weights);
    }
    cimage_mix_columns(back, 100, 3, starts, taps, many, 4, result, 50);
    say("columns mixed", result, 50 * 3 * CIMAGE_LANES);
    cimage_separate(back, 300, result);
    must(memcmp(result, pixels, 300 * CIMAGE_LANES) == 0, "lanes come back as they went");
    cimage_flatten(pixels, 5000, (const uint8_t[]){250, 128, 3}, result);
    say("laid over a colour", result, 15000);
    static uint32_t totals[1003];
    cimage_add_row(totals, pixels, 1003);
    say("rows added", totals, sizeof totals);
    char hash[512];
    const char *setting = "$y$j75$saltsaltsaltsalt";
    must(csystem_hash_password("a password", setting, hash, sizeof hash) == 0, "a password");
    say("a password's hash", hash, strlen(hash));
}

int main(void) {
    bytes();
    for (uint32_t channels = 1; channels <= 4; channels++) pictures(channels);
    filters();
    return 0;
}
