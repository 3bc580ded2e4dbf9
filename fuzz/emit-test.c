// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings as a test in C, to be put into suite/: the sequence as it is, and then what is expected of
 * its last call.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"

static const char *const list_names[] = { "", "memory", "reserved", "physmem" };

static void print_flags(const struct emitter *em, FILE *out, uint64_t flags)
{
	const struct rt_engine *ops = engine_ops(em->e);
	const char *separator = "";

	if (!flags)
		fputs("MEMBLOCK_NONE", out);
	for (int i = 0; i < ops->nr_flags; i++) {
		if (!ops->flags[i].value || (flags & ops->flags[i].value) != ops->flags[i].value)
			continue;
		fprintf(out, "%sMEMBLOCK_", separator);
		for (const char *p = ops->flags[i].name; *p; p++)
			fputc(toupper((unsigned char)*p), out);
		separator = " | ";
		flags &= ~ops->flags[i].value;
	}
	if (flags)
		fprintf(out, "%s%#" PRIx64, separator, flags);
}

/* A value as C writes it. */
static void print_value(const struct emitter *em, FILE *out, enum rt_kind kind, uint64_t value)
{
	switch (kind) {
	case RT_INT:
		fprintf(out, "%d", (int)value);
		break;
	case RT_BOOL:
		fputs(value ? "true" : "false", out);
		break;
	case RT_FLAGS:
		print_flags(em, out, value);
		break;
	case RT_NID:
		if ((int)value == -1)
			fputs("NUMA_NO_NODE", out);
		else
			fprintf(out, "%d", (int)value);
		break;
	case RT_POINTER:
		if (value == RT_NULL)
			fputs("NULL", out);
		else
			fprintf(out, "__va(%#" PRIx64 ")", value);
		break;
	case RT_TYPE:
		if (value == RT_TYPE_NONE)
			fputs("NULL", out);
		else
			fprintf(out, value == RT_PHYSMEM ? "&%s" : "&memblock.%s",
				list_names[value]);
		break;
	case RT_REGION:
		fprintf(out, "&memblock.%s.regions[%u]", list_names[value >> 32],
			(unsigned int)value);
		break;
	case RT_STRING:
		fprintf(out, "\"%s\"", op_strings[value % OP_NR_STRINGS]);
		break;
	default:
		fprintf(out, "%#" PRIx64, value);
	}
}

/* "phys_addr_t" of "phys_addr_t *out_start", as the prototype has it. */
static void print_pointee(const struct rt_call *call, int arg, FILE *out)
{
	const char *p = strchr(call->prototype, '(') + 1;

	for (; arg; arg--)
		p = strchr(p, ',') + 1;
	p += strspn(p, " ");
	fprintf(out, "%.*s", (int)strcspn(p, "*"), p);
}

static void print_call(const struct emitter *em, FILE *out, const struct op *op, const char *first)
{
	const struct rt_call *call = op_call(em->table, op);

	fprintf(out, "%s(", call->name);
	for (int i = 0; i < call->nr_args; i++) {
		fputs(i ? ", " : "", out);
		if (!i && first)
			fputs(first, out);
		else if (call->args[i].kind == RT_OUT)
			fprintf(out, "&%s", call->args[i].name);
		else
			print_value(em, out, call->args[i].kind, op->args[i]);
	}
	fputc(')', out);
}

static void print_ram(FILE *out, const char *tabs, const struct rt_call *call, const struct op *op,
		      const char *first)
{
	struct range ram;

	if (!op_adds_ram(call, op->args, &ram) || ram.start >= engine_max_address())
		return;
	if (ram.end > engine_max_address())
		ram.end = engine_max_address();
	if (first)
		fprintf(out, "%ssuite_ram(%s, %#" PRIx64 ");\n", tabs, first, range_size(ram));
	else if (!range_is_empty(ram))
		fprintf(out, "%ssuite_ram(%#" PRIx64 ", %#" PRIx64 ");\n", tabs, ram.start,
			range_size(ram));
}

/* Numbers that a call writes to. */
static void print_outs(FILE *out, const struct rt_call *call, const struct op *op)
{
	for (int i = 0; i < call->nr_args; i++) {
		if (call->args[i].kind != RT_OUT)
			continue;
		fputs("\t\t", out);
		print_pointee(call, i, out);
		fprintf(out, "%s = %#" PRIx64 ";\n", call->args[i].name, op->args[i]);
	}
}

static bool has_outs(const struct rt_call *call)
{
	for (int i = 0; i < call->nr_args; i++)
		if (call->args[i].kind == RT_OUT)
			return true;
	return false;
}

static void print_repeated(const struct emitter *em, FILE *out, const struct op *op)
{
	const struct rt_call *call = op_call(em->table, op);
	char first[100];

	snprintf(first, sizeof(first), "%#" PRIx64 " + i * (phys_addr_t)%#" PRIx64, op->args[0],
		 op->stride);
	fprintf(out, "\tfor (phys_addr_t i = 0; i < %u; i++) {\n", op->repeat);
	print_ram(out, "\t\t", call, op, first);
	fputs("\t\t", out);
	print_call(em, out, op, first);
	fputs(";\n\t}\n", out);
}

static bool hands_over(const struct rt_call *call)
{
	return call && (!strcmp(call->name, "memblock_free_all") ||
			!strcmp(call->name, "free_all_bootmem"));
}

/* What is freed late, without a hand-over before, is watched from the beginning. */
static void watch(const struct emitter *em, FILE *out)
{
	for (size_t i = 0; i <= em->o->at; i++)
		if (hands_over(op_call(em->table, &em->s->v[i])))
			return;
	fputs("\tsuite_watch();\n", out);
}

static void print_op(const struct emitter *em, FILE *out, const struct op *op)
{
	const struct rt_call *call = op_call(em->table, op);

	if (op->kind == OP_NODE) {
		fprintf(out, "\trt_node_set_online(%u, 1);\n", op->what);
	} else if (op->kind == OP_SET) {
		fprintf(out, "\t%s = %" PRIu64 ";\n", op_settings[op->what].variable, op->args[0]);
	} else if (op->repeat > 1) {
		print_repeated(em, out, op);
	} else if (hands_over(call)) {
		fputs("\thandover();\n", out);
	} else if (has_outs(call)) {
		fputs("\t{\n", out);
		print_outs(out, call, op);
		fputs("\t\t", out);
		print_call(em, out, op, NULL);
		fputs(";\n\t}\n", out);
	} else {
		print_ram(out, "\t", call, op, NULL);
		fputc('\t', out);
		print_call(em, out, op, NULL);
		fputs(";\n", out);
	}
}

/* The map that should be there. */
static void expect_regions(const struct emitter *em, FILE *out)
{
	const struct view_list *l = &em->o->expected.lists[em->o->type];
	bool memory = em->o->type == RT_MEMORY;

	fprintf(out, "\texpect_%s(test", list_names[em->o->type]);
	for (uint64_t i = 0; i < l->cnt; i++) {
		const struct rt_region *r = &l->v[i];

		fprintf(out, ",\n\t\t{ %#llx, %#llx", r->base, r->size);
		if (memory && r->nid >= 0)
			fprintf(out, ", NODE(%d)", r->nid);
		else
			fputs(", 0", out);
		fputs(", ", out);
		print_flags(em, out, r->flags);
		fputs(" }", out);
	}
	fputs(l->cnt ? ");\n" : ", NOTHING);\n", out);
}

/* Attributes of reserved regions, which whole maps do not look at. */
static void expect_attributes(const struct emitter *em, FILE *out)
{
	const struct view_list *l = &em->o->expected.lists[em->o->type];

	for (uint64_t i = 0; i < l->cnt; i++) {
		const char *name = list_names[em->o->type];

		if (em->o->aspect == ASPECT_FLAGS) {
			fprintf(out,
				"\tKUNIT_EXPECT_EQ(test, memblock.%s.regions[%" PRIu64 "].flags, ",
				name, i);
			print_flags(em, out, l->v[i].flags);
			fputs(");\n", out);
		} else if (l->v[i].nid >= 0) {
			fprintf(out,
				"\tKUNIT_EXPECT_EQ(test, memblock_get_region_node("
				"&memblock.%s.regions[%" PRIu64 "]), %d);\n",
				name, i, l->v[i].nid);
		} else {
			fprintf(out,
				"\tKUNIT_EXPECT_FALSE(test, (unsigned int)memblock_get_region_node("
				"&memblock.%s.regions[%" PRIu64 "]) < MAX_NUMNODES);\n",
				name, i);
		}
	}
}

static void expect_list(const struct emitter *em, FILE *out)
{
	const struct view_list *l = &em->o->expected.lists[em->o->type];
	const char *name = list_names[em->o->type];
	bool attributes = em->o->aspect == ASPECT_NODES || em->o->aspect == ASPECT_FLAGS;

	if (em->o->aspect == ASPECT_TOTAL)
		fprintf(out, "\tKUNIT_EXPECT_EQ(test, memblock.%s.total_size, %#" PRIx64 ");\n",
			name, l->total_size);
	else if (em->o->aspect == ASPECT_MAX)
		fprintf(out, "\tKUNIT_EXPECT_EQ(test, memblock.%s.max, %" PRIu64 ");\n", name,
			l->max);
	else if (l->cnt > VIEW_REGIONS || em->o->type == RT_PHYSMEM)
		fprintf(out, "\tKUNIT_EXPECT_EQ(test, memblock.%s.cnt, %" PRIu64 ");\n", name,
			l->cnt);
	else if (attributes && em->o->type != RT_MEMORY)
		expect_attributes(em, out);
	else
		expect_regions(em, out);
}

static void expect_outs(const struct emitter *em, FILE *out, const struct rt_call *call)
{
	for (int i = 0; i < call->nr_args; i++) {
		if (call->args[i].kind != RT_OUT)
			continue;
		fprintf(out, "\t\tKUNIT_EXPECT_EQ(test, %s, (", call->args[i].name);
		print_pointee(call, i, out);
		fprintf(out, ")%#" PRIx64 ");\n", em->o->expected.outs[i]);
	}
}

static void print_expected(const struct emitter *em, FILE *out, const struct op *op)
{
	const struct rt_call *call = op_call(em->table, op);
	bool pointer = call->result == RT_POINTER;

	print_ram(out, "\t", call, op, NULL);
	fputs("\t{\n", out);
	print_outs(out, call, op);
	if (call->result == RT_VOID) {
		fputs("\t\t", out);
		print_call(em, out, op, NULL);
		fputs(";\n", out);
	} else {
		fprintf(out, "\t\tKUNIT_EXPECT_%sEQ(test, ", pointer ? "PTR_" : "");
		print_call(em, out, op, NULL);
		fprintf(out, ", %s", pointer ? "(void *)" : "");
		print_value(em, out, call->result, em->o->expected.result);
		fputs(");\n", out);
	}
	if (em->o->aspect == ASPECT_OUT)
		expect_outs(em, out, call);
	fputs("\t}\n", out);
}

static void print_last(const struct emitter *em, FILE *out)
{
	const struct outcome *o = em->o;
	struct op op = em->s->v[o->at], before = op;
	const struct rt_call *call = op_call(em->table, &op);

	fputs("\tsuite_stands();\n", out);
	if (!call || (o->aspect >= ASPECT_ADDRESSES && o->aspect <= ASPECT_MAX) ||
	    o->aspect >= ASPECT_CHECK) {
		print_op(em, out, &op);
		if (o->aspect <= ASPECT_MAX)
			expect_list(em, out);
		return;
	}
	before.repeat = o->round;
	if (before.repeat)
		print_op(em, out, &before);
	op.args[0] += op.stride * o->round;
	op.repeat = 1;
	if (o->aspect == ASPECT_RESULT || o->aspect == ASPECT_OUT) {
		print_expected(em, out, &op);
	} else if (o->aspect == ASPECT_ZEROED) {
		print_op(em, out, &op);
		fprintf(out,
			"\tKUNIT_EXPECT_TRUE(test, suite_is_zeroed(%#" PRIx64 ", %#" PRIx64 "));\n",
			o->got.result, op.args[op_argument(call, "size")]);
	} else {
		print_op(em, out, &op);
		if (o->expected.end != ENGINE_RETURNED)
			fputs("\tKUNIT_FAIL(test, \"it returned\");\n", out);
	}
}

static void expect_pages(const struct outcome *o, FILE *out)
{
	fprintf(out, "\texpect_%s(test", o->aspect == ASPECT_MARKED ? "marked" : "pages");
	for (size_t i = 0; i < o->nr_freed && i < ARRAY_LEN(o->freed); i++)
		fprintf(out, ",\n\t\t{ %#" PRIx64 ", %#" PRIx64 " }", o->freed[i].start,
			range_size(o->freed[i]));
	fputs(o->nr_freed ? ");\n" : ", NOTHING);\n", out);
}

char *emit_test(const struct emitter *em)
{
	const struct rt_call *call = op_call(em->table, &em->s->v[em->o->at]);
	const char *name = call ? call->name : "memblock";
	char *sentence = emit_sentence(em), *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	fprintf(out,
		"// SPDX-License-Identifier: GPL-2.0-or-later\n/* %s */\n"
		"#include \"internal.h\"\n#include \"kernel/rt/rt.h\"\n#include \"suite/handover.h\"\n\n"
		"static void sequence_%" PRIu64 "(struct kunit *test)\n{\n",
		sentence, em->number);
	if (em->o->aspect == ASPECT_HANDOVER)
		watch(em, out);
	for (size_t i = 0; i < em->o->at; i++)
		print_op(em, out, &em->s->v[i]);
	print_last(em, out);
	if (em->o->aspect == ASPECT_HANDOVER || em->o->aspect == ASPECT_MARKED)
		expect_pages(em->o, out);
	fprintf(out,
		"}\n\nstatic struct kunit_case cases[] = { KUNIT_CASE(sequence_%" PRIu64
		"), {} };\n"
		"static struct kunit_suite suite = { .name = \"%s_fuzz\", .test_cases = cases };\n\n"
		"kunit_test_suite(suite);\n",
		em->number, name);
	fclose(out);
	free(sentence);
	return text;
}
