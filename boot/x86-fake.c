// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * numa=fake=: nodes that are made of those of the firmware, or of the one that there is without
 * (numa_emulation() of mm/numa_emulation.c, 6.12; in arch/x86/mm/ since 2.6.39, and before that by
 * other rules, which are not here).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

#define UNIT (32ULL << 20) /* FAKE_NODE_MIN_SIZE */
#define DMA32_END (1ULL << 32)

struct fake {
	struct boot *b;
	struct boot_block *left; /* of the blocks that there were */
	size_t nr_left;
	struct boot_block *made;
	size_t nr_made, room_made;
};

/* mem_hole_size(): bytes in whole pages of @range that no memory has */
static uint64_t hole_in(const struct boot *b, uint64_t start, uint64_t end)
{
	const struct check_regions *memory = &b->check.regions[RT_MEMORY];
	unsigned int shift = b->r->page_shift;
	uint64_t mask = (1ULL << shift) - 1;
	struct range pfns = { (start + mask) >> shift, end >> shift };
	uint64_t hole = range_size(pfns);

	for (size_t i = 0; i < memory->nr; i++) {
		const struct rt_region *v = &memory->v[i];
		struct range r = { (v->base + mask) >> shift, (v->base + v->size) >> shift };

		hole -= range_size(range_intersect(r, pfns));
	}
	return hole << shift;
}

static uint64_t memory_in(const struct boot *b, uint64_t start, uint64_t end)
{
	return end - start - hole_in(b, start, end);
}

/* emu_setup_memblk(): @size bytes of a block that is left are of node @nid now */
static void make_node(struct fake *f, struct boot_block *from, int nid, uint64_t size)
{
	struct range r = { from->range.start, from->range.start + size };

	ARRAY_APPEND(f->made, f->nr_made, f->room_made) =
		(struct boot_block){ .range = r, .nid = nid };
	boot_log(f->b, "Faking node %d at [mem 0x%016" PRIx64 "-0x%016" PRIx64 "] (%" PRIu64 "MB)",
		 nid, r.start, r.end - 1, size >> 20);
	from->range.start = r.end;
	if (!range_is_empty(from->range))
		return;
	f->nr_left--;
	memmove(from, from + 1, (size_t)(f->left + f->nr_left - from) * sizeof(*from));
}

/* How the blocks are filled. */
struct split {
	uint64_t size;	  /* bytes of a node */
	unsigned int big; /* the first nodes that are larger by a unit */
	bool uniform;	  /* by what the blocks span, and not by the memory in them */
	int next, nids;	  /* number of the next node, and where numbers begin anew */
};

static uint64_t end_of(const struct fake *f, const struct split *s, struct range block)
{
	const struct boot *b = f->b;
	uint64_t start = block.start, limit = block.end, end = start + s->size;

	if (!s->uniform && s->next < (int)s->big)
		end += UNIT;
	while (!s->uniform && memory_in(b, start, end) < s->size) {
		end += UNIT;
		if (end > limit) {
			end = limit;
			break;
		}
	}
	/* what would be left for the next node must be enough for one */
	if (end < DMA32_END && memory_in(b, end, DMA32_END) < UNIT)
		end = DMA32_END;
	if (!s->uniform && end < limit && memory_in(b, end, limit) < s->size)
		end = limit;
	return end < limit ? end : limit;
}

static struct boot_block *find_left(const struct fake *f, int nid)
{
	for (size_t i = 0; i < f->nr_left; i++)
		if (f->left[i].nid == nid)
			return &f->left[i];
	return NULL;
}

/* The lowest node above @nid that has something left, or -1. */
static int next_left(const struct fake *f, int nid)
{
	int next = -1;

	for (size_t i = 0; i < f->nr_left; i++)
		if (f->left[i].nid > nid && (next < 0 || f->left[i].nid < next))
			next = f->left[i].nid;
	return next;
}

/* Takes a node from each of the real ones in turn, or from @only, until nothing is left. */
static bool fill(struct fake *f, struct split *s, int only)
{
	const size_t max = 2 * (size_t)f->b->ops->nr_node_ids;

	while (only < 0 ? f->nr_left > 0 : find_left(f, only) != NULL) {
		for (int nid = next_left(f, -1); nid >= 0; nid = next_left(f, nid)) {
			struct boot_block *from = find_left(f, nid);

			if (only >= 0 && nid != only)
				continue;
			if (f->nr_made == max) {
				boot_log(f->b,
					 "NUMA: Too many emulated memblks, failing emulation");
				return false;
			}
			make_node(f, from, s->next % s->nids,
				  end_of(f, s, from->range) - from->range.start);
			s->next++;
		}
	}
	return true;
}

/* numa=fake=N: as much memory to each, in units, and the remainder to the first ones */
static bool split_number(struct fake *f, uint64_t end)
{
	struct boot *b = f->b;
	uint64_t nr = b->params.fake.nodes, share;
	struct split s = { .nids = b->ops->nr_node_ids };

	if (!nr)
		return false;
	if (nr < (uint64_t)s.nids)
		s.nids = nr;
	share = boot_align_down(memory_in(b, 0, end) / s.nids, 1ULL << b->r->page_shift);
	s.big = share % UNIT * s.nids / UNIT;
	s.size = boot_align_down(share, UNIT);
	if (s.size)
		return fill(f, &s, -1);
	boot_log(b, "Not enough memory for each node.  NUMA emulation disabled.");
	return false;
}

static uint64_t at_least(struct boot *b, uint64_t size, uint64_t share)
{
	uint64_t min = boot_align_up(share > UNIT ? share : UNIT, UNIT);

	if (size < min)
		boot_log(b, "Fake node size %" PRIu64 "MB too small, increasing to %" PRIu64 "MB",
			 size >> 20, min >> 20);
	return boot_align_down(size < min ? min : size, UNIT);
}

/* numa=fake=512M: of this size, but for what is too little for another one */
static bool split_size(struct fake *f, uint64_t end)
{
	struct boot *b = f->b;
	struct split s = { .nids = b->ops->nr_node_ids };

	s.size = at_least(b, b->params.fake.size, memory_in(b, 0, end) / s.nids);
	return fill(f, &s, -1);
}

/* numa=fake=NU: each real node is divided into as many */
static bool split_uniform(struct fake *f)
{
	struct boot *b = f->b;
	const uint64_t nr = b->params.fake.nodes, page = 1ULL << b->r->page_shift;
	struct split s = { .nids = b->ops->nr_node_ids, .uniform = true };

	if (!nr)
		return false;
	while (f->nr_left) {
		struct boot_block *first = &f->left[0];
		uint64_t share = boot_align_down(range_size(first->range) / nr, page);
		uint64_t had = s.next;

		s.size = at_least(b, share, share);
		if (!fill(f, &s, first->nid))
			return false;
		if (s.next - had < nr) {
			boot_log(b,
				 "numa_emulation: phys: only got %" PRIu64 " of %" PRIu64
				 " nodes, failing",
				 s.next - had, nr);
			return false;
		}
	}
	return true;
}

bool boot_x86_fake_nodes(struct boot *b)
{
	struct fake f = { .b = b, .nr_left = b->nr_nodes };
	uint64_t end = b->max_pfn << b->r->page_shift;
	bool made;

	if (!b->params.fake.asked || !b->nr_nodes)
		return false;
	if (b->rules->uncovered_is_lost)
		boot_note(b, "numa=fake= is done as kernels do it since 2.6.39");
	f.left = array_resize(NULL, b->nr_nodes, sizeof(*f.left));
	memcpy(f.left, b->nodes, b->nr_nodes * sizeof(*f.left));
	if (b->params.fake.uniform)
		made = split_uniform(&f);
	else if (b->params.fake.size)
		made = split_size(&f, end);
	else
		made = split_number(&f, end);
	free(f.left);
	if (!made) {
		boot_unmet(b, "numa=fake=: the kernel makes no nodes of that");
		free(f.made);
		return false;
	}
	free(b->nodes);
	b->nodes = f.made;
	b->nr_nodes = f.nr_made;
	b->room_nodes = f.room_made;
	return true;
}
