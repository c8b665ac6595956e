#include "base/buf.h"
#include "base/check.h"
#include "wire/multipart.h"

#include <stdlib.h>

#define TYPE      "multipart/form-data; boundary=xyz"
#define HEAD      "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
#define FILE_PART "--xyz\r\n" HEAD "Content-Type: image/png\r\n\r\nPNG\r\n\r\nbytes"

static enum err read_file(const char *type, const char *body, struct str *ret)
{
    struct reason reason = {0};
    enum err e = multipart_read(str_of(type), str_of(body), STR("file"), &reason, ret);

    assert_int_equal(reason.err, e); /* every refusal has its reason */
    return e;
}

static void the_content_comes_as_it_was_sent(void **state)
{
    static const char *const bodies[] = {
        FILE_PART "\r\n--xyz--\r\n",
        FILE_PART "\r\n--xyz--",
        ("--xyz\r\nContent-Disposition: form-data; name=other\r\n\r\n1\r\n" FILE_PART
         "\r\n--xyz--\r\n"),
        (FILE_PART
         "\r\n--xyz\r\nContent-Disposition: form-data; name=\"File\"\r\n\r\n\r\n--xyz--\r\n"),
        ("--xyz\r\ncontent-disposition:form-data;name=file\r\ncontent-transfer-encoding: "
         "Binary\r\n\r\nPNG\r\n\r\nbytes\r\n--xyz--"),
    };
    struct str content;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        assert_ok(read_file(TYPE, bodies[i], &content));
        assert_str(content, "PNG\r\n\r\nbytes");
    }
    assert_ok(read_file(TYPE, "--xyz\r\n" HEAD "\r\n\r\n--xyz--", &content));
    assert_str(content, "");
}

static void what_looks_like_a_boundary_and_is_none_is_content(void **state)
{
    struct str content;

    (void)state;
    assert_ok(read_file(TYPE, "--xyz\r\n" HEAD "\r\n--xyz\n--xy\r\n-xyz\r\n--xyz--", &content));
    assert_str(content, "--xyz\n--xy\r\n-xyz");
}

static void the_boundary_is_read_in_each_form(void **state)
{
    static const char *const types[] = {
        TYPE,
        "Multipart/Form-Data;boundary=xyz",
        "multipart/form-data; BOUNDARY=\"xyz\"",
        "multipart/form-data; charset=utf-8 ; boundary=xyz",
    };
    struct str content;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        assert_ok(read_file(types[i], FILE_PART "\r\n--xyz--", &content));
    }
}

static void another_type_is_told_apart(void **state)
{
    static const char *const types[] = {"", "image/png", "multipart/mixed; boundary=xyz",
                                        "application/json", "multipart/form-datax; boundary=xyz"};
    struct str content;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        assert_err(read_file(types[i], FILE_PART "\r\n--xyz--", &content), ERR_FORM_TYPE);
    }
}

static void a_boundary_that_cannot_be_is_refused(void **state)
{
    static const char *const types[] = {
        "multipart/form-data",
        "multipart/form-data;",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"xyz",
        "multipart/form-data; boundary=\"x\\yz\"",
        "multipart/form-data; boundary=xyz; boundary=abc",
        "multipart/form-data; boundary=x yz",
        "multipart/form-data; boundary=\"xyz \"",
        ("multipart/form-data; boundary="
         "01234567890123456789012345678901234567890123456789012345678901234567890"),
    };
    struct str content;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        assert_err(read_file(types[i], FILE_PART "\r\n--xyz--", &content), ERR_FORM_MALFORMED);
    }
}

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "--xyz",
        "--xyz--x",
        "before\r\n" FILE_PART "\r\n--xyz--",
        "\r\n" FILE_PART "\r\n--xyz--",
        FILE_PART "\r\n--xyz--\r\nbehind",
        FILE_PART "\r\n--xyz--\n",
        FILE_PART "\r\n--xyzz\r\n",
        FILE_PART "\r\n--xyz \r\n",
        FILE_PART "\r\n--xyz-\r\n",
        FILE_PART,
        FILE_PART "\r\n--xy",
        "--xyz\n" HEAD "\r\nx\r\n--xyz--",
        "--xyz\r\n\r\nx\r\n--xyz--",
        "--xyz\r\nContent-Type: a/b\r\n\r\nx\r\n--xyz--",
        "--xyz\r\n" HEAD HEAD "\r\nx\r\n--xyz--",
        "--xyz\r\n" HEAD "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--xyz--",
        "--xyz\r\n" HEAD "no header\r\n\r\nx\r\n--xyz--",
        "--xyz\r\n" HEAD " folded\r\n\r\nx\r\n--xyz--",
        "--xyz\r\n" HEAD "A: \tb\r\n\r\nx\r\n--xyz--",
        "--xyz\r\nContent-Disposition: attachment; name=file\r\n\r\nx\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data; name=file; name=file\r\n\r\nx\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data; name=\"fi\\le\"\r\n\r\nx\r\n--xyz--",
        (FILE_PART "\r\n" FILE_PART "\r\n--xyz--"),
        ("--xyz\r\n" HEAD "\r\n"),
        ("--xyz\r\n" HEAD),
    };
    struct str content;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        assert_err(read_file(TYPE, bodies[i], &content), ERR_FORM_MALFORMED);
    }
}

static void without_the_part_it_is_named(void **state)
{
    struct reason reason = {0};
    struct str content;

    (void)state;
    assert_err(
        multipart_read(STR(TYPE), STR(FILE_PART "\r\n--xyz--"), STR("picture"), &reason, &content),
        ERR_FIELD_MISSING);
    assert_str(reason.field, "picture");
    assert_err(read_file(TYPE, "--xyz--\r\n", &content), ERR_FIELD_MISSING);
}

static void parts_headers_and_lines_have_a_limit(void **state)
{
    const size_t most = 1 << 20;
    char *memory = malloc(most);
    struct buf body = buf_over(memory, most);
    struct reason reason = {0};
    struct str content;

    (void)state;
    assert_non_null(memory);
    for (int i = 0; i < 10000; i++) {
        buf_print(&body, "--xyz\r\nContent-Disposition: form-data; name=p%d\r\n\r\nx\r\n", i);
    }
    buf_put(&body, STR(FILE_PART "\r\n--xyz--"));
    assert_false(body.failed);
    assert_err(multipart_read(STR(TYPE), buf_str(&body), STR("file"), &reason, &content),
               ERR_FORM_MALFORMED);
    body.len = 0;
    buf_put(&body, STR("--xyz\r\n" HEAD));
    for (int i = 0; i < MULTIPART_HEADERS; i++) {
        buf_put(&body, STR("X: y\r\n"));
    }
    buf_put(&body, STR("\r\nx\r\n--xyz--"));
    assert_err(multipart_read(STR(TYPE), buf_str(&body), STR("file"), NULL, &content),
               ERR_FORM_MALFORMED);
    body.len = 0;
    buf_put(&body, STR("--xyz\r\n" HEAD "X: "));
    for (int i = 0; i < MULTIPART_LINE; i++) {
        buf_put_char(&body, 'y');
    }
    buf_put(&body, STR("\r\n\r\nx\r\n--xyz--"));
    assert_err(multipart_read(STR(TYPE), buf_str(&body), STR("file"), NULL, &content),
               ERR_FORM_MALFORMED);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_content_comes_as_it_was_sent),
        cmocka_unit_test(what_looks_like_a_boundary_and_is_none_is_content),
        cmocka_unit_test(the_boundary_is_read_in_each_form),
        cmocka_unit_test(another_type_is_told_apart),
        cmocka_unit_test(a_boundary_that_cannot_be_is_refused),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(without_the_part_it_is_named),
        cmocka_unit_test(parts_headers_and_lines_have_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
