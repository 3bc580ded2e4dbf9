/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_VIEW_H
#define FUZZ_VIEW_H

#include "engine/engine.h"

/* What can be seen of memblock after an operation, and in what two such views differ. */

/* In the order in which they are looked at; a view differs in the first that it differs in. */
enum aspect {
	ASPECT_NONE,
	ASPECT_END,	  /* one panicked or the like, the other did not, or otherwise */
	ASPECT_RESULT,	  /* what the call returned */
	ASPECT_OUT,	  /* what it wrote through a pointer */
	ASPECT_ADDRESSES, /* what a list covers */
	ASPECT_REGIONS,	  /* how it is cut into regions */
	ASPECT_NODES,
	ASPECT_FLAGS,
	ASPECT_TOTAL,	 /* the sum that memblock keeps */
	ASPECT_MAX,	 /* the room for regions */
	ASPECT_ZEROED,	 /* whether the memory that was allocated is zeroed */
	ASPECT_CHECK,	 /* a check on the lists failed; see check/ */
	ASPECT_HANDOVER, /* pages that the page allocator got */
	ASPECT_MARKED,	 /* pages that it marked as reserved */
	ASPECT_DIED,	 /* a sanitizer or the like ended the process */
	ASPECT_NR,
};

const char *aspect_name(enum aspect aspect);

/* Regions that are kept of each list; more are only counted. */
#define VIEW_REGIONS 64

struct view_list {
	bool there;
	uint64_t cnt, max, total_size;
	struct rt_region v[VIEW_REGIONS]; /* nid -1: none */
};

struct view {
	enum engine_end end;
	char text[200]; /* how it ended, if it did not return */
	uint64_t result;
	uint64_t outs[RT_MAX_ARGS];
	struct view_list lists[RT_NR_TYPES];
};

/* The same of two views is one number each: what two processes tell each other. */
struct digest {
	uint32_t end, made;
	uint64_t result, outs, zeroed, freed;
	struct digest_list {
		uint64_t addresses, regions, nodes, flags, total, max;
	} lists[RT_NR_TYPES];
};

/* A region as it is compared: -1 is every node id that means none. */
static inline int view_node(const struct rt_engine *ops, int nid)
{
	return !ops->numa ? 0 : nid < 0 || nid >= ops->nr_node_ids ? -1 : nid;
}

/* Of the engine, within engine_run(). */
void view_take_list(struct view_list *list, const struct rt_engine *ops, enum rt_type type);
void digest_take(struct digest_list *d, const struct rt_engine *ops, enum rt_type type);

/* Bits of aspects that do not count. */
#define ASPECT_BIT(aspect, type) (1ULL << ((aspect) + 16 * (type)))

/* The first aspect in which they differ, and of which list. */
enum aspect digest_compare(const struct digest *a, const struct digest *b, uint64_t ignored,
			   enum rt_type *type);
enum aspect view_compare_list(const struct view_list *a, const struct view_list *b);

#endif
