// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory of EFI's boot services on x86, which the kernel keeps for firmware until it has switched to
 * virtual mode: arch/x86/platform/efi/quirks.c (6.12). Logs tell where it is with efi=debug only; how
 * much it was they tell when it is freed.
 */
#include <inttypes.h>
#include <string.h>

#include "boot/internal.h"

static const char purpose[] = "EFI boot services";

bool boot_x86_is_efi_service(const struct layout_reservation *r)
{
	return r->kind == LAYOUT_FIRMWARE && !strncmp(r->name, "EFI Boot ", 9);
}

/*
 * What the kernel has a part of is left to it; tables that it wants to keep (ESRT) are cut out of what
 * is around them, which is kept for firmware nevertheless.
 */
static bool is_kernels(const struct boot *b, struct range range)
{
	return range_overlaps(range, b->kernel) || range_overlaps(range, b->initrd) ||
	       range_overlaps(range, (struct range){ 0, 64 << 10 });
}

void boot_x86_reserve_efi(struct boot *b)
{
	static const char function[] = "efi_reserve_boot_services";

	for (size_t i = 0; i < b->layout->nr_reservations; i++) {
		const struct layout_reservation *r = &b->layout->reservations[i];

		if (boot_x86_is_efi_service(r) && !is_kernels(b, r->range))
			boot_reserve(b, function, purpose, r->range);
	}
}

/* efi_free_boot_services() */
void boot_x86_free_efi(struct boot *b)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < b->nr_owners; i++)
		if (b->owners[i].purpose == purpose)
			bytes += boot_release_late(b, "efi_free_boot_services", purpose,
						   b->owners[i].range);
	if (bytes)
		boot_log(b, "efi: Freeing EFI boot services memory: %" PRIu64 "K", bytes >> 10);
}

uint64_t boot_x86_unplaced_efi(const struct boot *b)
{
	if (b->plan->arch != LAYOUT_X86_64)
		return 0;
	for (size_t i = 0; i < b->layout->nr_reservations; i++)
		if (boot_x86_is_efi_service(&b->layout->reservations[i]))
			return 0;
	return b->facts->efi_services;
}
