/* The program that draws: the same binary, begun anew with nothing of the server's memory. */
#pragma once

/* The one argument that makes the binary this. */
#define CHILD_ARGUMENT "draw-a-picture"

enum child_status {
    CHILD_DRAWN = 0,    /* the picture is on descriptor 1 */
    CHILD_FAILED = 1,   /* it could not begin */
    CHILD_NO_TYPE = 3,  /* ERR_PICTURE_TYPE */
    CHILD_TOO_LARGE = 4 /* ERR_PICTURE_LARGE */
};

/* Shuts itself in, reads a picture from descriptor 0 to its end, draws it anew. The exit status. */
int child_main(void);
