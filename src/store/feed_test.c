/* The feed between nodes on a real server, with the real schema and the real statements. */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "model/event.h"
#include "store/engine.h"
#include "store/queries.h"
#include "store/statement.h"
#include "store/testdata/cluster.h"

#include <pthread.h>

struct node {
    char url[CLUSTER_URL];
    struct store *store;
    struct seat *first, *second;
    struct arena *arena;
};

static void node_open(struct node *node)
{
    const struct store_settings settings = {.url = str_of(node->url),
                                            .connect_s = 5,
                                            .statement_ms = 20000,
                                            .lock_ms = 20000,
                                            .prepare = true};
    struct reason reason = {0};

    assert_ok(store_open(&settings, STR("."), &reason, &node->store));
    assert_ok(store_migrate(node->store, &reason));
    assert_ok(seat_open(node->store, &node->first));
    assert_ok(seat_open(node->store, &node->second));
    node->arena = arena_create(4096, 1 << 24);
    assert_non_null(node->arena);
}

static void node_close(struct node *node)
{
    seat_close(node->first);
    seat_close(node->second);
    store_close(node->store);
    arena_destroy(node->arena);
}

static struct tx *begin(struct node *node, struct seat *seat, enum unit_kind kind)
{
    struct tx *tx = NULL;

    assert_ok(tx_begin(seat, kind, node->arena, &tx));
    return tx;
}

static void put_event(struct tx *tx, const char *verb)
{
    struct event event = {
        .at = {1748773800007}, .verb = str_of(verb), .details = STR("{\"a\": 1}")};

    assert_ok(q_event_insert(tx, &event));
}

/* The verbs of what has come since the position, which is brought forward. */
static struct str read_on(struct node *node, struct str *position)
{
    struct tx *tx = begin(node, node->second, TX_READ);
    struct events_position_row end;
    struct str verbs = STR("");
    struct event *events;
    int64_t after = 0;
    size_t count = 1;

    assert_ok(q_events_position(tx, &end));
    while (count > 0) { /* pages of one */
        assert_ok(q_events_since(tx, *position, after, 1, &events, &count));
        for (size_t i = 0; i < count; i++) {
            assert_str(events[i].details, "{\"a\": 1}");
            after = events[i].sequence;
            assert_ok(arena_print(node->arena, &verbs, "%.*s%.*s", STR_ARG(verbs),
                                  STR_ARG(events[i].verb)));
        }
    }
    assert_ok(tx_commit(tx));
    *position = end.position;
    return verbs;
}

static void no_event_is_skipped_however_late_it_is_kept(void **state)
{
    struct node node = {0};
    struct str position;

    cluster_database(*state, node.url);
    node_open(&node);
    struct tx *tx = begin(&node, node.second, TX_READ);
    struct events_position_row start;
    assert_ok(q_events_position(tx, &start));
    assert_ok(tx_commit(tx));
    position = start.position;

    struct seat *third;
    assert_ok(seat_open(node.store, &third));
    struct tx *late = begin(&node, node.first, TX_WRITE);
    put_event(late, "a"); /* takes the smaller number, and is kept last */
    tx = begin(&node, third, TX_WRITE);
    put_event(tx, "b");
    assert_ok(tx_commit(tx));
    assert_str(read_on(&node, &position), "b"); /* and nobody waits for the one that is open */
    assert_str(read_on(&node, &position), "");
    tx = begin(&node, third, TX_WRITE);
    put_event(tx, "c");
    put_event(tx, "d");
    assert_ok(tx_commit(tx));
    assert_str(read_on(&node, &position), "cd");
    put_event(late, "e");
    assert_ok(tx_commit(late));
    assert_str(read_on(&node, &position), "ae");
    assert_str(read_on(&node, &position), "");

    late = begin(&node, node.first, TX_WRITE); /* a gap that stays one */
    put_event(late, "x");
    assert_str(read_on(&node, &position), "");
    tx_rollback(late);
    tx = begin(&node, third, TX_WRITE);
    put_event(tx, "f");
    assert_ok(tx_commit(tx));
    assert_str(read_on(&node, &position), "f");
    seat_close(third);
    node_close(&node);
}

/* A dump that was restored brings numbers of transactions which are yet to come here. */
static void what_was_restored_is_not_news(void **state)
{
    struct node node = {0};
    struct str position;

    cluster_database(*state, node.url);
    node_open(&node);
    cluster_run(node.url,
                "INSERT INTO events (at, verb, details, writer) VALUES (now(), 'old', "
                "'{\"a\": 1}', '123456789012')");
    struct tx *tx = begin(&node, node.second, TX_READ);
    struct events_position_row start;
    assert_ok(q_events_position(tx, &start));
    assert_ok(tx_commit(tx));
    position = start.position;
    assert_str(read_on(&node, &position), "");
    tx = begin(&node, node.first, TX_WRITE);
    put_event(tx, "new");
    assert_ok(tx_commit(tx));
    assert_str(read_on(&node, &position), "new");
    node_close(&node);
}

static void *wait_and_tell(void *argument)
{
    struct node *node = argument;
    bool heard = store_wait(node->store, 20000); /* sends word; ends when woken */

    (void)heard;
    return NULL;
}

static void one_node_wakes_the_other(void **state)
{
    struct node a = {0}, b = {0};
    pthread_t teller;

    cluster_database(*state, a.url);
    memcpy(b.url, a.url, sizeof b.url);
    node_open(&a);
    node_open(&b);
    assert_true(store_wait(b.store, 20000)); /* it had not been listening */
    assert_false(store_wait(b.store, 50));   /* all is quiet */
    assert_int_equal(pthread_create(&teller, NULL, wait_and_tell, &a), 0);
    int64_t begun = monotonic_ms();
    struct tx *tx = begin(&a, a.first, TX_WRITE);
    put_event(tx, "a");
    assert_ok(tx_commit(tx));
    /* The first wait of A ends as it begins to listen; what it had to tell is told by the next. */
    assert_int_equal(pthread_join(teller, NULL), 0);
    assert_int_equal(pthread_create(&teller, NULL, wait_and_tell, &a), 0);
    assert_true(store_wait(b.store, 20000));
    assert_true(monotonic_ms() - begun < 15000);
    store_wake(a.store);
    assert_int_equal(pthread_join(teller, NULL), 0);
    store_wake(b.store);
    assert_false(store_wait(b.store, 20000));
    node_close(&a);
    node_close(&b);
}

static void word_that_comes_while_ours_is_sent_is_heard(void **state)
{
    struct node node = {0};

    cluster_database(*state, node.url);
    node_open(&node);
    assert_true(store_wait(node.store, 20000)); /* it had not been listening */
    struct tx *tx = begin(&node, node.first, TX_WRITE);
    put_event(tx, "ours");
    assert_ok(tx_commit(tx));
    cluster_run(node.url, "NOTIFY signet");
    assert_true(store_wait(node.store, 20000));
    assert_false(store_wait(node.store, 50)); /* once */
    node_close(&node);
}

/* The build prepares each on SQLite; this is the other engine's turn. Nothing has a value here: a
 * statement may be refused for that, but not for its text or its types (class 42). */
static void every_statement_fits_the_schema(void **state)
{
    struct node node = {0};
    int64_t changed;

    cluster_database(*state, node.url);
    node_open(&node);
    struct value *none = arena_array(node.arena, UINT8_MAX, sizeof *none);
    assert_non_null(none);
    assert_true(statement_count > 0);
    for (size_t i = 0; i < statement_count; i++) {
        for (int j = 0; j < statements[i]->parameters; j++) {
            none[j] = (struct value){.kind = statements[i]->kinds[j]};
        }
        struct tx *tx = begin(&node, node.first, TX_WRITE);
        if (statement_run(tx, statements[i], none, &changed) != ERR_OK &&
            strstr(seat_reason(node.first)->detail, "(42") != NULL) {
            fail_msg("%s", seat_reason(node.first)->detail);
        }
        tx_rollback(tx);
    }
    node_close(&node);
}

/* clang-format off */
#define WITH(function) {#function, function, NULL, NULL, &cluster}
/* clang-format on */

int main(void)
{
    struct cluster cluster;
    const struct CMUnitTest tests[] = {
        WITH(every_statement_fits_the_schema),
        WITH(no_event_is_skipped_however_late_it_is_kept),
        WITH(what_was_restored_is_not_news),
        WITH(one_node_wakes_the_other),
        WITH(word_that_comes_while_ours_is_sent_is_heard),
    };

    if (!cluster_start(&cluster)) {
        return 77; /* skipped */
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cluster_remove(&cluster);
    return failed;
}
