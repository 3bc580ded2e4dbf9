// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has which memory, and the map that comes of it. */
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

/* Index of the first owner that ends behind @address. */
static size_t owner_after(const struct boot *b, uint64_t address)
{
	size_t low = 0, high = b->nr_owners;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (b->owners[mid].range.end > address)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static void insert(struct boot *b, size_t at, struct boot_owner owner)
{
	ARRAY_APPEND(b->owners, b->nr_owners, b->room_owners) = owner;
	memmove(&b->owners[at + 1], &b->owners[at], (b->nr_owners - 1 - at) * sizeof(owner));
	b->owners[at] = owner;
}

void boot_disown(struct boot *b, struct range range)
{
	size_t i = owner_after(b, range.start);

	while (i < b->nr_owners && b->owners[i].range.start < range.end) {
		struct boot_owner *o = &b->owners[i];
		struct boot_owner rest = *o;

		if (o->range.start < range.start && o->range.end > range.end) {
			o->range.end = range.start;
			rest.range.start = range.end;
			insert(b, i + 1, rest);
			return;
		}
		if (o->range.start < range.start) {
			o->range.end = range.start;
			i++;
		} else if (o->range.end > range.end) {
			o->range.start = range.end;
			return;
		} else {
			memmove(o, o + 1, (b->nr_owners - i - 1) * sizeof(*o));
			b->nr_owners--;
		}
	}
}

static bool is_of(const struct boot_owner *o, const struct boot_owner *as)
{
	return o->purpose == as->purpose && o->function == as->function;
}

/* Into place @at; thousands of page tables side by side are one. */
static void join(struct boot *b, size_t at, struct boot_owner owner)
{
	struct boot_owner *next = at < b->nr_owners ? &b->owners[at] : NULL;
	struct boot_owner *last = at ? &b->owners[at - 1] : NULL;

	if (next && next->range.start == owner.range.end && is_of(next, &owner))
		next->range.start = owner.range.start;
	else if (last && last->range.end == owner.range.start && is_of(last, &owner))
		last->range.end = owner.range.end;
	else
		insert(b, at, owner);
}

/* What has an owner keeps it: a second reservation of the same changes nothing. */
void boot_own(struct boot *b, struct range range, const char *purpose, const char *function)
{
	struct boot_owner owner = { .purpose = purpose, .function = function };
	uint64_t at = range.start;

	while (at < range.end) {
		size_t i = owner_after(b, at);
		bool taken = i < b->nr_owners && b->owners[i].range.start <= at;
		uint64_t next = i < b->nr_owners ? b->owners[i].range.start : UINT64_MAX;

		if (taken) {
			at = b->owners[i].range.end;
			continue;
		}
		owner.range = (struct range){ at, next < range.end ? next : range.end };
		join(b, i, owner);
		at = owner.range.end;
	}
}

/* The region that @address is in, or NULL; @end is lowered to where that changes. */
static const struct rt_region *region_at(const struct check_regions *r, size_t *hint,
					 uint64_t address, uint64_t *end)
{
	while (*hint < r->nr && r->v[*hint].base + r->v[*hint].size <= address)
		++*hint;
	if (*hint == r->nr)
		return NULL;
	if (r->v[*hint].base > address) {
		if (r->v[*hint].base < *end)
			*end = r->v[*hint].base;
		return NULL;
	}
	if (r->v[*hint].base + r->v[*hint].size < *end)
		*end = r->v[*hint].base + r->v[*hint].size;
	return &r->v[*hint];
}

static const struct boot_owner *owner_at(const struct boot *b, uint64_t address, uint64_t *end)
{
	size_t i = owner_after(b, address);

	if (i == b->nr_owners)
		return NULL;
	if (b->owners[i].range.start > address) {
		if (b->owners[i].range.start < *end)
			*end = b->owners[i].range.start;
		return NULL;
	}
	if (b->owners[i].range.end < *end)
		*end = b->owners[i].range.end;
	return &b->owners[i];
}

/* memblock's own arrays have been moved by memblock_double_array(). */
static bool is_own_array(const struct boot *b, uint64_t address)
{
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		const struct rt_type_state *s = &b->check.regions[type].state;

		if (b->check.regions[type].there && s->regions_pa != RT_NULL &&
		    address >= s->regions_pa && address < s->regions_pa + s->max * 64)
			return true;
	}
	return false;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void add_piece(struct boot_result *r, struct boot_piece p)
{
	struct boot_piece *last = r->nr_map ? &r->map[r->nr_map - 1] : NULL;

	if (last && last->range.end == p.range.start && last->use == p.use &&
	    last->is_memory == p.is_memory && last->nid == p.nid && last->flags == p.flags &&
	    same_text(last->purpose, p.purpose) && same_text(last->function, p.function))
		last->range.end = p.range.end;
	else
		ARRAY_APPEND(r->map, r->nr_map, r->room_map) = p;
}

void boot_make_map(struct boot *b, const struct check_regions *memory,
		   const struct check_regions *reserved)
{
	size_t m = 0, v = 0;
	uint64_t at = 0;

	b->r->nr_map = 0;
	while (at < UINT64_MAX) {
		uint64_t end = UINT64_MAX;
		const struct rt_region *mem = region_at(memory, &m, at, &end);
		const struct rt_region *res = region_at(reserved, &v, at, &end);
		struct boot_piece p = { .is_memory = mem, .nid = LAYOUT_NO_NODE };

		if (mem) {
			p.nid = b->ops->numa ? mem->nid : 0;
			p.flags = mem->flags;
			p.use = mem->flags & b->check.nomap ? BOOT_NOMAP : BOOT_FREE;
		}
		if (res) {
			const struct boot_owner *o = owner_at(b, at, &end);

			p.use = BOOT_RESERVED;
			p.purpose = o ? o->purpose : NULL;
			p.function = o ? o->function : NULL;
			if (!o && is_own_array(b, at)) {
				p.purpose = "memblock's arrays";
				p.function = "memblock_double_array";
			}
		}
		p.range = (struct range){ at, end };
		if (mem || res)
			add_piece(b->r, p);
		at = end;
	}
}
