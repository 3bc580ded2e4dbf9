// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is to be known of a kernel besides its memblock.c. First sizes of structures and tables as the
 * kernels of Debian have them, observed in their logs (tests/data/boots), for the two architectures
 * whose rows are many. Then, of the layout's kernel: what became of the firmware's map. A version
 * takes the last row that is not newer.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

#define K(n) ((n)*1024ULL)

const struct boot_facts boot_x86_64_facts[] = {
	{
		.since = "0",
		.image_size = K(40960),
		.percpu_static = 188416,
		.pgdat_size = K(168),
		.pgdat_in_pages = true,
		.percpu_chunk = 144,
		.section_usage = 40,
		.smp_locks = K(24),
		.cpumasks = 4,
	},
	{
		.since = "5.10",
		.image_size = K(43008),
		.percpu_static = 200704,
		.pgdat_size = K(172),
		.pgdat_in_pages = true,
		.percpu_chunk = 144,
		.section_usage = 40,
		.smp_locks = K(32),
		.decrypted_unused = K(2036),
		.cpumasks = 4,
		.printk_records = true,
	},
	{
		.since = "6.1",
		.image_size = K(53248),
		.percpu_static = 217088,
		.pgdat_size = 0x2b000,
		.pgdat_in_pages = true,
		.percpu_chunk = 144,
		.section_usage = 56,
		.smp_locks = K(36),
		.decrypted_unused = K(2036),
		.cpumasks = 4,
		.printk_records = true,
	},
	{
		.since = "6.12",
		.image_size = K(45056),
		.percpu_static = 233472,
		.pgdat_size = 0x2a980,
		.percpu_chunk = 200,
		.section_usage = 56,
		.smp_locks = K(40),
		.decrypted_unused = K(2028),
		.cpumasks = 1,
		.entry_areas_random = true,
		.no_node_is_negative = true,
		.printk_records = true,
		.hash_of_free = true,
	},
	{ .since = NULL },
};

/* The same for arm64: Debian's kernels, and 4.19 as 5.10, of which no boot was seen. */
const struct boot_facts boot_arm64_facts[] = {
	{
		.since = "0",
		.image_size = K(27648),
		.percpu_static = 87272,
		.pgdat_size = 0x2c80,
		.percpu_chunk = 144,
		.section_usage = 40,
	},
	{
		.since = "5.10",
		.image_size = K(28672),
		.percpu_static = 87272,
		.pgdat_size = 0x2c80,
		.percpu_chunk = 144,
		.section_usage = 40,
		.printk_records = true,
	},
	{
		.since = "6.1",
		.image_size = K(32768),
		.percpu_static = 87272,
		.pgdat_size = 0x2c80,
		.percpu_chunk = 144,
		.section_usage = 56,
		.printk_records = true,
	},
	{
		.since = "6.12",
		.image_size = K(44224),
		.percpu_static = 101464,
		.pgdat_size = 0x3740,
		.percpu_chunk = 200,
		.section_usage = 56,
		.cpumasks = 1,
		.no_node_is_negative = true,
		.printk_records = true,
		.hash_of_free = true,
	},
	{ .since = NULL },
};

/*
 * Each row is whole. The versions are those of the changes in mainline: 2.6.33 "Remove BIOS data
 * range from e820", 2.6.37 64 KiB reserved by default, which 3.9 left to memblock, 3.19 "Fix zone
 * ranges boot printout", 6.6 "disable kernelcore=mirror when no mirror memory", 6.11 "Make
 * e820__end_ram_pfn() cover E820_TYPE_ACPI ranges"; and 6.7 and the stable kernels of then, 6.1 being
 * the oldest that was seen with it, "Drop the 4 MB restriction on minimal NUMA node memory size".
 */
static const struct boot_rules rules[] = {
	{
		.since = "0",
		.uncovered_is_lost = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "2.6.33",
		.low_reserved = K(4),
		.bios_removed = true,
		.uncovered_is_lost = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "2.6.37",
		.low_reserved = K(64),
		.bios_removed = true,
		.uncovered_is_lost = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "3.1",
		.low_reserved = K(64),
		.bios_removed = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "3.9",
		.low_reserved = K(4),
		.bios_removed = true,
		.kernel_added = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "3.19",
		.low_reserved = K(4),
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "4.15",
		.low_reserved = K(4),
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.has_device_zone = true,
		.holes_not_linked = true,
		.deferred_by_zone = true,
	},
	{
		.since = "5.10",
		.low_reserved = K(4),
		.low_zones_count = true,
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.has_device_zone = true,
		.numa_needs_memory = true,
	},
	{
		.since = "6.1",
		.low_reserved = K(4),
		.low_zones_count = true,
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.has_device_zone = true,
		.numa_needs_memory = true,
		.nodes_are_tiny = true,
	},
	{
		.since = "6.6",
		.low_reserved = K(4),
		.low_zones_count = true,
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.has_device_zone = true,
		.numa_needs_memory = true,
		.nodes_are_tiny = true,
		.mirror_is_checked = true,
	},
	{
		.since = "6.11",
		.low_reserved = K(4),
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.has_device_zone = true,
		.numa_needs_memory = true,
		.mirror_is_checked = true,
		.nodes_are_tiny = true,
		.acpi_is_memory = true,
		.slack_is_all = true,
	},
	{
		.since = "6.12",
		.low_reserved = K(4),
		.bios_removed = true,
		.kernel_added = true,
		.zones_end_early = true,
		.has_device_zone = true,
		.numa_needs_memory = true,
		.mirror_is_checked = true,
		.nodes_are_tiny = true,
		.acpi_is_memory = true,
		.slack_is_all = true,
		.numa_from_dram = true,
	},
};

/*
 * "5.4.0-11769-g38732e3435ff" is what git describes as so many commits after 5.4: with that many, it
 * is what became 5.5.
 */
static bool is_of_next(const char *version)
{
	unsigned long commits;
	char *end;

	version += strspn(version, "0123456789.");
	if (*version != '-' || version[-1] != '0' || version[-2] != '.')
		return false;
	commits = strtoul(version + 1, &end, 10);
	return commits >= 1000 && !strncmp(end, "-g", 2);
}

/* Compares versions as far as @since goes; what is no number ends them. */
bool boot_version_is_since(const char *version, const char *since)
{
	bool next;

	/* "unknown": as the newest */
	if (*version < '0' || *version > '9')
		return true;
	next = is_of_next(version);
	for (int part = 0; *since; part++) {
		unsigned long a = 0, b = 0;

		while (*version >= '0' && *version <= '9')
			a = 10 * a + (unsigned int)(*version++ - '0');
		while (*since >= '0' && *since <= '9')
			b = 10 * b + (unsigned int)(*since++ - '0');
		if (part == 1 && next)
			a++;
		if (a != b)
			return a > b;
		version += *version == '.';
		since += *since == '.';
	}
	return true;
}

const struct boot_facts *boot_find_facts(const struct boot_facts *facts, const char *version)
{
	const struct boot_facts *found = facts;

	for (; facts->since; facts++)
		if (boot_version_is_since(version, facts->since))
			found = facts;
	return found;
}

const struct boot_rules *boot_rules_of(const char *version)
{
	const struct boot_rules *found = &rules[0];

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (boot_version_is_since(version, rules[i].since))
			found = &rules[i];
	return found;
}
