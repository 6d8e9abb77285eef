/* What a webhook costs at least that is read from SQLite, sent by a plain loop of libcurl and recorded on disk: the limit for the courier.
   gcc -O2 -o recorded Tests/Benchmarks/recorded.c -lcurl -lsqlite3 -lpthread
   (-DSPELLED: the constraint of the state spelled out, for which SQLite makes no table in each statement)
   usage: recorded COUNT ATONCE GROUP URL FILE, where FILE is made anew; without a URL ("-") nothing is sent */
#include <curl/curl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PORTION = 128, BODY = 600 };

#ifdef SPELLED
#define STATES "state = 'waiting' OR state = 'delivered' OR state = 'failed'"
#else
#define STATES "state IN ('waiting', 'delivered', 'failed')"
#endif

/* The tables, indexes and pragmas of the appliance, as far as a delivery touches them. */
static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON;"
    "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;"
    "CREATE TABLE deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, workspace_id INTEGER, event_id TEXT NOT NULL, event TEXT NOT NULL,"
    " style TEXT NOT NULL, request_id TEXT, url TEXT NOT NULL, host TEXT NOT NULL, secret TEXT, body BLOB NOT NULL,"
    " state TEXT NOT NULL CHECK (" STATES "), attempts INTEGER NOT NULL DEFAULT 0,"
    " next_attempt_at INTEGER, last_error TEXT, created_at INTEGER NOT NULL, finished_at INTEGER, address TEXT NOT NULL) STRICT;"
    "CREATE TABLE attempts (id INTEGER PRIMARY KEY, delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL, started_at INTEGER NOT NULL, milliseconds INTEGER NOT NULL, status INTEGER, error TEXT, response BLOB) STRICT;"
    "CREATE INDEX deliveries_due ON deliveries (host, workspace_id, address, next_attempt_at, id) WHERE state = 'waiting';"
    "CREATE INDEX deliveries_failed ON deliveries (id) WHERE state = 'failed';"
    "CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;"
    "CREATE INDEX deliveries_by_workspace ON deliveries (workspace_id, id);"
    "CREATE INDEX attempts_by_delivery ON attempts (delivery_id, number);";

static const char insert[] =
    "INSERT INTO deliveries (workspace_id, event_id, event, style, request_id, url, host, secret, body, state, next_attempt_at, created_at,"
    " address) VALUES (1, 'evt_' || ?1, 'conversion.job.completed', 'wonder', 'req_' || ?1, ?2, '127.0.0.1:18999', 'client_shared_secret',"
    " ?3, 'waiting', 1000, 1000, ?2)";
static const char due[] =
    "SELECT id, next_attempt_at, url, style, event_id, event, request_id, body, attempts, secret FROM deliveries"
    " WHERE state = 'waiting' AND host = '127.0.0.1:18999' AND workspace_id IS 1 AND address = ?1 AND next_attempt_at <= 2000"
    " AND (next_attempt_at, id) > (1000, ?2) ORDER BY next_attempt_at, id LIMIT ?3";
static const char update[] =
    "UPDATE deliveries SET state = 'delivered', attempts = 1, next_attempt_at = NULL, last_error = NULL, finished_at = ?2"
    " WHERE id = ?1 AND state = 'waiting'";
static const char attempt[] =
    "INSERT INTO attempts (delivery_id, number, started_at, milliseconds, status, error, response) VALUES (?1, 1, ?2, 0, 200, NULL, x'')";

struct letter { sqlite3_int64 id; char body[BODY]; };

static const char *url, *path;
static int count, group;
static sqlite3_int64 *ended;
static int ended_count, written;
static double recording, reading;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bell = PTHREAD_COND_INITIALIZER;

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void must(int code, sqlite3 *database) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

static sqlite3_stmt *prepared(sqlite3 *database, const char *text) {
    sqlite3_stmt *statement;
    must(sqlite3_prepare_v2(database, text, -1, &statement, NULL), database);
    return statement;
}

static sqlite3 *opened(void) {
    sqlite3 *database;
    must(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), database);
    return database;
}

static void fill(sqlite3 *database) {
    char body[BODY];
    memset(body, 'x', sizeof body);
    body[0] = '{', body[BODY - 1] = '}';
    must(sqlite3_exec(database, schema, NULL, NULL, NULL), database);
    must(sqlite3_exec(database, "BEGIN", NULL, NULL, NULL), database);
    sqlite3_stmt *statement = prepared(database, insert);
    for (int i = 0; i < count; i++) {
        sqlite3_bind_int(statement, 1, i);
        sqlite3_bind_text(statement, 2, url, -1, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 3, body, BODY, SQLITE_STATIC);
        must(sqlite3_step(statement), database);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    must(sqlite3_exec(database, "COMMIT", NULL, NULL, NULL), database);
    must(sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL), database);
}

static int note_pages(void *pages, sqlite3 *database, const char *name, int length) {
    (void)database, (void)name;
    *(int *)pages = length;
    return SQLITE_OK;
}

/* Commits what has ended in groups, and folds the log in after each thousand pages as the appliance does. */
static void *record(void *context) {
    sqlite3 *database = context;
    int pages = 0, folded = 0;
    sqlite3_wal_hook(database, note_pages, &pages);
    sqlite3_stmt *begin = prepared(database, "BEGIN IMMEDIATE"), *commit = prepared(database, "COMMIT");
    sqlite3_stmt *change = prepared(database, update), *add = prepared(database, attempt);
    double start = now(CLOCK_THREAD_CPUTIME_ID);
    while (written < count) {
        pthread_mutex_lock(&lock);
        while (ended_count - written < group && ended_count < count) pthread_cond_wait(&bell, &lock);
        int end = ended_count - written < group ? ended_count : written + group;
        pthread_mutex_unlock(&lock);
        must(sqlite3_step(begin), database), sqlite3_reset(begin);
        for (int i = written; i < end; i++) {
            sqlite3_bind_int64(change, 1, ended[i]), sqlite3_bind_int64(change, 2, 3000 + i / 40);
            sqlite3_bind_int64(add, 1, ended[i]), sqlite3_bind_int64(add, 2, 3000 + i / 40);
            must(sqlite3_step(change), database), sqlite3_reset(change);
            must(sqlite3_step(add), database), sqlite3_reset(add);
        }
        must(sqlite3_step(commit), database), sqlite3_reset(commit);
        if (pages < folded) folded = 0;
        if (pages - folded >= 1000) folded = pages, sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        pthread_mutex_lock(&lock);
        written = end;
        pthread_mutex_unlock(&lock);
    }
    recording = now(CLOCK_THREAD_CPUTIME_ID) - start;
    return NULL;
}

static struct letter letters[PORTION];
static int first_letter, letter_count;
static sqlite3_int64 last_id;

static struct letter *next_letter(sqlite3 *database, sqlite3_stmt *select) {
    if (first_letter == letter_count) {
        double start = now(CLOCK_THREAD_CPUTIME_ID);
        first_letter = letter_count = 0;
        sqlite3_bind_text(select, 1, url, -1, SQLITE_STATIC), sqlite3_bind_int64(select, 2, last_id), sqlite3_bind_int(select, 3, PORTION);
        int code;
        while ((code = sqlite3_step(select)) == SQLITE_ROW) {
            struct letter *letter = &letters[letter_count++];
            last_id = letter->id = sqlite3_column_int64(select, 0);
            for (int i = 1; i < 10; i++) sqlite3_column_text(select, i);
            memcpy(letter->body, sqlite3_column_blob(select, 7), BODY);
        }
        must(code, database), sqlite3_reset(select);
        reading += now(CLOCK_THREAD_CPUTIME_ID) - start;
    }
    return &letters[first_letter++];
}

static void end(sqlite3_int64 id) {
    pthread_mutex_lock(&lock);
    ended[ended_count++] = id;
    if (ended_count - written >= group || ended_count == count) pthread_cond_signal(&bell);
    pthread_mutex_unlock(&lock);
}

static size_t drop(char *bytes, size_t size, size_t number, void *context) {
    (void)bytes, (void)context;
    return size * number;
}

struct call { sqlite3_int64 id; };

static void send_next(CURLM *multi, CURL *easy, sqlite3 *database, sqlite3_stmt *select) {
    struct letter *letter = next_letter(database, select);
    struct call *call;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
    call->id = letter->id;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)BODY);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, letter->body);
    curl_multi_add_handle(multi, easy);
}

static void send_all(int at_once, sqlite3 *database, sqlite3_stmt *select) {
    struct curl_slist *fields = NULL;
    const char *lines[] = {
        "Content-Type: application/json", "X-WonderConvert-Event: conversion.job.completed", "Expect:",
        "X-WonderConvert-Signature: sha256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
    for (int i = 0; i < 4; i++) fields = curl_slist_append(fields, lines[i]);
    curl_global_init(CURL_GLOBAL_ALL);
    CURLM *multi = curl_multi_init();
    int begun = 0, done = 0, running = 0, left;
    for (; begun < at_once && begun < count; begun++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, url);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, malloc(sizeof(struct call)));
        send_next(multi, easy, database, select);
    }
    while (done < count) {
        curl_multi_perform(multi, &running);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
            if (message->msg != CURLMSG_DONE) continue;
            if (message->data.result) fprintf(stderr, "%s\n", curl_easy_strerror(message->data.result)), exit(1);
            CURL *easy = message->easy_handle;
            struct call *call;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
            curl_multi_remove_handle(multi, easy);
            end(call->id);
            done++;
            if (begun < count) begun++, send_next(multi, easy, database, select);
        }
        if (done < count) curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
}

int main(int words, char **word) {
    if (words != 6) return fprintf(stderr, "usage: recorded COUNT ATONCE GROUP URL|- FILE\n"), 2;
    count = atoi(word[1]), group = atoi(word[3]), url = word[4], path = word[5];
    ended = calloc(count, sizeof *ended);
    unlink(path);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3 *writer = opened();
    fill(writer);
    sqlite3 *reader = opened();
    sqlite3_stmt *select = prepared(reader, due);
    double start = now(CLOCK_MONOTONIC), processor = now(CLOCK_PROCESS_CPUTIME_ID);
    pthread_t recorder;
    pthread_create(&recorder, NULL, record, writer);
    if (!strcmp(url, "-")) for (int i = 0; i < count; i++) end(next_letter(reader, select)->id);
    else send_all(atoi(word[2]), reader, select);
    pthread_join(recorder, NULL);
    double seconds = now(CLOCK_MONOTONIC) - start;
    printf("C loop that reads and records, %s at once, groups of %d: %.0f a second, %.1f us of processor time each (%.1f to record, %.1f to read)\n",
           word[2], group, count / seconds, (now(CLOCK_PROCESS_CPUTIME_ID) - processor) * 1e6 / count, recording * 1e6 / count,
           reading * 1e6 / count);
    return 0;
}
