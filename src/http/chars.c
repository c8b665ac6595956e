/* Byte classes as a table, because every byte of every request passes here. */
#include "http/chars.h"

/* clang-format off */
static const unsigned char classes[256] = {
    /* control characters */
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    /* ! " # $ % & ' ( ) * + , - . /  and  0 to 9 : ; < = > ? */
     8, 15, 12,  9, 15, 15, 15, 15, 14, 14, 15, 15, 14, 31, 31, 14,
    31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 14, 14, 12, 14, 12, 12,
    /* @ A to Z [ \ ] ^ _  and  ` a to z { | } ~ */
    14, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
    31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 12, 12, 12, 13, 31,
    13, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
    31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 12, 13, 12, 15,  0,
    /* obs-text: opaque in values, nowhere else */
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
     8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,
};
/* clang-format on */

bool chars_are(struct str text, unsigned class)
{
    unsigned common = class;

    for (size_t i = 0; i < text.len; i++) {
        common &= classes[(unsigned char)text.ptr[i]];
    }
    return common == class;
}
