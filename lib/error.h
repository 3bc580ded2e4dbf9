/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIB_ERROR_H
#define LIB_ERROR_H

/*
 * What went wrong, in one line: what, where, and how to mend it. Whoever can fail
 * takes a struct error as its last parameter, fills it once, and returns -errno;
 * only cmd/ prints it. A caller may pass NULL if it does not care.
 */
struct error {
	int code; /* positive errno; 0 while nothing went wrong */
	char text[1000];
};

/* Fills @err and returns -@code, so that a function can `return error_set(...)`. */
int error_set(struct error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "<fmt>: " in front of what @err says: the place, known to the caller only. */
void error_prefix(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
