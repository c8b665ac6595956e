/* Buffers of a request in progress: growing them, and leaving nothing in them. */
#include "http/work.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum {
    INPUT_FIRST = 4096,
    HEADERS_MOST = 32 * 1024,
    ARENA_KEEP = 8 * 1024,
    ARENA_MOST = 16 * 1024 * 1024
};

struct work *work_create(void)
{
    struct work *work = calloc(1, sizeof *work);
    struct arena *arena = arena_create(ARENA_KEEP, ARENA_MOST);
    char *input = malloc(INPUT_FIRST);

    if (!work || !arena || !input) {
        free(work);
        arena_destroy(arena);
        free(input);
        return NULL;
    }
    work->exchange.arena = arena;
    work->input = input;
    work->input_size = INPUT_FIRST;
    return work;
}

void work_destroy(struct work *work)
{
    if (work) {
        arena_destroy(work->exchange.arena);
        explicit_bzero(work->input, work->input_touched);
        free(work->input);
        explicit_bzero(work, sizeof *work);
        free(work);
    }
}

void work_begin(struct work *work, const struct request_limits *limits)
{
    struct exchange *x = &work->exchange;

    request_parser_begin(&work->parser, limits, &x->request, x->arena);
    x->refused = ERR_OK;
    x->status = 0;
    x->body = (struct str){0};
    x->close = false;
    x->headers = buf_over(work->headers, sizeof work->headers);
    x->headers.limit = HEADERS_MOST;
    x->headers.arena = x->arena;
    work->body_ns = 0;
}

/* Moves the first `len` bytes into memory of another size. */
static bool move_input(struct work *work, size_t len, size_t size)
{
    char *input = malloc(size);

    if (!input) {
        return false;
    }
    memcpy(input, work->input, len);
    explicit_bzero(work->input, work->input_touched);
    free(work->input);
    work->input = input;
    work->input_size = size;
    work->input_touched = len;
    return true;
}

bool work_make_room(struct work *work)
{
    if (work->input_len < work->input_size) {
        return true;
    }
    work->input_len = request_parser_squeeze(&work->parser, work->input, work->input_len);
    if (work->input_len < work->input_size) {
        return true;
    }
    /* Only as bytes really come, never because a length was announced. */
    size_t most = request_parser_most(&work->parser.limits);
    size_t size = work->input_size * 2 > most ? most : work->input_size * 2;
    const char *from = work->input;
    if (size <= work->input_size || !move_input(work, work->input_len, size)) {
        return false;
    }
    request_parser_moved(&work->parser, from, work->input);
    return true;
}

void work_end(struct work *work)
{
    size_t used = request_parser_used(&work->parser);
    size_t left = work->input_len - used;

    memmove(work->input, work->input + used, left);
    explicit_bzero(work->input + left, work->input_touched - left);
    explicit_bzero(work->headers, work->exchange.headers.data == work->headers
                                      ? work->exchange.headers.len
                                      : sizeof work->headers);
    answer_wipe(&work->answer);
    arena_reset(work->exchange.arena);
    work->input_len = work->input_touched = left;
    if (left <= INPUT_FIRST && work->input_size > INPUT_FIRST) {
        (void)move_input(work, left, INPUT_FIRST); /* if not, it just stays large */
    }
}
