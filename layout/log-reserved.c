// SPDX-License-Identifier: GPL-2.0-or-later
/* What the device tree reserves, as kernels tell of it: drivers/of/of_reserved_mem.c. */
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

/* One range is told of in several lines; each may know something that the others do not. */
static enum log_verdict add(struct log *log, struct layout_reservation r)
{
	struct layout *l = log->boot->l;

	r.kind = LAYOUT_RESERVED_MEMORY;
	r.pos.line = log->line;
	if (r.name && !strncmp(r.name, "linux,cma", 9) && r.flags & LAYOUT_REUSABLE)
		r.flags |= LAYOUT_DEFAULT_CMA;
	for (size_t i = 0; i < l->nr_reservations; i++) {
		struct layout_reservation *old = &l->reservations[i];

		if (old->kind != r.kind || old->range.start != r.range.start)
			continue;
		old->flags |= r.flags;
		if (r.name && strcmp(old->name, r.name)) {
			free(old->name);
			old->name = array_strdup(r.name);
		}
		return LOG_USED;
	}
	return log_added(log, layout_add_reservation(l, r));
}

/* "0x000000003ef73340..0x000000003ef7372b (0 KiB) nomap non-reusable nvram@0" */
static enum log_verdict listed(struct log *log, const char *p)
{
	struct layout_reservation r = { .flags = 0 };
	uint64_t last;
	char *name;
	enum log_verdict v;

	if (log_scan_hex(log, &p, &r.range.start) != LOG_USED || !scan_word(&p, ".."))
		return LOG_SKIP;
	if (log_scan_hex(log, &p, &last) != LOG_USED || last < r.range.start || last == UINT64_MAX)
		return log_bad(log, "the range ends before it starts");
	r.range.end = last + 1;
	if (scan_word(&p, "(")) {
		p += strcspn(p, ")");
		p += *p == ')';
	}
	if (scan_word(&p, "nomap"))
		r.flags |= LAYOUT_NOMAP;
	else
		scan_word(&p, "map");
	if (scan_word(&p, "reusable"))
		r.flags |= LAYOUT_REUSABLE;
	else
		scan_word(&p, "non-reusable");
	p += strspn(p, " ");
	name = array_strdup(p);
	name[strcspn(name, " ")] = '\0';
	r.name = *name ? name : NULL;
	v = add(log, r);
	free(name);
	return v;
}

/* "0x000000000e000000, size 512 MiB", and before 3.16 or so "size 32 MB" */
static enum log_verdict scan_place(struct log *log, const char *p, struct range *range)
{
	uint64_t size;
	enum log_verdict v = log_scan_hex(log, &p, &range->start);

	if (v != LOG_USED)
		return v;
	if (!scan_word(&p, ", size") || !scan_number(&p, &size))
		return log_bad(log, "there is no size");
	if (size > UINT64_MAX >> 20 ||
	    __builtin_add_overflow(range->start, size << 20, &range->end))
		return log_bad(log, "an address does not fit 64 bits");
	return size ? LOG_USED : LOG_SKIP;
}

/* "created CMA memory pool at 0x000000000e000000, size 512 MiB": the node's name comes next */
static enum log_verdict pool(struct log *log, const char *p)
{
	struct layout_reservation r = { .flags = log->which };
	enum log_verdict v = scan_place(log, p, &r.range);

	if (v != LOG_USED)
		return v;
	log->boot->pool = r.range;
	log->boot->pool_flags = log->which;
	return add(log, r);
}

/* "initialized node linux,cma, compatible id shared-dma-pool" */
static enum log_verdict initialized(struct log *log, const char *p)
{
	struct layout_reservation r = { .range = log->boot->pool, .flags = log->boot->pool_flags };
	const char *end = strstr(p, ", compatible id");
	enum log_verdict v;

	if (!end || range_is_empty(r.range))
		return LOG_SKIP;
	log->boot->pool = (struct range){ 0 };
	p += strspn(p, " ");
	r.name = strndup(p, end - p);
	if (!r.name)
		array_die();
	v = add(log, r);
	free(r.name);
	return v;
}

/* "reserved region for node 'ramoops@100000': base 0x0000000000100000, size 1 MiB" */
static enum log_verdict region(struct log *log, const char *p)
{
	struct layout_reservation r = { .flags = 0 };
	const char *base = strstr(p, "base ");
	enum log_verdict v;

	if (!base || !scan_word(&p, "'") || !strchr(p, '\''))
		return LOG_SKIP;
	v = scan_place(log, base + strlen("base "), &r.range);
	if (v != LOG_USED)
		return v;
	r.name = strndup(p, strcspn(p, "'"));
	if (!r.name)
		array_die();
	v = add(log, r);
	free(r.name);
	return v;
}

/* What stands before all of these changed with the kernels. */
static enum log_verdict reserved(struct log *log, const char *p)
{
	static const struct {
		const char *words;
		enum log_verdict (*read)(struct log *log, const char *p);
		int which;
	} kinds[] = {
		{ "created CMA memory pool at", pool, LAYOUT_REUSABLE },
		{ "created DMA memory pool at", pool, LAYOUT_NOMAP },
		{ "created restricted DMA pool at", pool, 0 },
		{ "initialized node", initialized, 0 },
		{ "reserved region for node", region, 0 },
	};

	scan_word(&p, "Reserved memory:");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!scan_word(&p, kinds[i].words))
			continue;
		log->which = kinds[i].which;
		return kinds[i].read(log, p);
	}
	return listed(log, p);
}

const struct log_key log_reserved_keys[] = {
	{ "OF: reserved mem:", reserved, 0, true },
	{ "OF: fdt: Reserved memory:", reserved, 0, true },
	{ "Reserved memory:", reserved, 0, true },
	{ 0 },
};
