// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes *.layout files; native.c reads them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "layout/internal.h"
#include "layout/layout.h"
#include "lib/size.h"

static void write_quoted(const char *text, FILE *out)
{
	putc('"', out);
	for (; *text; text++) {
		unsigned char c = *text;

		if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fprintf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
	putc('"', out);
}

/* Text that would not be read back as it is goes in quotes. */
static void write_rest(const char *word, const char *text, FILE *out)
{
	size_t len = strlen(text);
	bool quote = !len || text[0] == '"' || text[0] == ' ' || text[len - 1] == ' ';

	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		quote |= *c < ' ' || *c == 0x7f;
	fprintf(out, "%s ", word);
	if (quote)
		write_quoted(text, out);
	else
		fputs(text, out);
	putc('\n', out);
}

static void write_size(uint64_t bytes, FILE *out)
{
	if (bytes % 1024)
		fprintf(out, "%" PRIu64, bytes);
	else
		fprintf(out, "%" PRIu64 "K", bytes / 1024);
}

static void write_range(const char *word, struct range r, FILE *out)
{
	fprintf(out, "%s%*s 0x%" PRIx64 "-0x%" PRIx64, word,
		(int)(strlen(word) < 8 && *word != ' ' ? 8 - strlen(word) : 0), "", r.start,
		r.end - 1);
}

static void write_flags(unsigned int flags, FILE *out)
{
	for (size_t i = 0; layout_flags[i].word; i++)
		if (flags & layout_flags[i].flag)
			fprintf(out, " %s", layout_flags[i].word);
	putc('\n', out);
}

static void write_machine(const struct layout *l, FILE *out)
{
	struct layout_image image = l->image;
	const char *separator = "image";

	if (l->arch != LAYOUT_ARCH_UNKNOWN)
		fprintf(out, "arch %s\n", layout_arch_name(l->arch));
	if (l->page_size) {
		fputs("page_size ", out);
		write_size(l->page_size, out);
		putc('\n', out);
	}
	if (l->cpus)
		fprintf(out, "cpus %u\n", l->cpus);
	if (l->kernel_version)
		write_rest("kernel_version", l->kernel_version, out);
	if (l->cmdline)
		write_rest("cmdline", l->cmdline, out);
	if (l->model)
		write_rest("model", l->model, out);
	if (l->dma_last)
		fprintf(out, "dma_last 0x%" PRIx64 "\n", l->dma_last);
	if (l->low_end)
		fprintf(out, "low_end 0x%" PRIx64 "\n", l->low_end);
	for (size_t i = 0; i < sizeof(layout_image_parts) / sizeof(layout_image_parts[0]); i++) {
		uint64_t bytes = *layout_image_part(&image, layout_image_parts[i]);

		if (!bytes)
			continue;
		fprintf(out, "%s %s ", separator, layout_image_parts[i]);
		write_size(bytes, out);
		separator = "";
	}
	if (!*separator)
		putc('\n', out);
}

static void write_map(const struct layout *l, FILE *out)
{
	fputs("\n# the firmware's map\n", out);
	for (size_t i = 0; i < l->nr_ranges; i++) {
		const struct layout_range *r = &l->ranges[i];

		write_range(layout_type_name(r->type), r->range, out);
		if (strcmp(r->words, layout_type_words(r->type))) {
			putc(' ', out);
			write_quoted(r->words, out);
		}
		putc('\n', out);
	}
}

static void write_updates(const struct layout *l, FILE *out)
{
	if (l->nr_updates)
		fputs("\n# what the kernel changed in it\n", out);
	for (size_t i = 0; i < l->nr_updates; i++) {
		const struct layout_update *u = &l->updates[i];

		write_range(u->remove ? "remove" : "update", u->range, out);
		fprintf(out, " %s", u->any ? "any" : layout_type_name(u->from));
		if (!u->remove)
			fprintf(out, " => %s", layout_type_name(u->to));
		fprintf(out, "%s%s\n", u->flags & LAYOUT_UPDATE_LATE ? " late" : "",
			u->flags & LAYOUT_UPDATE_CMDLINE ? " cmdline" : "");
	}
}

static void write_nodes(const struct layout *l, FILE *out)
{
	if (l->nr_node_ranges || l->nr_node_cpus || l->nr_distances)
		fputs("\n# nodes\n", out);
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *r = &l->node_ranges[i];
		char word[32] = "node -";

		if (r->nid != LAYOUT_NO_NODE)
			snprintf(word, sizeof(word), "node %d", r->nid);
		write_range(word, r->range, out);
		write_flags(r->flags, out);
	}
}

static void write_node_facts(const struct layout *l, FILE *out)
{
	for (size_t i = 0; i < l->nr_node_cpus; i++)
		fprintf(out, "node_cpus %d %u\n", l->node_cpus[i].nid, l->node_cpus[i].cpus);
	for (size_t i = 0; i < l->nr_distances; i++)
		fprintf(out, "distance %d %d %u\n", l->distances[i].from, l->distances[i].to,
			l->distances[i].distance);
}

static void write_dynamics(const struct layout *l, FILE *out)
{
	if (l->nr_dynamics)
		fputs("\n# to be reserved wherever there is room\n", out);
	for (size_t i = 0; i < l->nr_dynamics; i++) {
		const struct layout_dynamic *d = &l->dynamics[i];

		fputs("dynamic ", out);
		write_size(d->size, out);
		if (strcmp(d->name, layout_kind_name(LAYOUT_RESERVED_MEMORY))) {
			putc(' ', out);
			write_quoted(d->name, out);
		}
		if (d->align) {
			fputs(" align ", out);
			write_size(d->align, out);
		}
		for (unsigned int r = 0; r < d->nr_within; r++)
			write_range(" in", d->within[r], out);
		write_flags(d->flags, out);
	}
}

static void write_usables(const struct layout *l, FILE *out)
{
	if (l->nr_usables)
		fputs("\n# all that this kernel may use\n", out);
	for (size_t i = 0; i < l->nr_usables; i++) {
		write_range("usable", l->usables[i].range, out);
		putc('\n', out);
	}
}

static void write_reservations(const struct layout *l, FILE *out)
{
	if (l->nr_reservations)
		fputs("\n# in use when the kernel starts\n", out);
	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *r = &l->reservations[i];

		write_range(layout_kind_name(r->kind), r->range, out);
		if (strcmp(r->name, layout_kind_name(r->kind))) {
			putc(' ', out);
			write_quoted(r->name, out);
		}
		write_flags(r->flags, out);
	}
}

int layout_write(const struct layout *l, FILE *out)
{
	fputs("layout 1\n# the physical memory of a machine, see mbsim-layout(5)\n\n", out);
	write_machine(l, out);
	write_map(l, out);
	write_updates(l, out);
	write_nodes(l, out);
	write_node_facts(l, out);
	write_usables(l, out);
	write_reservations(l, out);
	write_dynamics(l, out);
	return ferror(out) ? -EIO : 0;
}
