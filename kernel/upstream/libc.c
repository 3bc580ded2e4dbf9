// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the tests need of a C library. Memory that they allocate is simulated RAM; a page that
 * is none lies behind each piece.
 */
#include <linux/kernel.h>
#include <linux/mm.h>

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "rt.h"

/* Above all addresses that tests make up, which are within the first gigabytes. */
#define FIRST_PA (1ULL << 40)

struct piece {
	struct piece *next;
	unsigned long start;
	size_t size;
	bool used;
};

static struct piece *pieces;
static rt_u64 used_bytes;

int rt_upstream_errno;

static struct piece *new_piece(size_t size)
{
	struct piece *p = rt_alloc(sizeof(*p));
	rt_u64 pa = FIRST_PA + used_bytes;

	used_bytes += size + PAGE_SIZE;
	rt_host.add_ram(pa, size);
	*p = (struct piece){ .next = pieces, .start = rt_host.window + pa, .size = size };
	pieces = p;
	return p;
}

void *rt_upstream_malloc(size_t size)
{
	struct piece *p = pieces;

	size = PAGE_ALIGN(size);
	while (p && (p->used || p->size != size))
		p = p->next;
	if (!p)
		p = new_piece(size);
	p->used = true;
	return (void *)p->start;
}

void rt_upstream_free(void *memory)
{
	for (struct piece *p = pieces; p; p = p->next)
		if (p->used && p->start == (unsigned long)memory) {
			p->used = false;
			return;
		}
	if (memory)
		rt_upstream_assert("free() of what malloc() gave", __FILE__, __LINE__);
}

static char line[512] = "# ";
static size_t line_len = 2;

int rt_upstream_vprintf(const char *fmt, va_list args)
{
	char text[sizeof(line)];
	int n = vsnprintf(text, sizeof(text), fmt, args);

	for (const char *p = text; *p; p++) {
		if (line_len < sizeof(line) - 1)
			line[line_len++] = *p;
		if (*p != '\n')
			continue;
		line[line_len - 1] = '\n';
		rt_host.test_text(line, line_len);
		line_len = 2;
	}
	return n;
}

int rt_upstream_printf(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = rt_upstream_vprintf(fmt, args);
	va_end(args);
	return n;
}
