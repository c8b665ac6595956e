/* The libraries this program is made of: what each is, what it was built with, what it runs on. */
#pragma once

struct arena;
struct buf;

/* A table for people. */
void libraries_print(struct arena *arena, struct buf *out);

/* A bill of materials in CycloneDX 1.5. */
void libraries_print_json(struct buf *out);
