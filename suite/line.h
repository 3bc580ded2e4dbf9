/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUITE_LINE_H
#define SUITE_LINE_H

#include "suite/suite.h"

/*
 * Small worlds, to try everything in: a line of a few bytes of memory, drawn as text. A dot is a
 * byte that is in no region, a letter one that is in a region with that letter's node and flags:
 *
 *	line_lay(test, LINE_MEMORY, "..AAB.");
 *	memblock_remove(LINE_AT(3), 2);
 *	expect_line(test, LINE_MEMORY, "..A...", "removed 3 to 5");
 *
 * A byte each, so that whatever is off by one shows.
 */
#define LINE_AT(n) (MB(1) + (phys_addr_t)(n))
#define LINE_ROOM 10

enum line_list {
	LINE_MEMORY,
	LINE_RESERVED
};

/*
 * What letters stand for, in every list:
 *	A, B	node 0 and 1, without flags
 *	H, M, N	node 0, hotplug, mirror, nomap
 *	D	node 0, managed by a driver, where this kernel knows that
 *	R	no node; in reserved memory
 *	K	no node, reserved for the kernel, where this kernel tells that
 *	I	no node, reserved, page structures are not initialised; where there is that
 */
int line_nid(char letter);
unsigned long line_flags(char letter);
/* Are they alike, so that regions of them merge? Without NUMA A and B are. */
bool line_alike(char a, char b);

/* Goes to the next of all lines of that length; false after the last. Begin with all dots. */
bool line_next(char *line, const char *letters);
void line_begin(char *line, unsigned int length);

/* The same with all ranges [first, end) of a line of @length, empty ones, too. */
struct line_range {
	int first, end;
};
bool line_range_next(struct line_range *range, int length);

/* Makes memblock's list what is drawn, whatever was in it. */
void line_lay(struct kunit *test, enum line_list list, const char *line);
struct memblock_type *line_type(enum line_list list);

/* Puts @letter wherever @range is and, if it is to keep what is there, nothing is. */
void line_put(char *line, const struct line_range *range, char letter, bool keep);

/* Expects exactly these regions, merged, with their count and size; or leaves the test. */
#define expect_line(test, list, line, ...)                                                  \
	do {                                                                                \
		if (!line_holds(list, line))                                                \
			line_failed(test, __FILE__, __LINE__, list, line, " " __VA_ARGS__); \
	} while (0)
/* The same, however the bytes are cut into regions. */
#define expect_line_bytes(test, list, line, ...)                                            \
	do {                                                                                \
		if (!line_bytes_hold(list, line))                                           \
			line_failed(test, __FILE__, __LINE__, list, line, " " __VA_ARGS__); \
	} while (0)
bool line_holds(enum line_list list, const char *line);
/* The regions alone, whatever their size is told to be; and the bytes, however they are cut. */
bool line_regions_hold(enum line_list list, const char *line);
bool line_bytes_hold(enum line_list list, const char *line);
void line_failed(struct kunit *test, const char *file, int at, enum line_list list,
		 const char *line, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif
