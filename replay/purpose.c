// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose memory it is: by the function that asked for it, by what that is for, by node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "replay/internal.h"

/* Beginnings of functions' names; the first that fits counts. */
static const struct {
	const char *function, *purpose;
} purposes[] = {
	{ "early_pgtable_alloc", "page tables" },
	{ "alloc_low_page", "page tables" },
	{ "spp_getpage", "page tables" },
	{ "init_mem_mapping", "page tables" },
	{ "memmap_alloc", "memory map" },
	{ "vmemmap_alloc", "memory map" },
	{ "__earlyonly_bootmem", "memory map" },
	{ "__populate_section", "memory map" },
	{ "sparse_", "memory map" },
	{ "alloc_node_mem_map", "memory map" },
	{ "memblock_double_array", "memblock's arrays" },
	{ "memblock_alloc_range_nid", "nodes and CMA" },
	{ "pcpu_", "per-CPU memory" },
	{ "setup_per_cpu", "per-CPU memory" },
	{ "swiotlb_", "bounce buffers" },
	{ "setup_log_buf", "kernel log" },
	{ "acpi_", "ACPI" },
	{ "efi_", "EFI" },
	{ "early_init_dt", "device tree" },
	{ "early_init_fdt", "device tree" },
	{ "__reserved_mem", "device tree" },
	{ "fdt_", "device tree" },
	{ "alloc_large_system_hash", "hash tables" },
	{ "reserve_crashkernel", "crash kernel" },
	{ "__reserve_crashkernel", "crash kernel" },
	{ "cma_", "CMA" },
	{ "hugetlb_", "huge pages" },
	{ "alloc_bootmem_huge", "huge pages" },
	{ "reserve_initrd", "initrd" },
	{ "relocate_initrd", "initrd" },
	{ "e820", "firmware's map" },
	{ "firmware_map", "firmware's map" },
	{ "setup_arch", "kernel and early set-up" },
	{ "arm64_memblock_init", "kernel and early set-up" },
	{ "start_kernel", "command line" },
	{ "setup_command_line", "command line" },
};

const char *replay_purpose(const char *caller)
{
	for (size_t i = 0; i < ARRAY_LEN(purposes); i++)
		if (!strncmp(caller, purposes[i].function, strlen(purposes[i].function)))
			return purposes[i].purpose;
	return "other";
}

static char *name_of(const struct replay_owner *o, enum replay_by by)
{
	if (by == REPLAY_BY_PURPOSE)
		return array_strdup(replay_purpose(o->caller));
	if (by == REPLAY_BY_NODE)
		return o->nid >= 0 ? file_path("node %d", o->nid) : array_strdup("no node");
	return file_path("%.*s", (int)strcspn(o->caller, "+"), *o->caller ? o->caller : "unknown");
}

static int compare_groups(const void *a, const void *b)
{
	const struct replay_group *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct replay_group *find(struct replay_group *groups, size_t nr, const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(groups[i].name, name))
			return &groups[i];
	return NULL;
}

struct replay_group *replay_group(const struct replay_result *r, enum replay_by by, size_t *nr)
{
	struct replay_group *groups = NULL, *g;
	size_t room = 0;

	*nr = 0;
	for (size_t i = 0; i < r->nr_owners; i++) {
		const struct replay_owner *o = &r->owners[i];
		char *name;

		if (o->line > r->at || (o->freed && o->freed <= r->at))
			continue;
		name = name_of(o, by);
		g = find(groups, *nr, name);
		if (!g) {
			g = &ARRAY_APPEND(groups, *nr, room);
			g->name = name;
		} else {
			free(name);
		}
		g->count++;
		g->bytes += range_size(o->range);
	}
	if (groups)
		qsort(groups, *nr, sizeof(*groups), compare_groups);
	return groups;
}
