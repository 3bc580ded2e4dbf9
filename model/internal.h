/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_INTERNAL_H
#define MODEL_INTERNAL_H

#include <setjmp.h>

#include "lib/rangeset.h"
#include "model/model.h"

/*
 * A set of addresses with attributes, cut into regions: sorted, disjoint, none empty. It has two
 * arrays; an operation writes the regions that there will be into the other one, in one sweep.
 */
struct set {
	struct model_region *v, *other;
	size_t nr, room; /* of either array */
	uint64_t total;	 /* bytes */
};

/* Borders from @first to @last, both included. */
struct borders {
	uint64_t first, last;
};
#define BORDERS_ALL ((struct borders){ 0, UINT64_MAX })
#define BORDERS_NONE ((struct borders){ UINT64_MAX, 0 })

/* What a part of a set becomes. */
struct change {
	unsigned long set, clear; /* flags */
	bool has_nid;
	int nid;
};

void set_release(struct set *s);
void set_clear(struct set *s);
/* How many pieces of @r are in no region. */
size_t set_gaps(const struct set *s, struct range r);
/* What of @r is in no region becomes one; the rest stays what it is. From the first to the last piece. */
struct borders set_add(struct set *s, struct range r, int nid, unsigned long flags);
void set_remove(struct set *s, struct range r);
/* Regions are cut at both ends of @r, and what is within is changed. */
void set_change(struct set *s, struct range r, const struct change *change);
/* What is outside of @r goes, unless it has one of the flags @kept. */
void set_cap(struct set *s, struct range r, unsigned long kept);
/* Regions begin and end at multiples of @align; what is too small for that goes. */
void set_trim(struct set *s, uint64_t align);
/* Makes one region of neighbours that touch at one of the borders @b and are alike. */
void set_join(struct set *s, struct borders b);
/* Index of the region at @address, or of the first one behind it; ->nr if there is none. */
size_t set_after(const struct set *s, uint64_t address);
/* The region that @address is in, or NULL. */
const struct model_region *set_at(const struct set *s, uint64_t address);

/* memory, reserved or physmem: a set, and the array that memblock keeps it in. */
struct list {
	struct set set;
	bool exists;
	uint64_t max, first_max; /* regions that fit into the array; and into the first one */
	uint64_t array;		 /* where it is; RT_NULL: still the first one */
	bool in_slab;		 /* it is from kmalloc(), and @array says nothing */
};

/* Where kernels differ, none being wrong; rules.c. */
enum rule {
	RULE_NODES,	    /* regions have nodes */
	RULE_PHYSMEM,	    /* there is a third list */
	RULE_KEEPS,	    /* lists are kept for good */
	RULE_EMPTY_REGION,  /* an empty list has one region, an empty one */
	RULE_JOINS_ALL,	    /* a call that joins regions joins all */
	RULE_RESIZE_PANICS, /* an array that may not grow yet panics */
	RULE_ALLOC_KERN,    /* what is allocated is marked as the kernel's */
	RULE_ALLOC_NODE,    /* what is allocated on a node has the node */
	RULE_ARRAY_KERN,    /* arrays are marked as the kernel's */
	RULE_NO_NODE,	    /* what is reserved has no node by NUMA_NO_NODE, not MAX_NUMNODES */
	RULE_CHOOSES_ALL,   /* walks choose by node and flags in all lists, not only in memory */
	RULE_ASK_HOTPLUG,   /* who asks for hotpluggable memory gets it with movable_node, too */
	RULE_ANY_NODE,	    /* NUMA_NO_NODE means all nodes in walks of pages, too */
	RULE_FREES_PAGES,   /* what is freed once slab is up stays in the list */
	RULE_HAND_NODES,    /* in the hand-over, what is reserved gets its memory's node */
	RULE_DISCARD_FREES, /* discarded arrays are freed as by memblock_phys_free() */
	RULE_MARKS_NOMAP, /* in the hand-over, pages of memory that is not mapped are marked, too */
	RULE_KHO,	  /* allocations can be confined to the scratch areas of kexec handover */
	NR_RULES
};

/* Known bugs; known.c. */
enum bug {
	BUG_MEMORY_ARRAY,
	BUG_RESERVED_ARRAY,
	BUG_ARRAYS_APART,
	BUG_PHYSMEM_ARRAY,
	BUG_CAP_WRAPS,
	BUG_CAP_EARLY,
	BUG_TRIM_TOTAL,
	BUG_TRIM_WRAPS,
	BUG_OVERLAP_WRAPS,
	BUG_END_OF_NOTHING,
	BUG_ESTIMATE,
	BUG_LATE_ALLOC,
	BUG_MIRROR,
	BUG_HUGETLB_MIRROR,
	BUG_FIRST_BYTE,
	BUG_SLAB_ARRAY,
	NR_BUGS
};

struct model;
typedef uint64_t (*model_fn)(struct model *m, const uint64_t *args);

struct model {
	/* of the kernel: does not change */
	const struct rt_engine *ops;
	uint64_t page, last; /* size of a page; PHYS_ADDR_MAX */
	uint64_t region_size, cache_line, low_limit;
	uint64_t no_limit; /* limits up to this are no addresses; the limit that was set holds */
	int nr_nodes;	   /* MAX_NUMNODES */
	struct {
		unsigned long hotplug, mirror, nomap, driver_managed, noinit, kern, kho, hugetlb;
	} flag;
	bool rules[NR_RULES];
	const struct engine_bug *has_bug[NR_BUGS]; /* NULL: it has not */
	model_fn *calls;			   /* for each of the engine's; NULL: not known */

	/* memblock */
	struct list lists[RT_NR_TYPES];
	uint64_t current_limit;
	bool bottom_up, can_resize, has_mirror, kho_only;
	/* around it */
	struct rangeset ram;
	bool slab, movable_node, kernelcore_mirror;
	uint64_t max_low_pfn; /* the hand-over goes up to here */

	/* the call that is being made */
	uint32_t bugs;	  /* that it runs into, by enum bug */
	uint32_t lasting; /* that any call runs into from here on, until the reset */
	bool any;	  /* its result is left open */
	jmp_buf leave;

	bool gone;		      /* the lists were discarded */
	struct range *freed, *marked; /* by the last call */
	size_t nr_freed, room_freed, nr_marked, room_marked;
};

#define MODEL_ENOMEM ((uint64_t)-12)

static inline uint64_t model_int(int64_t value)
{
	return (uint64_t)value;
}

/* [base, base + size), which ends at the last address at the latest. */
static inline struct range model_range(const struct model *m, uint64_t base, uint64_t size)
{
	return (struct range){ base, base + (size < m->last - base ? size : m->last - base) };
}

static inline bool model_is_power(uint64_t n)
{
	return n && !(n & (n - 1));
}

static inline bool model_is_node(const struct model *m, int nid)
{
	return nid >= 0 && nid < m->nr_nodes;
}

/* model.c: the call ends here, for good. */
void model_leave(struct model *m, enum model_end end) __attribute__((noreturn));
/* The documentation says nothing of this. */
static inline void model_unspecified_if(struct model *m, bool open)
{
	if (open)
		model_leave(m, MODEL_UNSPECIFIED);
}
/* Pages: the first one that begins at or behind @address, and the one that it is in. */
static inline uint64_t model_page_up(struct model *m, uint64_t address)
{
	/* behind the last page that 64 bits can tell there is none */
	if (address > UINT64_MAX - (m->page - 1))
		m->any = true;
	return (address >> m->ops->page_shift) + !!(address & (m->page - 1));
}
static inline uint64_t model_page_down(const struct model *m, uint64_t address)
{
	return address >> m->ops->page_shift;
}
/* Something writes to @r. */
void model_touch(struct model *m, struct range r);

/* rules.c */
void rules_probe(struct model *m, struct engine *e);
/* known.c: which bugs the kernel has. */
void known_read(struct model *m, const struct engine_info *info);
/* The call that is being made runs into @bug where a kernel has it. */
void known_note(struct model *m, enum bug bug);

/*
 * list.c: changes of lists, which make room in the array first. 0, or MODEL_ENOMEM if there is
 * none: then nothing has changed.
 */
uint64_t list_add(struct model *m, enum rt_type type, struct range r, int nid, unsigned long flags);
uint64_t list_remove(struct model *m, enum rt_type type, struct range r);
uint64_t list_change(struct model *m, enum rt_type type, struct range r, struct change change);
/* Where its array is; empty if that is not in memory. */
static inline struct range list_array(const struct model *m, const struct list *l)
{
	if (l->array == RT_NULL)
		return (struct range){ 0, 0 };
	return (struct range){ l->array, l->array + l->max * m->region_size };
}
/* Regions that memblock counts. */
static inline uint64_t list_count(const struct model *m, const struct list *l)
{
	return !l->set.nr && m->rules[RULE_EMPTY_REGION] ? 1 : l->set.nr;
}

/* resize.c: room for @more regions, while something is done with @r; false: there is none. */
enum why {
	WHY_ADD,
	WHY_CHANGE,
	WHY_TAKE, /* what is in @r will be no memory for memblock afterwards */
	WHY_CAP,  /* nor will what is outside of @r */
};
bool resize_for(struct model *m, enum rt_type type, uint64_t more, struct range r, enum why why);

/* search.c: what an allocation looks for. */
struct request {
	uint64_t size, align; /* @align a power of two */
	uint64_t start, end;  /* @end: also MEMBLOCK_ALLOC_ACCESSIBLE and _NOLEAKTRACE */
	int nid;	      /* NUMA_NO_NODE: any */
	unsigned long flags;  /* of what is asked for */
	unsigned long never;  /* regions with one of these are no choice */
};
/* The address, or 0. */
uint64_t search_find(const struct model *m, const struct request *rq);
/* Flags that allocations ask for. */
unsigned long search_flags(const struct model *m);
/* Is @r, a region of memory, one for those who ask for @nid and @flags? */
bool search_suits(const struct model *m, const struct model_region *r, int nid,
		  unsigned long flags);

/* What somebody wants to have. */
struct wish {
	uint64_t size, align, min, max;
	int nid;
	bool exact; /* no other node will do */
};
#define ANY_NODE (-1)
#define ACCESSIBLE 0 /* MEMBLOCK_ALLOC_ACCESSIBLE */

/* alloc.c: what is asked of all wishes, and what is left open. */
void alloc_check(struct model *m, struct wish *w);
/* Slab is up, and does it. */
bool alloc_is_late(struct model *m, uint64_t size);
/* Finds a place on @nid, or anywhere, and reserves it. The address, or 0. */
uint64_t alloc_take(struct model *m, const struct wish *w, int nid, unsigned long flags);
/* Pages that the page allocator is to get must be of memory: it has no others. */
void alloc_check_pages(struct model *m, uint64_t base, uint64_t size);
/* Frees, as memblock_phys_free(). */
uint64_t alloc_free(struct model *m, uint64_t base, uint64_t size);

/* calls.c: what to do for a call; NULL: not known. */
model_fn calls_find(const struct rt_call *call);

/* A call by its name and kinds: "PP>I" takes two addresses and returns a signed number. */
struct model_call {
	const char *name, *kinds;
	model_fn fn;
};
/* Each file has a table of the calls that it knows; the last name is NULL. */
extern const struct model_call change_calls[], alloc_calls[], bootmem_calls[], question_calls[],
	limit_calls[], walk_calls[], handover_calls[];

#endif
