// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory blocks, in which memory is plugged and shown in sysfs. */

#include "boot/internal.h"

#define M(n) ((uint64_t)(n) << 20)

/*
 * probe_memory_block_size() of arch/x86/mm/init_64.c (6.12), as on bare metal: the largest that the
 * end of memory is a multiple of, from 64 GiB on. Under a hypervisor it is always the smallest;
 * kernels log which they took ("x86/mm: Memory block size").
 */
static uint64_t x86_block_size(uint64_t end)
{
	uint64_t size = M(2048);

	if (end < M(65536))
		return M(128);
	while (size > M(128) && end % size)
		size /= 2;
	return size;
}

uint64_t boot_block_size(const struct boot *b)
{
	if (b->plan->arch == LAYOUT_X86_64)
		return x86_block_size(b->max_pfn << b->r->page_shift);
	/* a section: SECTION_SIZE_BITS of arm64 and riscv is 27, with pages of 64 KiB 29 */
	return b->r->page_shift == 16 ? M(512) : M(128);
}
