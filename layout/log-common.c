// SPDX-License-Identifier: GPL-2.0-or-later
/* What kernels of all machines say: version, command line, processors, image, nodes, memblock. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

/* Words of a banner, and the architecture that alone has them. */
static const struct {
	const char *words;
	enum layout_arch arch;
} arch_clues[] = {
	{ "aarch64", LAYOUT_ARM64 },
	{ "arm-linux", LAYOUT_ARM },
	{ "armv7", LAYOUT_ARM },
	{ "-armmp", LAYOUT_ARM },
	{ "-arm64", LAYOUT_ARM64 },
	{ "riscv64", LAYOUT_RISCV },
	{ "powerpc64", LAYOUT_PPC64 },
	{ "ppc64", LAYOUT_PPC64 },
	{ "s390x", LAYOUT_S390 },
	{ "mips", LAYOUT_MIPS },
	{ "loongarch64", LAYOUT_ARCH_OTHER },
	{ "sparc64", LAYOUT_ARCH_OTHER },
	{ "x86_64", LAYOUT_X86_64 },
	{ "amd64", LAYOUT_X86_64 },
	{ "i386", LAYOUT_I386 },
	{ "i686", LAYOUT_I386 },
	{ "-686", LAYOUT_I386 },
};

/* "6.1.0-13-amd64 (debian-kernel@lists.debian.org) (gcc-12 ...": a boot will begin */
static enum log_verdict banner(struct log *log, const char *text)
{
	text += strspn(text, " ");
	if (!isdigit((unsigned char)*text))
		return LOG_SKIP;
	free(log->banner);
	log->banner = array_strdup(text);
	return LOG_USED;
}

void log_guess_arch(struct log_boot *boot, const char *banner)
{
	for (size_t i = 0; i < ARRAY_LEN(arch_clues); i++) {
		if (!strstr(banner, arch_clues[i].words))
			continue;
		if (arch_clues[i].arch == LAYOUT_X86_64)
			boot->bits++;
		if (arch_clues[i].arch == LAYOUT_I386)
			boot->bits--;
		if (!boot->l->arch)
			boot->l->arch = arch_clues[i].arch;
	}
}

/*
 * Sets the command line, unless there is one already that this is not a longer version of: the
 * early one can be cut off, or lack what the kernel was built with.
 */
static enum log_verdict set_cmdline(struct log *log, const char *text)
{
	char **cmdline = &log->boot->l->cmdline;

	if (*cmdline && !strstr(text, *cmdline))
		return LOG_USED;
	free(*cmdline);
	*cmdline = array_strdup(text);
	return LOG_USED;
}

static enum log_verdict early_cmdline(struct log *log, const char *text)
{
	return set_cmdline(log, text + strspn(text, " "));
}

/* Long ones come in pieces, each but the last with a backslash at its end. */
static enum log_verdict cmdline(struct log *log, const char *text)
{
	struct log_boot *boot = log->boot;
	char **old = &boot->l->cmdline;
	size_t len, have;
	bool goes_on;
	char *piece;

	text += strspn(text, " ");
	len = strlen(text);
	goes_on = len > 2 && !strcmp(text + len - 2, " \\");
	if (goes_on)
		len -= 2;
	piece = strndup(text, len);
	if (!piece)
		array_die();
	if (boot->cmdline_continues && *old && strlen(*old) < LOG_LINE_MAX) {
		have = strlen(*old);
		*old = array_resize(*old, have + len + 2, 1);
		(*old)[have] = ' ';
		memcpy(*old + have + 1, piece, len + 1);
	} else if (!boot->cmdline_continues) {
		set_cmdline(log, piece);
		/* the first line is the beginning of what is here already */
		goes_on &= !strcmp(*old, piece);
	}
	boot->cmdline_continues = goes_on;
	free(piece);
	return LOG_USED;
}

static uint64_t *image_part(struct layout_image *image, const char *words, size_t len)
{
	static const struct {
		const char *words, *part;
	} parts[] = {
		{ "kernel code", "code" }, { "code", "code" },	   { "data", "rwdata" },
		{ "rwdata", "rwdata" },	   { "rodata", "rodata" }, { "init", "init" },
		{ "bss", "bss" },
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (strlen(parts[i].words) == len && !strncmp(parts[i].words, words, len))
			return layout_image_part(image, parts[i].part);
	return NULL;
}

/* "1394704K/1571756K available (14344K kernel code, 1921K rwdata, ..., 0K cma-reserved)" */
static enum log_verdict memory(struct log *log, const char *text)
{
	struct layout_image *image = &log->boot->l->image;
	const char *p = strstr(text, "available (");
	uint64_t kib, *part;
	size_t len;

	if (!p)
		return LOG_SKIP;
	log->why = "the line is cut off";
	if (!strchr(p, ')'))
		return LOG_MORE;
	p += strlen("available ");
	do {
		p++;
		if (!scan_number(&p, &kib) || kib > UINT64_MAX / 1024 || (*p != 'K' && *p != 'k') ||
		    p[1] != ' ')
			return log_bad(log, "there is no size where one is expected");
		p += 2;
		len = strcspn(p, ",)");
		part = image_part(image, p, len);
		if (part && !*part)
			*part = kib * 1024;
		p += len;
	} while (*p == ',');
	return LOG_USED;
}

static enum log_verdict set_cpus(struct log *log, uint64_t cpus)
{
	if (!cpus || cpus > LAYOUT_MAX_CPUS)
		return log_bad(log, "no machine has as many processors");
	log->boot->l->cpus = cpus;
	return LOG_USED;
}

/* "smpboot: Allowing 2 CPUs, 0 hotplug CPUs": all that there can ever be */
static enum log_verdict allowing_cpus(struct log *log, const char *p)
{
	uint64_t cpus, more = 0;

	if (!scan_number(&p, &cpus))
		return LOG_SKIP;
	/* "CPU topo: Allowing 16 present CPUs plus 0 hotplug CPUs" */
	if (scan_word(&p, "present CPUs plus") && !scan_number(&p, &more))
		return LOG_SKIP;
	if (log->boot->cpu_ids_seen)
		return LOG_USED;
	return set_cpus(log, cpus + (more > LAYOUT_MAX_CPUS ? 0 : more));
}

/* "setup_percpu: NR_CPUS:512 nr_cpumask_bits:512 nr_cpu_ids:12 nr_node_ids:2" */
static enum log_verdict cpu_ids(struct log *log, const char *text)
{
	const char *p = strstr(text, "nr_cpu_ids");
	uint64_t cpus;

	if (!p)
		return LOG_SKIP;
	p += strlen("nr_cpu_ids");
	if ((*p != ':' && *p != '=') || (p++, !scan_number(&p, &cpus)))
		return LOG_SKIP;
	log->boot->cpu_ids_seen = true;
	return set_cpus(log, cpus);
}

/* "Dentry cache hash table entries: 262144 (order: 9, 2097152 bytes, linear)" */
static enum log_verdict hash_table(struct log *log, const char *text)
{
	const char *p = strstr(text, "(order:");
	uint64_t order, bytes, size;

	if (!p || log->boot->l->page_size)
		return LOG_SKIP;
	p += strlen("(order:");
	if (!scan_number(&p, &order) || !scan_word(&p, ",") || !scan_number(&p, &bytes))
		return LOG_SKIP;
	/* of order 0, there may be less than a page */
	size = order && order < 40 ? bytes >> order : 0;
	if (size < 1 << 12 || size > 1 << 18 || size & (size - 1))
		return LOG_SKIP;
	log->boot->l->page_size = size;
	return LOG_USED;
}

static enum log_verdict node_ranges(struct log *log, const char *text)
{
	(void)text;
	if (log->boot->nr_nodes)
		log_new_boot(log); /* there is one list to a boot */
	log->boot->in_nodes = true;
	log->boot->memblock_filled = true;
	return LOG_SKIP;
}

/* "  node   0: [mem 0x0000000000001000-0x000000000009ffff]" */
static enum log_verdict node_range(struct log *log, const char *p)
{
	struct log_boot *boot = log->boot;
	struct layout_node_range r = { .pos.line = log->line };
	struct layout_range row = { .type = LAYOUT_RAM, .pos.line = log->line };
	enum log_verdict v;
	uint64_t nid;

	if (!boot->in_nodes || !scan_number(&p, &nid) || !scan_word(&p, ":"))
		return LOG_SKIP;
	if (nid > LAYOUT_MAX_NODE)
		return log_bad(log, "no machine has as many nodes");
	v = log_scan_range(log, &p, &r.range);
	if (v != LOG_USED)
		return v;
	r.nid = nid;
	row.range = r.range;
	v = log_added(log, log_boot_add_row(boot, LOG_MAP_NODES, row));
	if (v == LOG_USED)
		ARRAY_APPEND(boot->nodes, boot->nr_nodes, boot->room_nodes) = r;
	return v;
}

/* "Faking node 0 at [mem ...]" is numa=fake; "Faking a node at" is a machine without nodes. */
static enum log_verdict faked_node(struct log *log, const char *text)
{
	uint64_t nid;

	if (scan_number(&text, &nid))
		log->boot->nodes_are_fake = true;
	return LOG_SKIP;
}

static enum log_verdict zones(struct log *log, const char *text)
{
	(void)text;
	log->boot->memblock_filled = true;
	return LOG_SKIP;
}

/* A zone that only kernels of one word size have. */
static enum log_verdict zone(struct log *log, const char *text)
{
	if (strstr(text, "[mem") || strstr(text, "empty") || strstr(text, "->"))
		log->boot->bits += log->which;
	if (log->which == 4 && strstr(text, "[mem"))
		log->boot->has_dma32 = true;
	return LOG_SKIP;
}

/* "  DMA      [mem 0x0000000000000000-0x000000003fffffff]": how far devices reach, outside of PCs */
static enum log_verdict dma_zone(struct log *log, const char *p)
{
	struct range range;

	p += strspn(p, " ");
	if (strncmp(p, "[mem", 4) || log_scan_range(log, &p, &range) != LOG_USED || *p)
		return LOG_SKIP;
	log->boot->dma = (struct log_image){ range, log->line };
	return LOG_SKIP;
}

/* "01000000-01e025b0 : Kernel code", from /proc/iomem behind a log */
static enum log_verdict resource(struct log *log, const char *p)
{
	struct log_image *image = &log->boot->resources;
	uint64_t start, last;

	if (log_scan_hex(log, &p, &start) != LOG_USED || *p++ != '-' ||
	    log_scan_hex(log, &p, &last) != LOG_USED || !last || last < start || last == UINT64_MAX)
		return LOG_SKIP;
	if (!image->line)
		*image = (struct log_image){ { start, last + 1 }, log->line };
	if (start < image->range.start)
		image->range.start = start;
	if (last + 1 > image->range.end)
		image->range.end = last + 1;
	return LOG_USED;
}

const char *const log_other_words[] = {
	" : Kernel ", "MB LOWMEM", "MB HIGHMEM", " -> ", "TEXT DATA BSS", NULL,
};

enum log_verdict log_read_other(struct log *log, const char *text)
{
	if (log->boot->slit_left && isdigit((unsigned char)*text) && !strstr(text, " -> "))
		return log_read_distances(log, text);
	if (*text == '#')
		return log_read_early_reservation(log, text);
	if (!isxdigit((unsigned char)*text))
		return LOG_SKIP;
	if (strstr(text, " : Kernel "))
		return resource(log, text);
	if (strstr(text, " -> "))
		return log_read_node_pfns(log, text);
	if (strstr(text, "MB LOWMEM available") || strstr(text, "MB HIGHMEM available"))
		log->boot->bits -= 4;
	return LOG_SKIP;
}

const struct log_key log_common_keys[] = {
	{ "Linux version ", banner, 0, false },
	{ "Command line:", early_cmdline, 0, true },
	{ "Kernel command line:", cmdline, 0, true },
	{ "Memory:", memory, 0, false },
	{ "smpboot: Allowing", allowing_cpus, 0, false },
	{ "SMP: Allowing", allowing_cpus, 0, false },
	{ "CPU topo: Allowing", allowing_cpus, 0, false },
	{ "setup_percpu:", cpu_ids, 0, false },
	{ "rcu:", cpu_ids, 0, false },
	{ "RCU restricting CPUs", cpu_ids, 0, false },
	{ "Dentry cache hash table entries:", hash_table, 0, false },
	{ "Inode-cache hash table entries:", hash_table, 0, false },
	{ "Early memory node ranges", node_ranges, 0, true },
	{ "node ", node_range, 0, false },
	{ "Faking node ", faked_node, 0, false },
	{ "Zone ranges:", zones, 0, false },
	{ "Zone PFN ranges:", zones, 0, false },
	{ "DMA ", dma_zone, 0, false },
	{ "DMA32 ", zone, 4, false },
	{ "HighMem ", zone, -4, false },
	{ "Detected PIPT I-cache on CPU0", log_arch_clue, LAYOUT_ARM64, true },
	{ "Detected VIPT I-cache on CPU0", log_arch_clue, LAYOUT_ARM64, true },
	{ 0 },
};
