// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The crash kernel's memory on arm64: reserve_crashkernel() of arch/arm64/mm/init.c, 4.19 to 6.6, and
 * arch/arm64/include/asm/crash_reserve.h for what all architectures share since 6.7.
 */
#include "boot/crash.h"

#define MIB(n) ((n) * (1ULL << 20))
#define HIGH_END (1ULL << 48)

void boot_arm64_crash(struct boot *b)
{
	struct boot_crash_rules rules = {
		.version = b->version,
		.file = boot_is_since(b, "6.7") ? "kernel/crash_reserve.c" : "arch/arm64/mm/init.c",
		.align = MIB(2),
		.fixed_align = MIB(2),
		.low_end = b->dma_limit,
	};

	/* ,high was new in 5.20, which became 6.0: anywhere, and without low memory unless asked for */
	if (boot_is_since(b, "6.0"))
		rules.high_end = HIGH_END;
	if (boot_is_since(b, "6.2")) {
		rules.low_default = MIB(128);
		rules.falls_back = true;
	}
	if (boot_is_since(b, "6.4")) {
		rules.high_min = b->dma_limit;
		rules.high_falls_back = true;
	}
	boot_crash_reserve(b, &rules);
}
