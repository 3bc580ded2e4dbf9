/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stdarg.h>
#include <stddef.h>

/* Ends the program with exit status 2, for want of memory. */
void array_die(void) __attribute__((noreturn));

/* Reallocates to @count elements of @size bytes; running out of memory ends the program. */
void *array_resize(void *array, size_t count, size_t size);

/* An allocated copy of @text; running out of memory ends the program. */
char *array_strdup(const char *text);
/* The same of what printf() would print. */
char *array_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *array_vformat(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

/*
 * Makes room for one more element in @array, which holds @nr of room for @room, and
 * is that element, zeroed: ARRAY_APPEND(a->v, a->nr, a->room) = x;
 */
#define ARRAY_APPEND(array, nr, room)                                          \
	(*({                                                                   \
		if (!(array) || (nr) == (room)) {                              \
			(room) = (room) ? 2 * (room) : 16;                     \
			(array) = array_resize(array, room, sizeof(*(array))); \
		}                                                              \
		__builtin_memset(&(array)[nr], 0, sizeof(*(array)));           \
		&(array)[(nr)++];                                              \
	}))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
