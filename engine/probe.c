// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What differs between kernels, and cannot be taken from what they declare, shows in the text of
 * their files. All of it is in this table.
 */
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"

enum source {
	MEMBLOCK_C,
	MEMBLOCK_H,
	NOBOOTMEM_C,
	NR_SOURCES
};

static const struct {
	const char *define;
	enum source source;
	const char *text; /* defined if this is in the source */
} probes[] = {
	/* MAX_ORDER was the number of orders up to 6.3 */
	{ "RT_MAX_ORDER_IS_EXCLUSIVE", MEMBLOCK_C, "MAX_ORDER - 1" },
	{ "RT_MAX_ORDER_IS_EXCLUSIVE", NOBOOTMEM_C, "MAX_ORDER - 1" },
	/* physmem was in struct memblock up to 5.9 */
	{ "RT_PHYSMEM_IS_MEMBER", MEMBLOCK_H, "\tstruct memblock_type physmem;" },
	/* and became a function in 5.0 */
	{ "RT_TOTALRAM_IS_VARIABLE", MEMBLOCK_C, "totalram_pages++" },
	{ "RT_TOTALRAM_IS_VARIABLE", MEMBLOCK_C, "totalram_pages +=" },
	{ "RT_TOTALRAM_IS_VARIABLE", NOBOOTMEM_C, "totalram_pages +=" },
	/* and so did what a zone manages */
	{ "RT_MANAGED_PAGES_IS_NUMBER", MEMBLOCK_C, "managed_pages = 0" },
	{ "RT_MANAGED_PAGES_IS_NUMBER", NOBOOTMEM_C, "managed_pages = 0" },
	/* memory that a virtual machine has to accept is known from 6.5 on, by its end up to 6.12 */
	{ "RT_HAVE_accept_memory", MEMBLOCK_C, "accept_memory(" },
	{ "RT_ACCEPT_MEMORY_TAKES_END", MEMBLOCK_C, "accept_memory(found, found + size)" },
	{ "RT_HAVE_memblock_search_pfn_nid", MEMBLOCK_H, "memblock_search_pfn_nid(" },
	/* the hand-over marks the pages of what is reserved; from 7.1 on by itself */
	{ "RT_MARKS_RESERVED", MEMBLOCK_C, "reserve_bootmem_region(" },
	{ "RT_MARKS_RESERVED", NOBOOTMEM_C, "reserve_bootmem_region(" },
	{ "RT_MARKS_RESERVED", MEMBLOCK_C, "__SetPageReserved(" },
	/* and those of memory that is not mapped, too */
	{ "RT_MARKS_NOMAP", MEMBLOCK_C, "memmap_init_reserved_pages(void)" },
	/* with the node of each, which it also sets in what is reserved */
	{ "RT_MARKS_WITH_NODE", MEMBLOCK_C, "set nid on all reserved pages" },
	/* memblock_free() and memblock_phys_free() give pages to the page allocator once it is there */
	{ "RT_FREES_LATE", MEMBLOCK_C, "unsigned long __free_reserved_area(" },
	{ "RT_HAVE_FREE_RESERVED_AREA", MEMBLOCK_C, "unsigned long free_reserved_area(" },
	/* the hand-over frees the memory map of holes */
	{ "RT_FREES_MEMMAP", MEMBLOCK_C, "free_unused_memmap(void)" },
	/* what is handed over by kexec is known from its late initcall on, in pages */
	{ "RT_HAVE_KHO_SUBTREES", MEMBLOCK_C, "int __init prepare_kho_fdt(" },
	/* up to 6.18 only when it is told that it is time, and nothing is taken back */
	{ "RT_KHO_NOTIFIES", MEMBLOCK_C, "KEXEC_KHO_FINALIZE" },
	/* reserve_mem= says what is wrong */
	{ "RT_TELLS_RESERVE_MEM", MEMBLOCK_C, "\nerr_param:\n" },
	/* the hand-over frees those above low memory, which was up to the architecture */
	{ "RT_FREES_HIGHMEM", MEMBLOCK_C, "IS_ENABLED(CONFIG_HIGHMEM)" },
};

char *probe_header(const char *memblock_c, const char *memblock_h, const char *nobootmem_c,
		   bool has_bootmem)
{
	const char *sources[NR_SOURCES] = { memblock_c, memblock_h, nobootmem_c };
	char *header = NULL;
	size_t len;
	FILE *out = open_memstream(&header, &len);

	for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
		const char *source = sources[probes[i].source];

		if (source && strstr(source, probes[i].text))
			fprintf(out, "#ifndef %s\n#define %s\n#endif\n", probes[i].define,
				probes[i].define);
	}
	if (has_bootmem)
		fputs("#define RT_HAVE_BOOTMEM\n", out);
	fclose(out);
	return header;
}
