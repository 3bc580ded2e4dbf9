/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_OP_H
#define FUZZ_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/engine.h"

/*
 * Operations as data: calls with their arguments, and what is done to the world around memblock. All
 * numbers in them are absolute, so that a sequence can be run again, made smaller and written down
 * without whoever made it.
 */

enum op_kind {
	OP_CALL,
	OP_NODE, /* a node goes online */
	OP_SET,	 /* a variable that memblock looks at */
};

struct op {
	enum op_kind kind;
	unsigned int what; /* OP_CALL: of struct op_table; OP_NODE: the node; OP_SET: op_settings */
	unsigned int
		repeat; /* OP_CALL: so often, with @stride added to the first argument each time */
	uint64_t stride;
	/*
	 * As they travel (kernel/abi.h), but: RT_OUT is the number that is pointed to, RT_STRING
	 * one of op_strings. OP_SET: args[0] is the value.
	 */
	uint64_t args[RT_MAX_ARGS];
};

/* More are not made; a shared memory holds one. */
#define SEQUENCE_MAX 192
struct sequence {
	size_t nr;
	struct op v[SEQUENCE_MAX];
};

/* What OP_SET can set. */
struct op_setting {
	const char *script;   /* as scripts and */
	const char *variable; /* C call it */
};
#define OP_NR_SETTINGS 3
#define OP_MAX_LOW_PFN 2 /* of them, the last */
extern const struct op_setting op_settings[OP_NR_SETTINGS];

#define OP_NR_STRINGS 3
extern const char *const op_strings[OP_NR_STRINGS];

/* The calls that are made, in the order of op.what. */
#define OP_MAX_CALLS 256
struct op_table {
	const struct rt_call *calls[OP_MAX_CALLS];
	size_t nr;
};

/* All that the engine has code for. */
void op_table_fill(struct op_table *t, const struct rt_engine *ops);

/* "int memblock_add(phys base, phys size)" or alike: what two engines must have in common. */
#define OP_SIGNATURE_MAX 256
void op_signature(const struct rt_call *call, char text[OP_SIGNATURE_MAX]);

/* Index of the argument of that name, or -1. */
int op_argument(const struct rt_call *call, const char *name);

/* The call that @op makes; NULL for other kinds. */
static inline const struct rt_call *op_call(const struct op_table *t, const struct op *op)
{
	return op->kind == OP_CALL ? t->calls[op->what] : NULL;
}

/* "memblock_add" and its relatives, whose memory becomes RAM: true, and which. */
bool op_adds_ram(const struct rt_call *call, const uint64_t *args, struct range *ram);

#endif
