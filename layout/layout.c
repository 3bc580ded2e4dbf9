// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/layout.h"

#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

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
	[LAYOUT_KERNEL] = "kernel",
	[LAYOUT_INITRD] = "initrd",
	[LAYOUT_DTB] = "dtb",
	[LAYOUT_FIRMWARE] = "firmware",
	[LAYOUT_RESERVED_MEMORY] = "reserved_memory",
	[LAYOUT_RESERVATION] = "reserve",
	[LAYOUT_CRASH] = "crash",
	[LAYOUT_CMA] = "cma",
};

const struct layout_flag layout_flags[] = {
	{ "hotplug", LAYOUT_HOTPLUG },
	{ "mirror", LAYOUT_MIRROR },
	{ "nomap", LAYOUT_NOMAP },
	{ "driver_managed", LAYOUT_DRIVER_MANAGED },
	{ "reusable", LAYOUT_REUSABLE },
	{ "default_cma", LAYOUT_DEFAULT_CMA },
	{ 0 },
};

const char *layout_severity_name(enum layout_severity severity)
{
	static const char *const words[] = { "note", "warning", "error" };

	return words[severity];
}

const char *layout_next_flag(unsigned int *flags)
{
	for (size_t i = 0; layout_flags[i].word; i++) {
		if (!(*flags & layout_flags[i].flag))
			continue;
		*flags &= ~layout_flags[i].flag;
		return layout_flags[i].word;
	}
	return NULL;
}

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
	for (size_t i = 0; i < l->nr_dynamics; i++)
		free(l->dynamics[i].name);
	for (size_t i = 0; i < l->nr_places; i++)
		free(l->places[i]);
	free(l->notes);
	free(l->dynamics);
	free(l->node_cpus);
	free(l->distances);
	free(l->usables);
	free(l->domains);
	free(l->places);
	free(l->model);
	free(l->kernel_version);
	free(l->cmdline);
	free(l->log);
	free(l->name);
	free(l);
}

/* Positions that named @old name @name. */
#define RENAME(rows, nr, old, name)               \
	for (size_t i_ = 0; i_ < (nr); i_++)      \
		if ((rows)[i_].pos.file == (old)) \
	(rows)[i_].pos.file = (name)

void layout_move(struct layout *to, struct layout *from)
{
	char *old = from->name, *name = to->name;

	*to = *from;
	to->name = name;
	RENAME(to->ranges, to->nr_ranges, old, name);
	RENAME(to->updates, to->nr_updates, old, name);
	RENAME(to->node_ranges, to->nr_node_ranges, old, name);
	RENAME(to->reservations, to->nr_reservations, old, name);
	RENAME(to->dynamics, to->nr_dynamics, old, name);
	RENAME(to->node_cpus, to->nr_node_cpus, old, name);
	RENAME(to->distances, to->nr_distances, old, name);
	RENAME(to->usables, to->nr_usables, old, name);
	RENAME(to->notes, to->nr_notes, old, name);
	*from = (struct layout){ .name = old };
	layout_free(from);
}
