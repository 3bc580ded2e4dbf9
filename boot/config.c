// SPDX-License-Identifier: GPL-2.0-or-later
/* Which configuration of an engine goes with a machine. */
#include "boot/boot.h"
#include "lib/array.h"

static const struct {
	enum layout_arch arch;
	unsigned int page_size; /* bytes; 0: any */
	const char *config;
} configs[] = {
	{ LAYOUT_X86_64, 0, "x86_64" },
	{ LAYOUT_ARM64, 16 << 10, "arm64-16k" },
	{ LAYOUT_ARM64, 64 << 10, "arm64-64k" },
	{ LAYOUT_ARM64, 0, "arm64" },
	{ LAYOUT_RISCV, 0, "riscv64" },
	{ LAYOUT_S390, 0, "s390" },
	{ LAYOUT_I386, 0, "i386-pae" },
	{ LAYOUT_PPC64, 4 << 10, "ppc64-4k" },
	{ LAYOUT_PPC64, 0, "ppc64" },
};

const char *boot_config_for(const struct layout *l)
{
	for (size_t i = 0; i < ARRAY_LEN(configs); i++)
		if (configs[i].arch == l->arch &&
		    (!configs[i].page_size || configs[i].page_size == l->page_size))
			return configs[i].config;
	return NULL;
}
