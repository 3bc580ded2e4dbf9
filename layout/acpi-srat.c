// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The SRAT says which proximity domain memory and processors are in. The kernel numbers its nodes
 * as it meets the domains: first those of processors and initiators, in the order of the table,
 * then those of memory.
 */
#include <errno.h>
#include <inttypes.h>

#include "layout/acpi.h"
#include "lib/array.h"

#define SRAT_FIRST 48 /* where its entries begin */

#define ENABLED 0x1u
#define HOT_PLUGGABLE 0x2u
#define NON_VOLATILE 0x4u

enum {
	MEMORY = 1,
};

struct srat {
	struct layout *l;
	const struct acpi_table *table;
	unsigned int domains[ACPI_MAX_NODES]; /* of each node */
	unsigned int cpus[ACPI_MAX_NODES];
	unsigned int nr_nodes;
	bool cpus_seen;
};

/* Entries that are not of memory: where they have what. */
static const struct shape {
	unsigned char type, len, domain, flags;
	bool is_cpu;
} shapes[] = {
	{ 0, 16, 2, 4, true },	 /* local APIC, or SAPIC; its domain has three more bytes */
	{ 2, 24, 4, 12, true },	 /* x2APIC */
	{ 3, 18, 2, 10, true },	 /* GICC */
	{ 5, 32, 4, 24, false }, /* generic initiator */
	{ 7, 20, 4, 12, true },	 /* RINTC */
};

static const struct shape *find_shape(unsigned int type)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		if (shapes[i].type == type)
			return &shapes[i];
	return NULL;
}

static void note(struct srat *s, size_t at, const char *what)
{
	s->l->lines_bad++;
	layout_note_at(s->l, (struct srcpos){ .file = s->table->place }, "the entry at 0x%zx: %s",
		       at, what);
}

/* The node of a domain, which is a new one if need be; -1: there are too many. */
static int map_domain(struct srat *s, unsigned int domain)
{
	for (unsigned int n = 0; n < s->nr_nodes; n++)
		if (s->domains[n] == domain)
			return n;
	if (s->nr_nodes == ACPI_MAX_NODES)
		return -1;
	s->domains[s->nr_nodes] = domain;
	return s->nr_nodes++;
}

static void take_other(struct srat *s, const unsigned char *e, size_t at)
{
	const struct shape *shape = find_shape(e[0]);
	unsigned int domain;
	int node;

	if (e[0] == MEMORY || !shape)
		return;
	if (e[1] < shape->len) {
		note(s, at, "it is shorter than its kind is");
		return;
	}
	if (!(acpi_number(e + shape->flags, 4) & ENABLED))
		return;
	domain = acpi_number(e + shape->domain, e[0] ? 4 : 1);
	if (!e[0] && s->table->revision >= 2)
		domain |= acpi_number(e + 9, 3) << 8;
	node = map_domain(s, domain);
	if (node < 0) {
		note(s, at, "there are more proximity domains than a kernel has nodes");
		return;
	}
	s->cpus_seen |= shape->is_cpu;
	s->cpus[node] += shape->is_cpu;
	s->l->lines_used++;
}

static void take_memory(struct srat *s, const unsigned char *e, size_t at)
{
	struct layout_node_range r = { .pos.file = s->table->place };
	unsigned int flags, domain;

	if (e[0] != MEMORY)
		return;
	if (e[1] < 40) {
		note(s, at, "it is shorter than its kind is");
		return;
	}
	flags = acpi_number(e + 28, 4);
	if (!(flags & ENABLED))
		return;
	domain = acpi_number(e + 2, s->table->revision >= 2 ? 4 : 1);
	r.nid = map_domain(s, domain);
	if (r.nid < 0) {
		note(s, at, "there are more proximity domains than a kernel has nodes");
		return;
	}
	r.range.start = acpi_number(e + 8, 8);
	if (__builtin_add_overflow(r.range.start, acpi_number(e + 16, 8), &r.range.end)) {
		note(s, at, "the range ends beyond 64 bits");
		return;
	}
	s->l->lines_used++;
	if (range_is_empty(r.range))
		return; /* the kernel has the node, all the same */
	r.flags = flags & HOT_PLUGGABLE ? LAYOUT_HOTPLUG : 0;
	if (layout_add_node_range(s->l, r))
		note(s, at, "there are too many of these");
	if (flags & NON_VOLATILE)
		layout_note_at(s->l, r.pos,
			       "0x%" PRIx64 "-0x%" PRIx64 " of node %d is non-volatile",
			       r.range.start, r.range.end - 1, r.nid);
}

/* Each entry, up to one that cannot be right; where that is, or the end of the table. */
static size_t walk(struct srat *s, void (*take)(struct srat *, const unsigned char *, size_t))
{
	size_t at = SRAT_FIRST;

	while (at + 2 <= s->table->len) {
		const unsigned char *e = s->table->data + at;

		if (e[1] < 2 || at + e[1] > s->table->len)
			return at;
		take(s, e, at);
		s->l->lines += take == take_memory;
		at += e[1];
	}
	return at;
}

static void tell_domains(struct srat *s)
{
	bool same = true;

	for (unsigned int n = 0; n < s->nr_nodes; n++) {
		layout_set_domain(s->l, n, s->domains[n]);
		same &= s->domains[n] == n;
		if (s->cpus_seen)
			layout_add_node_cpus(
				s->l, (struct layout_node_cpus){ .nid = n,
								 .cpus = s->cpus[n],
								 .pos.file = s->table->place });
	}
	for (unsigned int n = 0; !same && n < s->nr_nodes; n++)
		if (s->domains[n] != n)
			layout_note_at(s->l, (struct srcpos){ .file = s->table->place },
				       "proximity domain %u is node %u", s->domains[n], n);
}

int acpi_read_srat(struct layout *l, const struct acpi_table *table, struct error *err)
{
	struct srat s = { .l = l, .table = table };
	size_t at;

	if (table->len < SRAT_FIRST)
		return error_set(
			err, EINVAL,
			"%s: the SRAT ends within its header: take it whole, with `sudo cat "
			"/sys/firmware/acpi/tables/SRAT`",
			table->place);
	walk(&s, take_other);
	at = walk(&s, take_memory);
	if (at < table->len && at + 2 <= table->len && table->data[at + 1] < 2)
		note(&s, at, "its length cannot be right: what follows is not read");
	else if (at < table->len)
		note(&s, at, "it ends beyond the table");
	tell_domains(&s);
	return 0;
}
