/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/bugs.h"
#include "engine/engine.h"
#include "lib/range.h"

/*
 * What every call of memblock is to do, written from what the calls mean and not from how the
 * kernel does it: lists are sets of addresses with attributes, cut into regions. docs/model.md
 * explains memblock by it. Addresses are physical, in bytes.
 *
 * Where kernels legitimately differ there are named rules, which are asked of the engine when a
 * model is made. Where a kernel is wrong the model is right all the same; see model_known().
 */
struct model;

/*
 * A model of the memblock that @e has. Tries a few things in the engine, which is reset before and
 * afterwards, and has no listener then. Never NULL.
 */
struct model *model_new(const struct rt_engine *ops, struct engine *e);
void model_free(struct model *m);

/* The state that engine_reset() makes: pristine, no RAM. */
void model_reset(struct model *m);

/* Memory that can be touched, as engine_add_ram(): what is written elsewhere is a fault. */
void model_add_ram(struct model *m, struct range ram);

/*
 * State around memblock, as `set` in a script: "slab", "movable_node", "mirrored_kernelcore",
 * "can_resize", "max_low_pfn"; false if the model has no such name.
 */
bool model_set(struct model *m, const char *name, uint64_t value);

/* Does the model say what this call of the engine does? */
bool model_knows(const struct model *m, const struct rt_call *call);

enum model_end {
	MODEL_RETURNED,
	MODEL_RETURNED_ANY, /* the result is left open, the state afterwards is not */
	MODEL_PANICKED,
	MODEL_BUGGED,
	MODEL_FAULTED,
	MODEL_UNSPECIFIED, /* nothing is to be compared until the next model_reset() */
};

/*
 * Makes a call. Arguments, result and what is behind RT_OUT are as in engine_call(); what is behind
 * RT_OUT is written, so the engine's call needs numbers of its own. After any end but the first two
 * the model must be reset.
 */
enum model_end model_call(struct model *m, const struct rt_call *call, const uint64_t *args,
			  uint64_t *result);

struct model_region {
	struct range range;
	int nid; /* 0 without NUMA */
	unsigned long flags;
};

/* The regions of a list, in order; none if this kernel has no such list. Valid until the next call. */
const struct model_region *model_regions(const struct model *m, enum rt_type type, size_t *nr);
uint64_t model_max(const struct model *m, enum rt_type type);	/* room in its array, regions */
uint64_t model_total(const struct model *m, enum rt_type type); /* bytes in it */

/* Within engine_run(): is the engine's state the model's? */
bool model_agrees(const struct model *m, const struct rt_engine *ops);
/* And if not, where: a line for each thing that differs. */
void model_explain(const struct model *m, const struct rt_engine *ops, FILE *out);

/*
 * What the last call gave to the page allocator, in order: bytes, whole pages. In the hand-over it goes
 * there in blocks of a power of two of pages, each as large as its alignment, the range and the page
 * allocator allow; later page by page.
 */
const struct range *model_freed(const struct model *m, size_t *nr);
/*
 * Which pages of memory the last call, a hand-over, marked as reserved: bytes, whole pages, in no order.
 * Of what is no memory nothing is said: not every kernel has struct pages for it.
 */
const struct range *model_marked(const struct model *m, size_t *nr);

/*
 * The bug that the last call runs into, or NULL: what the kernel does, and what is right, differ there.
 * Only bugs that this kernel has.
 */
const struct engine_bug *model_known(const struct model *m);

/* Where kernels may differ: the @i-th rule, or NULL behind the last one. */
const char *model_rule(size_t i, const char **what);
bool model_has_rule(const struct model *m, size_t i);

#endif
