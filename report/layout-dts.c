// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A layout as the source of a device tree. What a tree cannot say (what else than RAM a firmware's map
 * has, where the kernel is) becomes a comment.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/layout.h"

#define CELLS_FMT "0x%" PRIx64 " 0x%" PRIx64
#define CELLS_ARG(v) (uint64_t)(v) >> 32, (uint64_t)(v)&0xffffffff

static void put_text(const char *text, FILE *out)
{
	putc('"', out);
	for (; *text; text++) {
		unsigned char c = *text;

		if (c < ' ' || c >= 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fprintf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
	putc('"', out);
}

/* A comment cannot end in a text of somebody's. */
static void put_comment(const char *text, FILE *out)
{
	for (; *text; text++)
		if (isprint((unsigned char)*text) && *text != '*')
			putc(*text, out);
}

/* A node's name has letters, digits and some signs only, and at most 31 of them. */
static void put_name(const char *name, const char *otherwise, FILE *out)
{
	unsigned int n = 0;

	if (!isalpha((unsigned char)*name))
		name = otherwise;
	for (; *name && *name != '@' && n < 31; name++, n++)
		putc(isalnum((unsigned char)*name) || strchr(",._+-", *name) ? *name : '-', out);
}

static void put_reg(const char *tabs, const char *property, struct range r, FILE *out)
{
	fprintf(out, "%s%s = <" CELLS_FMT " " CELLS_FMT ">;\n", tabs, property, CELLS_ARG(r.start),
		CELLS_ARG(range_size(r)));
}

static void put_chosen(const struct layout *l, FILE *out)
{
	fputs("\n\tchosen {\n", out);
	if (l->cmdline) {
		fputs("\t\tbootargs = ", out);
		put_text(l->cmdline, out);
		fputs(";\n", out);
	}
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (r->kind != LAYOUT_INITRD)
			continue;
		fprintf(out,
			"\t\tlinux,initrd-start = <" CELLS_FMT
			">;\n\t\tlinux,initrd-end = <" CELLS_FMT ">;\n",
			CELLS_ARG(r->range.start), CELLS_ARG(r->range.end));
		break;
	}
	for (size_t i = 0; i < l->nr_usables; i++)
		fprintf(out, "%s<" CELLS_FMT " " CELLS_FMT ">%s",
			i ? ", " : "\t\tlinux,usable-memory-range = ",
			CELLS_ARG(l->usables[i].range.start),
			CELLS_ARG(range_size(l->usables[i].range)),
			i + 1 == l->nr_usables ? ";\n" : "");
	fputs("\t};\n", out);
}

static void put_memory(struct range r, int nid, bool hotplug, FILE *out)
{
	fprintf(out, "\n\tmemory@%" PRIx64 " {\n\t\tdevice_type = \"memory\";\n", r.start);
	put_reg("\t\t", "reg", r, out);
	if (nid != LAYOUT_NO_NODE)
		fprintf(out, "\t\tnuma-node-id = <%d>;\n", nid);
	if (hotplug)
		fputs("\t\thotpluggable;\n", out);
	fputs("\t};\n", out);
}

/* The part of @r from its start on that is on one node, as the first row says that has it. */
static struct range take_part(const struct layout *l, struct range r, int *nid, bool *hotplug)
{
	struct range part = r;

	*nid = LAYOUT_NO_NODE;
	*hotplug = false;
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid == LAYOUT_NO_NODE)
			continue;
		if (*nid == LAYOUT_NO_NODE && range_contains(n->range, r.start)) {
			*nid = n->nid;
			*hotplug = n->flags & LAYOUT_HOTPLUG;
			part.end = n->range.end < part.end ? n->range.end : part.end;
		} else if (n->range.start > r.start && n->range.start < part.end) {
			part.end = n->range.start;
		}
	}
	return part;
}

static void put_all_memory(const struct layout *l, FILE *out)
{
	size_t nr;
	struct range *ram = layout_ram(l, &nr);

	for (size_t i = 0; i < nr; i++) {
		while (!range_is_empty(ram[i])) {
			bool hotplug;
			int nid;
			struct range part = take_part(l, ram[i], &nid, &hotplug);

			put_memory(part, nid, hotplug, out);
			ram[i].start = part.end;
		}
	}
	free(ram);
}

static void put_flags(unsigned int flags, FILE *out)
{
	if (flags & LAYOUT_NOMAP)
		fputs("\t\t\tno-map;\n", out);
	if (flags & (LAYOUT_REUSABLE | LAYOUT_DEFAULT_CMA))
		fputs("\t\t\tcompatible = \"shared-dma-pool\";\n\t\t\treusable;\n", out);
	if (flags & LAYOUT_DEFAULT_CMA)
		fputs("\t\t\tlinux,cma-default;\n", out);
}

static void put_dynamic(const struct layout_dynamic *d, FILE *out)
{
	fputs("\n\t\t", out);
	put_name(d->name, "dynamic", out);
	fprintf(out, " {\n\t\t\tsize = <" CELLS_FMT ">;\n", CELLS_ARG(d->size));
	if (d->align)
		fprintf(out, "\t\t\talignment = <" CELLS_FMT ">;\n", CELLS_ARG(d->align));
	for (unsigned int i = 0; i < d->nr_within; i++)
		fprintf(out, "%s<" CELLS_FMT " " CELLS_FMT ">%s",
			i ? ", " : "\t\t\talloc-ranges = ", CELLS_ARG(d->within[i].start),
			CELLS_ARG(range_size(d->within[i])), i + 1 == d->nr_within ? ";\n" : "");
	put_flags(d->flags, out);
	fputs("\t\t};\n", out);
}

static void put_reserved_memory(const struct layout *l, FILE *out)
{
	fputs("\n\treserved-memory {\n\t\t#address-cells = <2>;\n\t\t#size-cells = <2>;\n\t\tranges;\n",
	      out);
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (r->kind != LAYOUT_RESERVED_MEMORY)
			continue;
		fputs("\n\t\t", out);
		put_name(r->name, "reserved", out);
		fprintf(out, "@%" PRIx64 " {\n", r->range.start);
		put_reg("\t\t\t", "reg", r->range, out);
		put_flags(r->flags, out);
		fputs("\t\t};\n", out);
	}
	for (size_t i = 0; i < l->nr_dynamics; i++)
		put_dynamic(&l->dynamics[i], out);
	fputs("\t};\n", out);
}

/* What processors are called where that tells the architecture. */
static const char *cpu_of(enum layout_arch arch)
{
	switch (arch) {
	case LAYOUT_ARM64:
		return "arm,armv8";
	case LAYOUT_ARM:
		return "arm,cortex-a15";
	case LAYOUT_RISCV:
		return "riscv";
	default:
		return NULL;
	}
}

static void put_cpu(const struct layout *l, unsigned int nr, int nid, FILE *out)
{
	const char *compatible = cpu_of(l->arch);

	fprintf(out, "\n\t\tcpu@%x {\n\t\t\tdevice_type = \"cpu\";\n", nr);
	if (compatible)
		fprintf(out, "\t\t\tcompatible = \"%s\";\n", compatible);
	fprintf(out, "\t\t\treg = <%u>;\n", nr);
	if (nid != LAYOUT_NO_NODE)
		fprintf(out, "\t\t\tnuma-node-id = <%d>;\n", nid);
	fputs("\t\t};\n", out);
}

static void put_cpus(const struct layout *l, FILE *out)
{
	unsigned int nr = 0;

	if (!l->cpus && !l->nr_node_cpus)
		return;
	fputs("\n\tcpus {\n\t\t#address-cells = <1>;\n\t\t#size-cells = <0>;\n", out);
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		for (unsigned int n = 0; n < l->node_cpus[i].cpus; n++)
			put_cpu(l, nr++, l->node_cpus[i].nid, out);
	while (nr < l->cpus)
		put_cpu(l, nr++, LAYOUT_NO_NODE, out);
	fputs("\t};\n", out);
}

static void put_distances(const struct layout *l, FILE *out)
{
	if (!l->nr_distances)
		return;
	fputs("\n\tdistance-map {\n\t\tcompatible = \"numa-distance-map-v1\";\n"
	      "\t\tdistance-matrix = ",
	      out);
	for (size_t i = 0; i < l->nr_distances; i++)
		fprintf(out, "%s<%d %d %u>", i ? ",\n\t\t\t" : "", l->distances[i].from,
			l->distances[i].to, l->distances[i].distance);
	fputs(";\n\t};\n", out);
}

/* A bus whose devices reach no further. */
static void put_dma(const struct layout *l, FILE *out)
{
	if (!l->dma_last || l->dma_last == UINT64_MAX)
		return;
	fputs("\n\tsoc {\n\t\tcompatible = \"simple-bus\";\n\t\t#address-cells = <2>;\n"
	      "\t\t#size-cells = <2>;\n\t\tranges;\n",
	      out);
	fprintf(out, "\t\tdma-ranges = <0 0 0 0 " CELLS_FMT ">;\n\t};\n",
		CELLS_ARG(l->dma_last + 1));
}

static void put_rest(const struct layout *l, FILE *out)
{
	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *r = &l->ranges[i];

		if (r->type == LAYOUT_RAM)
			continue;
		fprintf(out, "/* 0x%" PRIx64 "-0x%" PRIx64 ": ", r->range.start, r->range.end - 1);
		put_comment(r->words, out);
		fputs(" */\n", out);
	}
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		if (r->kind == LAYOUT_RESERVED_MEMORY || r->kind == LAYOUT_INITRD ||
		    r->kind == LAYOUT_RESERVATION)
			continue;
		fprintf(out, "/* 0x%" PRIx64 "-0x%" PRIx64 ": %s ", r->range.start,
			r->range.end - 1, layout_kind_name(r->kind));
		put_comment(r->name, out);
		fputs(" */\n", out);
	}
}

void report_layout_dts(const struct layout *l, FILE *out)
{
	fputs("/dts-v1/;\n\n", out);
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_RESERVATION)
			fprintf(out, "/memreserve/ 0x%" PRIx64 " 0x%" PRIx64 ";\n",
				l->reservations[i].range.start,
				range_size(l->reservations[i].range));
	put_rest(l, out);
	fputs("\n/ {\n\t#address-cells = <2>;\n\t#size-cells = <2>;\n", out);
	if (l->model) {
		fputs("\tmodel = ", out);
		put_text(l->model, out);
		fputs(";\n", out);
	}
	put_chosen(l, out);
	put_all_memory(l, out);
	put_reserved_memory(l, out);
	put_cpus(l, out);
	put_distances(l, out);
	put_dma(l, out);
	fputs("};\n", out);
}
