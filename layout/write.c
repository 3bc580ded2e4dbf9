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
	fprintf(out, "%-8s 0x%" PRIx64 "-0x%" PRIx64, word, r.start, r.end - 1);
}

static void write_flags(unsigned int flags, FILE *out)
{
	fprintf(out, "%s%s%s%s\n", flags & LAYOUT_HOTPLUG ? " hotplug" : "",
		flags & LAYOUT_MIRROR ? " mirror" : "", flags & LAYOUT_NOMAP ? " nomap" : "",
		flags & LAYOUT_DRIVER_MANAGED ? " driver_managed" : "");
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
	if (l->nr_node_ranges)
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
	write_reservations(l, out);
	return ferror(out) ? -EIO : 0;
}
