// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The crash kernel's memory on x86: reserve_crashkernel() of arch/x86/kernel/setup.c, 4.19 to 6.6, and
 * arch/x86/include/asm/crash_reserve.h for what all architectures share since 6.7.
 */
#include "boot/crash.h"

#define MIB(n) ((n) * (1ULL << 20))
#define GIB4 (1ULL << 32)
#define HIGH_END (1ULL << 46) /* the kernel that follows has page tables of four levels */
#define SLAB 2048

/* crash_low_size_default(): room for bounce buffers as large as this kernel's, and a little more */
static uint64_t low_default(const struct boot *b)
{
	uint64_t bounce = b->params.swiotlb_slabs ? b->params.swiotlb_slabs * SLAB : MIB(64);

	return bounce + MIB(8) > MIB(256) ? bounce + MIB(8) : MIB(256);
}

void boot_x86_crash(struct boot *b)
{
	const char *version = b->r->kernel->version;
	struct boot_crash_rules rules = {
		.version = version,
		.file = "arch/x86/kernel/setup.c",
		.align = MIB(16),
		.fixed_align = MIB(1),
		.min = MIB(16),
		.low_end = GIB4,
		.high_min = MIB(16),
		.high_end = HIGH_END,
		.low_default = low_default(b),
		.falls_back = true,
		.invalid_is_high = true,
		.low_without_high = true,
		.old_messages = true,
	};

	if (!boot_version_is_since(version, "5.2")) {
		rules.low_end = MIB(896);
		rules.falls_back = false;
	}
	if (boot_version_is_since(version, "6.7")) {
		rules.file = "kernel/crash_reserve.c";
		rules.fixed_align = rules.align;
		rules.min = 0;
		rules.high_min = GIB4;
		rules.high_falls_back = true;
		rules.invalid_is_high = rules.low_without_high = rules.old_messages = false;
	}
	/* CRASH_ADDR_LOW_MAX and CRASH_ADDR_HIGH_MAX of 32 bit */
	if (b->plan->arch == LAYOUT_I386) {
		rules.low_end = rules.high_end = MIB(512);
		rules.falls_back = rules.high_falls_back = false;
		rules.low_default = 0;
	}
	boot_crash_reserve(b, &rules);
}
