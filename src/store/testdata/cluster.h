/* A PostgreSQL server of the tests' own, started by tools/postgres. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct cluster {
    char folder[64];
    pid_t server;
    int databases;
};

/* Waits until it answers. False, having said so, when PostgreSQL is not installed; every other
 * failure ends the program. */
bool cluster_start(struct cluster *cluster);
void cluster_remove(struct cluster *cluster);

/* Ends the server by a signal (SIGTERM, SIGINT, SIGQUIT or SIGKILL), and starts it again. */
void cluster_end(struct cluster *cluster, int signal);
void cluster_start_again(struct cluster *cluster);

/* The address of a new, empty database. */
enum {
    CLUSTER_URL = 128
};
void cluster_database(struct cluster *cluster, char url[CLUSTER_URL]);

/* Runs SQL in the database at `url`, beside the store's back. Fails the test if that fails. */
void cluster_run(const char *url, const char *sql);
int64_t cluster_number(const char *url, const char *sql);
