// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes sequences. Each has a flavour of its own: where its addresses are, how they are spaced, how hostile
 * arguments are; and most calls are switched off in it, as those that are left meet each other more
 * often then. Operations are made one at a time, with what memblock's lists are at that moment.
 */
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"

/* Spaces between addresses, by how common they are. */
static const uint64_t units[] = {
	0x1000,	 0x1000,   0x1000,    0x1000, 1,     1,	      0x100000, 0x100000,
	0x10000, 0x200000, 0x1000000, 0x40,   0x800, 1 << 27, 1 << 30,	24 << 20,
};

static uint64_t top(const struct rig *r)
{
	return r->ops->phys_bits < 64 ? (1ULL << r->ops->phys_bits) - 1 : UINT64_MAX;
}

/* Where a machine's memory, or what is made of it, may begin. */
static uint64_t draw_origin(struct generator *g)
{
	uint64_t span = g->unit * g->slots;

	switch (source_below(g->source, 12)) {
	case 0:
	case 1:
		return 0;
	case 2:
		return g->unit;
	case 3:
		return (4ULL << 30) - span / 2;
	case 4:
		/* its last byte is the last address, or nearly */
		return g->hostility > 1 ? top(g->rig) - span + 1 : 1ULL << 30;
	case 5:
		return g->hostility > 1 ? engine_max_address() - span / 2 : 16ULL << 20;
	case 6:
		return 1ULL << 31;
	case 7:
		return 5ULL << 30;
	default:
		return 16ULL << 20;
	}
}

static void draw_weights(struct generator *g)
{
	const struct rig *r = g->rig;
	unsigned int off = source_below(g->source, 4);

	g->total = 0;
	for (size_t i = 0; i < r->table.nr; i++) {
		const struct trait *t = &r->traits[i];
		unsigned int weight = t->judged && !t->is_last ? t->weight : 0;

		/* all, three quarters, half, a quarter of them */
		if (weight && off && source_below(g->source, 4) < off)
			weight = 0;
		g->total += weight;
		g->weights[i] = weight ? g->total : 0;
	}
}

void generator_begin(struct generator *g, const struct rig *r, struct source *s)
{
	g->rig = r;
	g->source = s;
	g->nr_recent = g->nr_blocks = 0;
	g->hostility = source_below(s, 4);
	g->unit = units[source_below(s, ARRAY_LEN(units))];
	g->slots = 4U << source_below(s, 4);
	g->origin = draw_origin(g);
	g->nodes = r->ops->numa && !source_once_in(s, 3) ? 1 + source_below(s, 4) : 1;
	g->flags = source_once_in(s, 2);
	g->grow = source_once_in(s, 16);
	g->bottom_up = source_once_in(s, 3);
	g->setup = 1 + source_below(s, g->hostility ? 4 : 8);
	g->length = g->setup + 4 + source_below(s, 8U << source_below(s, 5));
	g->handover = source_once_in(s, 16);
	g->ends = g->many = false;
	g->late = source_once_in(s, 3) ? 1 + source_below(s, 4) : 0;
	if (g->length > SEQUENCE_MAX - 4)
		g->length = SEQUENCE_MAX - 4;
	draw_weights(g);
}

static bool find_call(const struct generator *g, const char *name, unsigned int *what)
{
	const struct op_table *t = &g->rig->table;

	for (*what = 0; *what < t->nr; ++*what)
		if (!strcmp(t->calls[*what]->name, name))
			return g->rig->traits[*what].judged;
	return false;
}

/* The machine: nodes, memory, what memblock goes by. */
static void make_setup(struct generator *g, struct op *op, size_t at)
{
	struct source *s = g->source;

	op->repeat = 1;
	if (at + 1 < g->nodes) {
		*op = (struct op){ .kind = OP_NODE, .what = at + 1 };
		return;
	}
	if (source_once_in(s, 16)) {
		*op = (struct op){ .kind = OP_SET, .what = source_below(s, OP_MAX_LOW_PFN) };
		op->args[0] = 1;
		return;
	}
	if (g->bottom_up && find_call(g, "memblock_set_bottom_up", &op->what)) {
		op->args[0] = 1;
		g->bottom_up = false;
		return;
	}
	if (g->grow && find_call(g, "memblock_allow_resize", &op->what)) {
		g->grow = false;
		return;
	}
	if ((g->nodes > 1 && find_call(g, "memblock_add_node", &op->what)) ||
	    find_call(g, "memblock_add", &op->what)) {
		generator_arguments(g, op);
		return;
	}
	op->what = 0;
	generator_arguments(g, op);
}

/* How many regions there are to be: just so many as an array has room for, or half of them. */
static unsigned int draw_many(struct generator *g, enum rt_type type)
{
	static const unsigned int full[] = { 63, 64, 65, 126, 127, 128, 129 };
	unsigned int wanted = full[source_below(g->source, ARRAY_LEN(full))];
	struct rt_type_state state;

	if (source_once_in(g->source, 3) || g->rig->ops->type(type, &state) || state.cnt >= wanted)
		return 1 + source_below(g->source, 192);
	return wanted - (unsigned int)engine_count_regions(g->rig->ops, type, &state);
}

/* Many regions in one operation, so that arrays become full. */
static bool make_many(struct generator *g, struct op *op)
{
	bool memory = source_once_in(g->source, 4);

	if (!find_call(g, memory ? "memblock_add" : "memblock_reserve", &op->what))
		return false;
	g->many = true;
	op->args[0] = generator_address(g);
	op->args[1] = g->unit;
	op->stride = 2 * g->unit;
	op->repeat = draw_many(g, memory ? RT_MEMORY : RT_RESERVED);
	if (source_once_in(g->source, 3))
		op->stride = -op->stride;
	return true;
}

/* One over all of many that were made before, and some more. */
static bool make_cover(struct generator *g, const struct op *many, struct op *op)
{
	uint64_t span = 2 * g->unit * many->repeat;

	if (many->kind != OP_CALL || many->repeat < 32 || !source_once_in(g->source, 2))
		return false;
	op->what = many->what;
	op->repeat = 1;
	op->args[0] = many->args[0] - (many->stride >> 63 ? span : 0);
	op->args[0] -= g->unit * source_below(g->source, 2);
	op->args[1] = span + g->unit * source_below(g->source, 3);
	return true;
}

static void make_call(struct generator *g, struct op *op)
{
	size_t low = 0, n = g->rig->table.nr;
	uint32_t drawn;

	op->repeat = 1;
	if (!g->total)
		return;
	drawn = source_below(g->source, g->total);
	while (low + 1 < n && g->weights[low] <= drawn)
		low++;
	op->what = low;
	generator_arguments(g, op);
}

/* Was the hand-over made, and perhaps something late? */
static bool hands_over(const struct generator *g, const struct op *op)
{
	const struct trait *t = &g->rig->traits[op->what];

	return op->kind == OP_CALL && (t->hands_over || t->is_late);
}

/* Something that is reserved is given to the page allocator after all, or the lists themselves are. */
static bool make_late(struct generator *g, struct op *op)
{
	const struct rig *r = g->rig;
	size_t n = 0, drawn;

	if (!g->late)
		return false;
	for (size_t i = 0; i < r->table.nr; i++)
		n += r->traits[i].is_late && r->traits[i].judged;
	if (!n)
		return false;
	g->late--;
	drawn = source_below(g->source, n);
	for (size_t i = 0; i < r->table.nr; i++)
		if (r->traits[i].is_late && r->traits[i].judged && !drawn--)
			op->what = i;
	generator_arguments(g, op);
	return true;
}

/* What comes last: the hand-over, or a call that nobody can judge but for what it leaves behind. */
static bool make_end(struct generator *g, const struct sequence *s, struct op *op)
{
	const struct rig *r = g->rig;

	op->repeat = 1;
	if (g->handover && r->ram_bytes <= RIG_MAX_HANDOVER) {
		/* nothing above it is handed over */
		g->handover = false;
		g->ends = true;
		*op = (struct op){ .kind = OP_SET, .what = OP_MAX_LOW_PFN };
		op->args[0] = r->last_page >> r->ops->page_shift;
		if (g->hostility && source_once_in(g->source, 4))
			op->args[0] = generator_address(g) >> r->ops->page_shift;
		return true;
	}
	if (g->ends) {
		g->ends = false;
		return find_call(g, "memblock_free_all", &op->what) ||
		       find_call(g, "free_all_bootmem", &op->what);
	}
	/* arrays that have grown are given back in the end */
	if (s->nr && (g->many || hands_over(g, &s->v[s->nr - 1])) && make_late(g, op))
		return true;
	if (g->length == SEQUENCE_MAX || !r->table.nr)
		return false;
	g->length = SEQUENCE_MAX;
	op->what = source_below(g->source, r->table.nr);
	if (r->traits[op->what].judged || r->traits[op->what].is_last)
		return false;
	generator_arguments(g, op);
	return true;
}

bool generator_next(struct generator *g, struct sequence *s)
{
	struct op *op = &s->v[s->nr];
	bool grows = g->unit >= 0x40 && g->rig->ops->phys_bits > 32;

	if (s->nr >= SEQUENCE_MAX || (source_ended(g->source) && s->nr))
		return false;
	memset(op, 0, sizeof(*op));
	if (s->nr >= g->length) {
		if (!make_end(g, s, op))
			return false;
	} else if (s->nr < g->setup + g->nodes - 1) {
		make_setup(g, op, s->nr);
	} else if (s->nr && make_cover(g, op - 1, op)) {
		s->nr++;
		return true;
	} else if (!(grows && source_once_in(g->source, 200) && make_many(g, op))) {
		make_call(g, op);
	}
	s->nr++;
	return true;
}

static void note_address(struct generator *g, uint64_t address)
{
	g->recent[g->nr_recent++ % MAX_RECENT] = address;
}

void generator_note(struct generator *g, const struct rt_call *call, const uint64_t *args,
		    uint64_t result, bool gives)
{
	int size;

	if (!gives) {
		if (call->nr_args > 1 && call->args[0].kind == RT_PHYS &&
		    call->args[1].kind == RT_PHYS)
			note_address(g, args[0] + args[1]);
		return;
	}
	if (!result || result == RT_NULL)
		return;
	size = op_argument(call, "size");
	note_address(g, result);
	if (size >= 0)
		g->blocks[g->nr_blocks++ % MAX_RECENT] =
			(struct range){ result, result + args[size] };
}
