/* One row a library; the versions come from the build and from the libraries themselves. */
#include "app/libraries.h"

#include "app/built_with.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "confine/filter.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "crypto/password.h"
#include "http/client.h"
#include "picture/studio.h"
#include "store/postgres.h"
#include "store/sqlite.h"
#include "text/email.h"
#include "text/normal.h"
#include "wire/pen.h"

#include <unistd.h>

#include <stddef.h>

enum linkage {
    LINKED,   /* the loader brings it before the program starts */
    INSIDE,   /* a part of the program, which only a new build replaces */
    ON_DEMAND /* loaded by whoever needs it, and not at all by who does not */
};

static const char *const linkages[] = {
    [LINKED] = "linked", [INSIDE] = "inside", [ON_DEMAND] = "on demand"};

/* What the build knows of a library: its version, and that of the package it came in. */
struct built {
    const char *version, *package;
};

struct library {
    const char *name, *licence; /* the latter as SPDX writes it */
    const char *package;        /* of Debian */
    const char *file;           /* by which the loader knows it */
    enum linkage linkage;
    struct built built;
    /* Asked of the library itself, as it was loaded. None of the two: it does not say. */
    const char *(*text)(void);
    void (*print)(struct buf *out);
};

static void print_libc(struct buf *out)
{
    char text[64] = "";
    struct str name, version = STR("");

    (void)confstr(_CS_GNU_LIBC_VERSION, text, sizeof text);
    (void)str_cut(str_of(text), ' ', &name, &version);
    buf_put(out, version);
}

/* clang-format off */
static const struct library libraries[] = {
    {"glibc", "LGPL-2.1-or-later", "libc6", "libc.so.6", LINKED, {BUILT_WITH_GLIBC},
     .print = print_libc},
    {"SQLite", "blessing", "libsqlite3-0", "libsqlite3.so.0", LINKED, {BUILT_WITH_SQLITE},
     .text = sqlite_library},
    {"OpenSSL", "Apache-2.0", "libssl3", "libcrypto.so.3", LINKED, {BUILT_WITH_OPENSSL},
     .text = digest_library},
    {"libsodium", "ISC", "libsodium23", "libsodium.a", INSIDE, {BUILT_WITH_LIBSODIUM},
     .text = password_library},
    {"cjose", "MIT", "libcjose0", "libcjose.so.0", LINKED, {BUILT_WITH_CJOSE},
     .text = jose_library},
    {"jansson", "MIT", "libjansson4", "libjansson.so.4", LINKED, {BUILT_WITH_JANSSON},
     .text = jose_json_library},
    {"libidn2", "LGPL-3.0-or-later OR GPL-2.0-or-later", "libidn2-0", "libidn2.so.0", LINKED,
     {BUILT_WITH_LIBIDN2}, .text = email_library},
    {"libunistring", "LGPL-3.0-or-later OR GPL-2.0-or-later", "libunistring2",
     "libunistring.so.2", LINKED, {BUILT_WITH_LIBUNISTRING}, .print = text_library},
    {"inih", "BSD-3-Clause", "libinih1", "libinih.so.1", LINKED, {BUILT_WITH_INIH}},
    {"libseccomp", "LGPL-2.1-only", "libseccomp2", "libseccomp.so.2", LINKED,
     {BUILT_WITH_LIBSECCOMP}, .print = filter_library},
    {"libpq", "PostgreSQL", "libpq5", "libpq.so.5", ON_DEMAND, {BUILT_WITH_LIBPQ},
     .print = postgres_library},
    {"libcurl", "curl", "libcurl4", "libcurl.so.4", ON_DEMAND, {BUILT_WITH_LIBCURL},
     .print = http_client_library},
    {"libgd", "GD", "libgd3", "libgd.so.3", ON_DEMAND, {BUILT_WITH_LIBGD},
     .print = studio_library},
};
/* clang-format on */

/* No text: it is not installed, or has no function that tells. */
static struct str version_now(const struct library *library, struct buf *memory)
{
    size_t before = memory->len;

    if (library->text) {
        return str_of(library->text());
    }
    if (library->print) {
        library->print(memory);
    }
    return str_skip(buf_str(memory), before);
}

void libraries_print(struct arena *arena, struct buf *out)
{
    static const char *const heads[] = {
        "LIBRARY", "RUNS ON", "BUILT WITH", "HOW", "PACKAGE OF THE BUILD", "LICENCE"};
    struct table table = table_in_arena(arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
        const struct library *library = &libraries[i];
        struct buf version = buf_in_arena(arena, 64);
        table_put(&table, str_of(library->name));
        table_put(&table, version_now(library, &version));
        table_put(&table, str_of(library->built.version));
        table_put(&table, str_of(linkages[library->linkage]));
        table_put(&table, str_of(library->built.package));
        table_put(&table, str_of(library->licence));
    }
    /* In columns for a program, too: the list for programs is the other one. */
    table_print(out, &table, TABLE_COLUMNS);
}

static const struct str nameless = {0};

static void pen_property(struct pen *pen, struct str name, struct str value)
{
    pen_object(pen, nameless);
    pen_text(pen, STR("name"), name);
    pen_text(pen, STR("value"), value);
    pen_end(pen);
}

static void pen_licence(struct pen *pen, struct str licence)
{
    pen_array(pen, STR("licenses"));
    pen_object(pen, nameless);
    if (str_contains(licence, ' ')) {
        pen_text(pen, STR("expression"), licence);
    } else {
        pen_object(pen, STR("license"));
        pen_text(pen, STR("id"), licence);
        pen_end(pen);
    }
    pen_end(pen);
    pen_end(pen);
}

/* The version is the one that runs; where it cannot be asked, the one of the build. The package has
 * no version in its purl, as the one that is installed now is not known to us. */
static void pen_library(struct pen *pen, const struct library *library)
{
    char memory[64], purl_memory[64];
    struct buf version = buf_over(memory, sizeof memory);
    struct buf purl = buf_over(purl_memory, sizeof purl_memory);
    struct str now = version_now(library, &version);

    buf_print(&purl, "pkg:deb/debian/%s", library->package);
    pen_object(pen, nameless);
    pen_text(pen, STR("type"), STR("library"));
    pen_text(pen, STR("bom-ref"), str_of(library->package));
    pen_text(pen, STR("name"), str_of(library->name));
    pen_text(pen, STR("version"), now.len > 0 ? now : str_of(library->built.version));
    pen_text(pen, STR("scope"), library->linkage == ON_DEMAND ? STR("optional") : STR("required"));
    pen_licence(pen, str_of(library->licence));
    pen_text(pen, STR("purl"), buf_str(&purl));
    pen_array(pen, STR("properties"));
    pen_property(pen, STR("signet:file"), str_of(library->file));
    pen_property(pen, STR("signet:linkage"), str_of(linkages[library->linkage]));
    pen_property(pen, STR("signet:version-running"), now);
    pen_property(pen, STR("signet:version-built"), str_of(library->built.version));
    pen_property(pen, STR("signet:package-built"), str_of(library->built.package));
    pen_end(pen);
    pen_end(pen);
}

static void pen_ourselves(struct pen *pen)
{
    pen_object(pen, STR("metadata"));
    pen_object(pen, STR("component"));
    pen_text(pen, STR("type"), STR("application"));
    pen_text(pen, STR("bom-ref"), STR("signet"));
    pen_text(pen, STR("name"), STR("signet"));
    pen_text(pen, STR("version"), STR(SIGNET_VERSION));
    pen_licence(pen, STR("MIT"));
    pen_end(pen);
    pen_end(pen);
}

static void pen_dependencies(struct pen *pen)
{
    pen_array(pen, STR("dependencies"));
    pen_object(pen, nameless);
    pen_text(pen, STR("ref"), STR("signet"));
    pen_array(pen, STR("dependsOn"));
    for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
        pen_text(pen, nameless, str_of(libraries[i].package));
    }
    pen_end(pen);
    pen_end(pen);
    pen_end(pen);
}

void libraries_print_json(struct buf *out)
{
    struct pen pen = {.out = out};

    pen_object(&pen, nameless);
    pen_text(&pen, STR("$schema"), STR("http://cyclonedx.org/schema/bom-1.5.schema.json"));
    pen_text(&pen, STR("bomFormat"), STR("CycloneDX"));
    pen_text(&pen, STR("specVersion"), STR("1.5"));
    pen_int(&pen, STR("version"), 1);
    pen_ourselves(&pen);
    pen_array(&pen, STR("components"));
    for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
        pen_library(&pen, &libraries[i]);
    }
    pen_end(&pen);
    pen_dependencies(&pen);
    pen_end(&pen);
    buf_put_char(out, '\n');
}
