/* Starting and ending a PostgreSQL server. */
#include "store/testdata/cluster.h"

#include "base/check.h"
#include "base/moment.h"
#include "store/postgres.h"
#include "store/postgres_address.h"

#include <unistd.h>

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {
    NOT_INSTALLED = 77,
    START_MS = 60000
};

static struct postgres_address address_of(char *url)
{
    return (struct postgres_address){.url = url, .connect_s = 5, .statement_ms = 20000};
}

static void address_in(const struct cluster *cluster, const char *database, char url[CLUSTER_URL])
{
    (void)snprintf(url, CLUSTER_URL, "postgresql:///%s?host=%s&user=signet", database,
                   cluster->folder);
}

static void die(const char *words)
{
    (void)fprintf(stderr, "cluster: %s\n", words);
    exit(1);
}

static void launch(struct cluster *cluster)
{
    cluster->server = fork();
    if (cluster->server < 0) {
        die("fork failed");
    }
    if (cluster->server == 0) {
        (void)execl(SIGNET_POSTGRES, SIGNET_POSTGRES, cluster->folder, (char *)NULL);
        _exit(1);
    }
}

static bool answers(const struct cluster *cluster)
{
    char url[CLUSTER_URL];
    struct postgres_address address = address_of(url);
    struct postgres *connection = NULL;

    address_in(cluster, "postgres", url);
    bool there = postgres_open(&address, POSTGRES_LISTENING, NULL, &connection) == ERR_OK;
    postgres_close(connection);
    return there;
}

/* True when it answers, false when it ended with the status for "not installed". */
static bool await(struct cluster *cluster)
{
    int64_t until = monotonic_ms() + START_MS;
    int status;

    while (monotonic_ms() < until) {
        if (answers(cluster)) {
            return true;
        }
        if (waitpid(cluster->server, &status, WNOHANG) == cluster->server) {
            if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_INSTALLED) {
                return false;
            }
            die("the server ended by itself");
        }
        (void)usleep(20000);
    }
    die("the server does not answer");
    return false;
}

bool cluster_start(struct cluster *cluster)
{
    *cluster = (struct cluster){.folder = "/tmp/signet-pg-XXXXXX"};
    if (!mkdtemp(cluster->folder)) {
        die("no folder");
    }
    launch(cluster);
    if (await(cluster)) {
        return true;
    }
    (void)rmdir(cluster->folder);
    return false;
}

void cluster_end(struct cluster *cluster, int signal)
{
    (void)kill(cluster->server, signal);
    (void)waitpid(cluster->server, NULL, 0);
}

void cluster_start_again(struct cluster *cluster)
{
    launch(cluster);
    if (!await(cluster)) {
        die("PostgreSQL went away");
    }
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

void cluster_remove(struct cluster *cluster)
{
    cluster_end(cluster, SIGQUIT);
    (void)nftw(cluster->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void cluster_run(const char *url, const char *sql)
{
    char copy[CLUSTER_URL];
    struct postgres_address address = address_of(copy);
    struct postgres *connection;
    struct reason reason = {0};

    (void)snprintf(copy, sizeof copy, "%s", url);
    enum err err = postgres_open(&address, POSTGRES_MIGRATING, &reason, &connection);
    if (err == ERR_OK) {
        err = postgres_script(connection, "test", sql, &reason);
        postgres_close(connection);
    }
    if (err != ERR_OK) {
        fail_msg("%s", reason.detail);
    }
}

int64_t cluster_number(const char *url, const char *sql)
{
    char copy[CLUSTER_URL];
    struct postgres_address address = address_of(copy);
    struct postgres *connection;
    int64_t number = 0;

    (void)snprintf(copy, sizeof copy, "%s", url);
    assert_ok(postgres_open(&address, POSTGRES_LISTENING, NULL, &connection));
    assert_ok(postgres_number(connection, sql, &number, NULL));
    postgres_close(connection);
    return number;
}

void cluster_database(struct cluster *cluster, char url[CLUSTER_URL])
{
    char name[32], sql[128];

    (void)snprintf(name, sizeof name, "t%d", ++cluster->databases);
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0", name);
    address_in(cluster, "postgres", url);
    cluster_run(url, sql);
    address_in(cluster, name, url);
}
