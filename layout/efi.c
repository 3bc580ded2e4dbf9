// SPDX-License-Identifier: GPL-2.0-or-later
/* The types of memory that EFI has, and their names in kernels' logs. */
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

/*
 * By number. A name in a log may be longer ("Conventional Memory", up to 4.x), or cut and padded
 * to twelve characters.
 */
static const char *const names[LAYOUT_EFI_TYPES] = {
	[LAYOUT_EFI_RESERVED] = "Reserved",	    [LAYOUT_EFI_LOADER_CODE] = "Loader Code",
	[LAYOUT_EFI_LOADER_DATA] = "Loader Data",   [LAYOUT_EFI_BOOT_CODE] = "Boot Code",
	[LAYOUT_EFI_BOOT_DATA] = "Boot Data",	    [LAYOUT_EFI_RUNTIME_CODE] = "Runtime Code",
	[LAYOUT_EFI_RUNTIME_DATA] = "Runtime Data", [LAYOUT_EFI_CONVENTIONAL] = "Conventional",
	[LAYOUT_EFI_UNUSABLE] = "Unusable",	    [LAYOUT_EFI_ACPI_RECLAIM] = "ACPI Reclaim",
	[LAYOUT_EFI_ACPI_NVS] = "ACPI Mem NVS",	    [LAYOUT_EFI_MMIO] = "MMIO",
	[LAYOUT_EFI_MMIO_PORT] = "MMIO Port",	    [LAYOUT_EFI_PAL_CODE] = "PAL Code",
	[LAYOUT_EFI_PERSISTENT] = "Persistent",	    [LAYOUT_EFI_UNACCEPTED] = "Unaccepted",
};

static const struct {
	const char *words;
	enum layout_efi_type type;
} others[] = {
	{ "Boot Services Code", LAYOUT_EFI_BOOT_CODE },
	{ "Boot Services Data", LAYOUT_EFI_BOOT_DATA },
	{ "ACPI Memory NVS", LAYOUT_EFI_ACPI_NVS },
	{ "Memory Mapped I/O", LAYOUT_EFI_MMIO },
	{ "MMIO Port Space", LAYOUT_EFI_MMIO_PORT },
	{ "Port Mapped I/O", LAYOUT_EFI_MMIO_PORT },
};

const char *layout_efi_name(int type)
{
	return type >= 0 && type < LAYOUT_EFI_TYPES ? names[type] : NULL;
}

int layout_efi_type_of(const char *words)
{
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (!strncmp(words, others[i].words, strlen(others[i].words)))
			return others[i].type;
	/* the longer ones first: "MMIO Port" begins with "MMIO" */
	for (int type = LAYOUT_EFI_TYPES - 1; type >= 0; type--)
		if (!strncmp(words, names[type], strlen(names[type])))
			return type;
	return -1;
}

bool layout_is_efi(const struct layout_range *range)
{
	/* "reserved" is not one of them, "Reserved" is */
	for (int type = 0; type < LAYOUT_EFI_TYPES; type++)
		if (!strcmp(range->words, names[type]))
			return true;
	return false;
}
