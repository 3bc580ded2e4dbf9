// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reserved-memory: what the device tree's node of that name wants. Where a node names its place, that is
 * held against all else that is there by then; where it does not, it is where a boot found room.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/option.h"
#include "lib/array.h"
#include "lib/rangeset.h"
#include "lib/size.h"

#define MOST 4096 /* nodes, as each is held against each */

static const struct explain_column columns[] = {
	{ "name", "NODE", EXPLAIN_TEXT },	  { "kind", "PLACE", EXPLAIN_TEXT },
	{ "flags", "FLAGS", EXPLAIN_TEXT },	  EXPLAIN_RANGE_COLUMNS,
	{ "align", "ALIGN", EXPLAIN_BYTES },	  { "collides", "COLLIDES WITH", EXPLAIN_TEXT },
	{ "next", "NEXT FREE", EXPLAIN_ADDRESS },
};

struct ask {
	const struct explain *x;
	struct explain_answer *a;
	const struct boot_result *r;
	struct explain_table *t;
	struct rangeset ram, places; /* nodes may overlap */
	size_t collisions, failures;
};

static bool is_node(const struct layout_reservation *v)
{
	return v->kind == LAYOUT_RESERVED_MEMORY;
}

/* It is there when nodes are reserved, and stays where it is. */
static bool is_fixed(const struct layout_reservation *v)
{
	return is_node(v) || v->kind == LAYOUT_RESERVATION || v->kind == LAYOUT_DTB ||
	       v->kind == LAYOUT_FIRMWARE;
}

/* What is in @place and is not @self, as a noun, and where; NULL: nothing. */
static const char *fixed_in(const struct ask *q, const struct layout_reservation *self,
			    struct range place, struct range *where)
{
	const struct layout *l = q->x->layout;

	if (range_overlaps(place, q->r->image)) {
		*where = q->r->image;
		return "the kernel's image";
	}
	if (range_overlaps(place, q->r->initrd)) {
		*where = q->r->initrd;
		return "the initrd";
	}
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *v = &l->reservations[i];

		if (v == self || !is_fixed(v) || !range_overlaps(v->range, place))
			continue;
		*where = v->range;
		return v->kind == LAYOUT_DTB ? "the device tree" : v->name;
	}
	return NULL;
}

/* The first address from @self's on where it is in RAM, and alone; 0: there is none. */
static uint64_t next_place(const struct ask *q, const struct layout_reservation *self)
{
	const uint64_t page = 1ULL << q->r->page_shift, size = range_size(self->range);
	uint64_t at = range_align_up(self->range.start, page);

	for (size_t i = rangeset_after(&q->ram, at); i < q->ram.nr; i++) {
		struct range ram = q->ram.v[i], where;

		if (at < ram.start)
			at = range_align_up(ram.start, page);
		while (at < ram.end && size <= ram.end - at) {
			if (!fixed_in(q, self, (struct range){ at, at + size }, &where))
				return at;
			at = range_align_up(where.end, page);
		}
	}
	return 0;
}

static const char *flags_of(unsigned int flags)
{
	if (flags & LAYOUT_NOMAP)
		return "no-map";
	if (flags & LAYOUT_DEFAULT_CMA)
		return "reusable, for CMA";
	return flags & LAYOUT_REUSABLE ? "reusable" : "";
}

static void tell_collision(struct ask *q, const struct layout_reservation *v, const char *what,
			   struct range where, uint64_t next)
{
	explain_say(q->a,
		    "%s, %#" PRIx64 "-%#" PRIx64 ", collides with %s, %#" PRIx64 "-%#" PRIx64 ".",
		    v->name, v->range.start, v->range.end - 1, what, where.start, where.end - 1);
	if (next)
		explain_say(q->a, "The next address that works for %s is %#" PRIx64 ".", v->name,
			    next);
	else
		explain_say(q->a, "No address behind it works for %s.", v->name);
}

static void add_static(struct ask *q, const struct layout_reservation *v)
{
	struct range where = { 0 };
	const char *what = fixed_in(q, v, v->range, &where);
	size_t i = rangeset_after(&q->ram, v->range.start);
	bool in_ram = i < q->ram.nr && range_overlaps(q->ram.v[i], v->range);
	uint64_t next = what ? next_place(q, v) : 0;

	explain_cell_word(q->t, v->name);
	explain_cell_word(q->t, in_ram ? "fixed" : "fixed, not in RAM");
	explain_cell_word(q->t, flags_of(v->flags));
	explain_cell_range(q->t, v->range);
	explain_cell_none(q->t);
	explain_cell_word(q->t, what);
	explain_cell_if(q->t, next, next);
	rangeset_add(&q->places, v->range);
	if (!what)
		return;
	q->collisions++;
	tell_collision(q, v, what, where, next);
}

/* Searches of a node are one for each of its ranges, until one has room. */
static const struct boot_search *last_search(const struct ask *q, size_t *at, unsigned int most)
{
	const struct boot_search *s = NULL;

	for (; *at < q->r->nr_searches && most; (*at)++) {
		if (!explain_is_tree(&q->r->searches[*at]))
			continue;
		s = &q->r->searches[*at];
		most--;
		if (s->found) {
			(*at)++;
			break;
		}
	}
	return s;
}

static void add_dynamic(struct ask *q, const struct layout_dynamic *d, const struct boot_search *s)
{
	char size[SIZE_TEXT_MAX], hole[SIZE_TEXT_MAX];

	explain_cell_word(q->t, d->name);
	explain_cell_word(q->t, s && s->found ? "found" : "none");
	explain_cell_word(q->t, flags_of(d->flags));
	if (s && s->found) {
		struct range place = { s->found, s->found + d->size };

		explain_cell_range(q->t, place);
		rangeset_add(&q->places, place);
	} else {
		explain_cell_none(q->t);
		explain_cell_none(q->t);
		explain_cell(q->t, d->size);
	}
	explain_cell(q->t, s ? s->align : d->align);
	explain_cell_none(q->t);
	explain_cell_none(q->t);
	if (s && s->found)
		return;
	q->failures++;
	if (s)
		explain_say(q->a, "%s finds no place: %s are wanted, and the largest hole has %s.",
			    d->name, size_format(d->size, size),
			    size_format(range_size(s->hole), hole));
}

static size_t count_nodes(const struct layout *l)
{
	size_t nr = l->nr_dynamics;

	for (size_t i = 0; i < l->nr_reservations; i++)
		nr += is_node(&l->reservations[i]);
	return nr;
}

static void tell(struct ask *q)
{
	const struct layout *l = q->x->layout;
	size_t nodes = count_nodes(l), at = 0;
	char text[SIZE_TEXT_MAX];
	uint64_t bytes;

	q->t = explain_table(q->a, "nodes", columns, ARRAY_LEN(columns),
			     "Nodes of /reserved-memory, those with a place first:");
	explain_list_ram(q->r, &q->ram);
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (is_node(&l->reservations[i]))
			add_static(q, &l->reservations[i]);
	for (size_t i = 0; i < l->nr_dynamics; i++) {
		const struct layout_dynamic *d = &l->dynamics[i];

		add_dynamic(q, d, last_search(q, &at, d->nr_within ? d->nr_within : 1));
	}
	explain_quote(q->a, q->r, "eserved mem");
	if (q->collisions)
		explain_say(q->a, "The kernel reserves what collides, too, but for no-map: two use "
				  "the same memory then.");
	bytes = rangeset_size(&q->places);
	explain_lead(q->a, "%zu node%s, %s: %zu collide%s, %zu find%s no place.", nodes,
		     nodes == 1 ? "" : "s", size_format(bytes, text), q->collisions,
		     q->collisions == 1 ? "s" : "", q->failures, q->failures == 1 ? "s" : "");
	q->a->verdict = q->collisions || q->failures ? EXPLAIN_NO : EXPLAIN_YES;
	explain_fact(q->a, "nodes", EXPLAIN_NUMBER, nodes);
	explain_fact(q->a, "bytes", EXPLAIN_BYTES, bytes);
	explain_fact(q->a, "collisions", EXPLAIN_NUMBER, q->collisions);
	explain_fact(q->a, "without_place", EXPLAIN_NUMBER, q->failures);
	explain_add_tree_searches(q->a, q->r);
	rangeset_release(&q->ram);
	rangeset_release(&q->places);
}

int explain_reserved_memory(const struct explain *x, struct explain_answer *a, struct error *err)
{
	const enum layout_arch arch = x->layout->arch;
	struct boot_result r = { 0 };
	struct ask q = { .x = x, .a = a, .r = &r };
	char *cmdline;
	int ret = explain_check_words(x, 0, 0, err);

	if (ret)
		return ret;
	if (arch != LAYOUT_ARM64 && arch != LAYOUT_RISCV && arch != LAYOUT_PPC64)
		return error_set(err, ENOSYS,
				 "explain: boots of this architecture have no device tree; arm64, "
				 "riscv64 and ppc64 have");
	if (count_nodes(x->layout) > MOST)
		return error_set(err, E2BIG, "explain: more than %d nodes of /reserved-memory",
				 MOST);
	cmdline = explain_cmdline(x, NULL, NULL);
	ret = explain_boot(x, cmdline, 0, &r, err);
	if (!ret) {
		explain_tell_boot(a, &r);
		if (count_nodes(x->layout))
			tell(&q);
		else
			explain_say(a, "The machine has no nodes of /reserved-memory.");
		explain_model(a, "drivers/of/of_reserved_mem.c and drivers/of/fdt.c", "6.12",
			      "What is reserved for nodes of the device tree");
	}
	boot_result_release(&r);
	free(cmdline);
	return ret;
}
