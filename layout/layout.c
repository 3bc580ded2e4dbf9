// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"

/* The first that knows the text reads it: the pickiest come first. */
static const struct layout_reader *const readers[] = {
	&layout_native,
	&layout_log,
};

static const char *const arch_names[LAYOUT_NR_ARCHES] = {
	[LAYOUT_ARCH_UNKNOWN] = "unknown", [LAYOUT_X86_64] = "x86_64", [LAYOUT_I386] = "i386",
	[LAYOUT_ARM64] = "arm64",	   [LAYOUT_ARM] = "arm",       [LAYOUT_RISCV] = "riscv",
	[LAYOUT_PPC64] = "ppc64",	   [LAYOUT_S390] = "s390",     [LAYOUT_MIPS] = "mips",
	[LAYOUT_ARCH_OTHER] = "other",
};

static const struct {
	const char *name, *words;
} types[LAYOUT_NR_TYPES] = {
	[LAYOUT_RAM] = { "ram", "usable" },
	[LAYOUT_RESERVED] = { "reserved", "reserved" },
	[LAYOUT_ACPI] = { "acpi", "ACPI data" },
	[LAYOUT_NVS] = { "nvs", "ACPI NVS" },
	[LAYOUT_UNUSABLE] = { "unusable", "unusable" },
	[LAYOUT_PMEM] = { "pmem", "persistent (type 7)" },
	[LAYOUT_SOFT_RESERVED] = { "soft_reserved", "soft reserved" },
	[LAYOUT_OTHER] = { "other", "other" },
};

static const char *const kind_names[LAYOUT_NR_KINDS] = {
	[LAYOUT_KERNEL] = "kernel",	[LAYOUT_INITRD] = "initrd",	  [LAYOUT_DTB] = "dtb",
	[LAYOUT_FIRMWARE] = "firmware", [LAYOUT_RESERVATION] = "reserve",
};

const char *layout_arch_name(enum layout_arch arch)
{
	return arch_names[arch];
}

const char *layout_type_name(enum layout_type type)
{
	return types[type].name;
}

const char *layout_type_words(enum layout_type type)
{
	return types[type].words;
}

const char *layout_kind_name(enum layout_kind kind)
{
	return kind_names[kind];
}

int layout_arch_of(const char *name)
{
	for (int i = 0; i < LAYOUT_NR_ARCHES; i++)
		if (!strcmp(name, arch_names[i]))
			return i;
	return -1;
}

int layout_type_of(const char *name)
{
	for (int i = 0; i < LAYOUT_NR_TYPES; i++)
		if (!strcmp(name, types[i].name))
			return i;
	return -1;
}

int layout_kind_of(const char *name)
{
	for (int i = 0; i < LAYOUT_NR_KINDS; i++)
		if (!strcmp(name, kind_names[i]))
			return i;
	return -1;
}

const char *const layout_image_parts[5] = { "code", "rwdata", "rodata", "init", "bss" };

uint64_t *layout_image_part(struct layout_image *image, const char *name)
{
	uint64_t *const parts[] = { &image->code, &image->rwdata, &image->rodata, &image->init,
				    &image->bss };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!strcmp(name, layout_image_parts[i]))
			return parts[i];
	return NULL;
}

struct layout *layout_new(const char *name)
{
	struct layout *l = array_resize(NULL, 1, sizeof(*l));

	*l = (struct layout){ .name = array_strdup(name) };
	return l;
}

void layout_free(struct layout *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->nr_ranges; i++)
		free(l->ranges[i].words);
	for (size_t i = 0; i < l->nr_reservations; i++)
		free(l->reservations[i].name);
	for (size_t i = 0; i < l->nr_notes; i++)
		free(l->notes[i].text);
	free(l->ranges);
	free(l->updates);
	free(l->node_ranges);
	free(l->reservations);
	free(l->notes);
	free(l->kernel_version);
	free(l->cmdline);
	free(l->name);
	free(l);
}

void layout_move(struct layout *to, struct layout *from)
{
	struct layout empty = { .name = from->name };
	char *name = to->name;

	*to = *from;
	to->name = name;
	for (size_t i = 0; i < to->nr_ranges; i++)
		to->ranges[i].pos.file = name;
	for (size_t i = 0; i < to->nr_updates; i++)
		to->updates[i].pos.file = name;
	for (size_t i = 0; i < to->nr_node_ranges; i++)
		to->node_ranges[i].pos.file = name;
	for (size_t i = 0; i < to->nr_reservations; i++)
		to->reservations[i].pos.file = name;
	for (size_t i = 0; i < to->nr_notes; i++)
		to->notes[i].pos.file = name;
	*from = empty;
	layout_free(from);
}

static const struct layout_reader *find_reader(const char *name, const char *text, size_t len,
					       struct error *err)
{
	char *known = NULL;
	size_t known_len;
	FILE *list;

	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (readers[i]->sniff(text, len))
			return readers[i];
	list = open_memstream(&known, &known_len);
	if (!list)
		array_die();
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		fprintf(list, "%s%s (%s)", i ? ", or " : "", readers[i]->name, readers[i]->marks);
	fclose(list);
	error_set(err, EINVAL, "%s: %s: mbsim reads %s", name,
		  len ? "it is not known what this is" : "the file is empty", known);
	free(known);
	return NULL;
}

struct layout *layout_parse(const char *name, const char *text, size_t len, struct error *err)
{
	const struct layout_reader *reader = find_reader(name, text, len, err);
	struct layout *l;

	if (!reader)
		return NULL;
	l = layout_new(name);
	if (reader->read(l, text, len, err)) {
		layout_free(l);
		return NULL;
	}
	return l;
}

struct layout *layout_read(const char *path, struct error *err)
{
	size_t len;
	char *text = file_read(path, &len, err);
	struct layout *l;

	if (!text)
		return NULL;
	l = layout_parse(strcmp(path, "-") ? path : "<stdin>", text, len, err);
	free(text);
	return l;
}
