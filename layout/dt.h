/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_DT_H
#define LAYOUT_DT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout/layout.h"
#include "lib/error.h"

/*
 * A flattened device tree that is being read. Nodes are numbered as they come in the blob, from 0,
 * which is the root, so that a walk over all of them, up or down, never recurses and never
 * goes through the blob twice, however a hostile tree is made.
 */

struct dt_node {
	int offset; /* in the blob */
	int parent; /* -1: the root */
};

struct dt {
	struct layout *l;
	const void *blob;
	struct dt_node *nodes;
	int nr, room;
	unsigned int address_cells, size_cells; /* the root's, which memory is described with */
};

/* More than any machine has; this many take some seconds. */
#define DT_MAX_NODES (4 << 20)
#define DT_MAX_CELLS 4

/*
 * Checks all of the blob of @len bytes, which must stay there, at an address that 8 divides, and
 * numbers its nodes. Returns 0 or -errno and @err.
 */
int dt_open(struct dt *t, struct layout *l, const void *blob, size_t len, struct error *err);
void dt_close(struct dt *t);

/* The name with its unit address, "memory@40000000"; never NULL. */
const char *dt_name(const struct dt *t, int node);
/* It has this name, whatever its unit address. */
bool dt_is_named(const struct dt *t, int node, const char *name);
/* The first child of @parent with this name; -1: none. */
int dt_child(const struct dt *t, int parent, const char *name);

/* A property's value of @len bytes, or NULL. */
const void *dt_get(const struct dt *t, int node, const char *name, int *len);
bool dt_has(const struct dt *t, int node, const char *name);
/* The first text of a property that ends with a NUL, as all texts should; NULL: none. */
const char *dt_string(const struct dt *t, int node, const char *name);
/* A property of one cell. */
bool dt_u32(const struct dt *t, int node, const char *name, uint32_t *value);
/* One of the texts of a property, such as "compatible", is @word. */
bool dt_lists(const struct dt *t, int node, const char *name, const char *word);
bool dt_is_compatible(const struct dt *t, int node, const char *word);
/* Its status is "okay", or it has none. */
bool dt_is_available(const struct dt *t, int node);

/* A number of @cells cells; bits beyond 64 are lost, as in the kernel. */
uint64_t dt_number(const void *value, unsigned int cells);

/* A pair of address and size of the root's cells, of @index. */
struct dt_pair {
	uint64_t address, size;
};
struct dt_pair dt_pair(const struct dt *t, const void *value, int index);
/* How many bytes a pair has. */
int dt_pair_bytes(const struct dt *t);

/* A pair as a range; what wraps around is cut, and noted. */
struct range dt_range(struct dt *t, int node, struct dt_pair pair);

/* @text without what would break a message or a terminal; the caller frees. */
char *dt_clean(const char *text);

/* Where the node is, for facts and notes; lives as long as the layout. */
struct srcpos dt_pos(struct dt *t, int node);
void dt_note(struct dt *t, int node, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* What a layout_add_*() says: too much of something is noted, once. */
void dt_added(struct dt *t, int node, int ret);

/* The parts of reading: dt-memory.c, dt-reserved.c, dt-machine.c, dt-dma.c. */
void dt_read_memory(struct dt *t);
void dt_read_chosen(struct dt *t);
void dt_read_reserved(struct dt *t);
void dt_read_machine(struct dt *t);
void dt_read_dma(struct dt *t);

/*
 * Reads a blob into @l, which is empty but for its name: a pure function of memory. Returns 0, or
 * -EINVAL and @err.
 */
int dt_read(struct layout *l, const char *blob, size_t len, struct error *err);

#endif
