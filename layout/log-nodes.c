// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which memory a kernel came to use, and on which node, in the words of kernels before
 * "Early memory node ranges", and of those that found nodes without ACPI.
 */
#include <ctype.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

/* More nodes than these have no table of distances in a log. */
#define MAX_SLIT 1024

/* Page frame numbers: decimal until 2.6.30, with 0x since. */
static enum log_verdict scan_pfn(struct log *log, const char **p, uint64_t *pfn)
{
	const char *q = *p + strspn(*p, " ");

	if (q[0] == '0' && q[1] == 'x')
		return log_scan_hex(log, p, pfn);
	if (!scan_number(p, pfn) || (log->cut && !**p))
		return log_bad(log, "there is no page frame number, or not all of it");
	return LOG_USED;
}

static enum log_verdict add_pfns(struct log *log, struct log_pfns row)
{
	struct log_boot *boot = log->boot;

	if (row.end <= row.start)
		return log_bad(log, "the range is empty");
	if (row.nid > LAYOUT_MAX_NODE)
		return log_bad(log, "no machine has as many nodes");
	if (boot->nr_pfns >= LAYOUT_MAX_RANGES)
		return log_bad(log, "there are too many of these");
	row.line = log->line;
	ARRAY_APPEND(boot->pfns, boot->nr_pfns, boot->room_pfns) = row;
	return LOG_USED;
}

/* "early_node_map[4] active PFN ranges": rows without first words follow */
static enum log_verdict node_map(struct log *log, const char *text)
{
	if (!strstr(text, "active PFN ranges"))
		return LOG_SKIP;
	if (log->boot->pfns_are_map)
		log_new_boot(log);
	log->boot->memblock_filled = true;
	log->boot->pfns_are_map = true;
	log->boot->nr_pfns = 0; /* what add_active_range() said is in it */
	return LOG_SKIP;
}

/* "0: 0x00000010 -> 0x0000009d", "0:        0 ->      159" */
enum log_verdict log_read_node_pfns(struct log *log, const char *p)
{
	struct log_pfns row;
	uint64_t nid;

	if (!log->boot->pfns_are_map || !scan_number(&p, &nid) || !scan_word(&p, ":"))
		return LOG_SKIP;
	if (scan_pfn(log, &p, &row.start) != LOG_USED || !scan_word(&p, "->"))
		return LOG_SKIP;
	if (scan_pfn(log, &p, &row.end) != LOG_USED)
		return *p ? LOG_BAD : LOG_MORE;
	row.nid = nid > LAYOUT_MAX_NODE ? LAYOUT_MAX_NODE + 1 : nid;
	return add_pfns(log, row);
}

/* "Entering add_active_range(0, 256, 130752) 1 entries of 256 used" */
static enum log_verdict active_range(struct log *log, const char *p)
{
	struct log_pfns row;
	uint64_t nid;

	if (log->boot->pfns_are_map)
		return LOG_SKIP;
	if (!scan_number(&p, &nid) || !scan_word(&p, ",") ||
	    scan_pfn(log, &p, &row.start) != LOG_USED || !scan_word(&p, ",") ||
	    scan_pfn(log, &p, &row.end) != LOG_USED || !scan_word(&p, ")"))
		return log_bad(log, "there is no node and page frame numbers in brackets");
	if (row.end == row.start)
		return LOG_SKIP;
	row.nid = nid > LAYOUT_MAX_NODE ? LAYOUT_MAX_NODE + 1 : nid;
	return add_pfns(log, row);
}

enum log_verdict log_total(struct log *log, struct range range)
{
	struct layout_range row = { .range = range, .pos.line = log->line };

	if (log->boot->maps[LOG_MAP_TOTAL].nr)
		return LOG_SKIP;
	return log_added(log, log_boot_add_row(log->boot, LOG_MAP_TOTAL, row));
}

/* "Faking a node at [mem 0x0000000000200000-0x00000003ffffffff]", where there are no nodes */
static enum log_verdict one_node(struct log *log, const char *p)
{
	struct range range;
	enum log_verdict v = log_scan_range(log, &p, &range);

	return v == LOG_USED ? log_total(log, range) : v;
}

static enum log_verdict add_span(struct log *log, uint64_t nid, struct range range)
{
	struct log_boot *boot = log->boot;

	/* some kernels print the last byte, others the end */
	if (range.end % 4096 == 4095)
		range.end++;
	if (nid > LAYOUT_MAX_NODE)
		return log_bad(log, "no machine has as many nodes");
	if (boot->nr_spans > LAYOUT_MAX_NODE)
		return log_bad(log, "there are too many of these");
	ARRAY_APPEND(boot->spans, boot->nr_spans, boot->room_spans) =
		(struct layout_node_range){ .range = range, .nid = nid, .pos.line = log->line };
	return LOG_USED;
}

/* "Bootmem setup node 0 0000000000000000-0000000080000000": from where to where it has memory */
static enum log_verdict setup_node(struct log *log, const char *p)
{
	struct range range;
	enum log_verdict v;
	uint64_t nid;

	log->boot->memblock_filled = true;
	if (!scan_number(&p, &nid) || strstr(p, "memoryless"))
		return LOG_SKIP;
	v = log_scan_range(log, &p, &range);
	/* of a node without memory: 0-0, which may or may not be a byte */
	if (v != LOG_USED || range_size(range) < 4096)
		return v == LOG_MORE ? v : LOG_SKIP;
	return add_span(log, nid, range);
}

/* "Node 0 MemBase 0000000000000000 Limit 0000000080000000", of AMD's northbridge */
static enum log_verdict membase(struct log *log, const char *p, uint64_t nid)
{
	struct range range;

	if (log_scan_hex(log, &p, &range.start) != LOG_USED || !scan_word(&p, "Limit") ||
	    log_scan_hex(log, &p, &range.end) != LOG_USED)
		return log_bad(log, "there is no base and limit");
	return range.end > range.start ? add_span(log, nid, range) : LOG_SKIP;
}

/* "Node 0 Memory: 0x0-0x80000000 0x100000000-0x180000000", of ppc64; ends are exclusive */
static enum log_verdict node_memory(struct log *log, const char *p, uint64_t nid)
{
	struct layout_node_range r = { .nid = nid, .pos.line = log->line };
	struct layout_range row = { .type = LAYOUT_RAM, .pos.line = log->line };
	enum log_verdict v = LOG_USED;

	while (v == LOG_USED && p[strspn(p, " ")]) {
		v = log_scan_range(log, &p, &r.range);
		if (v == LOG_USED)
			v = log_added(log, layout_add_node_range(log->boot->l, r));
		row.range = r.range;
		if (v == LOG_USED)
			v = log_added(log, log_boot_add_row(log->boot, LOG_MAP_TOLD, row));
	}
	return v;
}

struct log_node_cpus *log_cpus_of(struct log_cpus *cpus, unsigned int nid)
{
	while (cpus->nr <= nid)
		ARRAY_APPEND(cpus->v, cpus->nr, cpus->room) = (struct log_node_cpus){ 0 };
	return &cpus->v[nid];
}

static enum log_verdict add_cpus(struct log *log, struct log_cpus *to, uint64_t nid, uint64_t cpus)
{
	struct log_node_cpus *node;

	if (nid > LAYOUT_MAX_NODE)
		return log_bad(log, "no machine has as many nodes");
	node = log_cpus_of(to, nid);
	if (cpus > LAYOUT_MAX_CPUS - node->cpus)
		return log_bad(log, "no machine has as many processors");
	if (!node->line)
		node->line = log->line;
	node->cpus += cpus;
	return LOG_USED;
}

/* "Node 0 CPUs: 0-15,32-47", of ppc64 */
static enum log_verdict cpu_list(struct log *log, const char *p, uint64_t nid)
{
	uint64_t first, last, cpus = 0;

	while (scan_number(&p, &first)) {
		last = first;
		if (scan_word(&p, "-") && !scan_number(&p, &last))
			return log_bad(log, "a list of processors is cut off");
		if (last < first || last >= LAYOUT_MAX_CPUS)
			return log_bad(log, "no machine has such processors");
		cpus += last - first + 1;
		if (!scan_word(&p, ","))
			break;
	}
	return add_cpus(log, &log->boot->cpus_told, nid, cpus);
}

static enum log_verdict node(struct log *log, const char *p)
{
	uint64_t nid;

	if (!scan_number(&p, &nid))
		return LOG_SKIP;
	if (nid > LAYOUT_MAX_NODE)
		return log_bad(log, "no machine has as many nodes");
	if (scan_word(&p, "MemBase"))
		return membase(log, p, nid);
	if (scan_word(&p, "Memory:"))
		return node_memory(log, p, nid);
	if (scan_word(&p, "CPUs:"))
		return cpu_list(log, p, nid);
	return LOG_SKIP;
}

/* "SRAT: PXM 0 -> APIC 0x00 -> Node 0", "ACPI: NUMA: SRAT: PXM 1 -> MPIDR 0x0 -> Node 1" */
static enum log_verdict affinity(struct log *log, const char *text)
{
	const char *p = strstr(text, "-> Node ");
	uint64_t nid;

	if (!p)
		return LOG_SKIP;
	p += strlen("-> Node ");
	return scan_number(&p, &nid) ? add_cpus(log, &log->boot->cpus_told, nid, 1) : LOG_SKIP;
}

/* ".... node  #1, CPUs:   #8  #9 #10", of a PC: those that came up, but for the first of all */
static enum log_verdict cpus_up(struct log *log, const char *p)
{
	uint64_t nid, cpu, cpus = 0;

	if (!scan_word(&p, "#") || !scan_number(&p, &nid) || !scan_word(&p, ", CPUs:"))
		return LOG_SKIP;
	while (scan_word(&p, "#") && scan_number(&p, &cpu))
		cpus++;
	return add_cpus(log, &log->boot->cpus_up, nid, cpus);
}

/* "distance[node0 -> node1] = 20", of device trees */
static enum log_verdict distance(struct log *log, const char *p)
{
	struct layout_distance d = { .pos.line = log->line };
	uint64_t from, to, distance;

	if (!scan_word(&p, "node") || !scan_number(&p, &from) || !scan_word(&p, "-> node") ||
	    !scan_number(&p, &to) || !scan_word(&p, "] =") || !scan_number(&p, &distance))
		return LOG_SKIP;
	if (from > LAYOUT_MAX_NODE || to > LAYOUT_MAX_NODE || !distance || distance > 255)
		return log_bad(log, "there are no such nodes or distances");
	d.from = from;
	d.to = to;
	d.distance = distance;
	return log_added(log, layout_add_distance(log->boot->l, d));
}

/* "ACPI: SLIT: nodes = 2": as many rows follow, " 10 20" and " 20 10" */
static enum log_verdict slit(struct log *log, const char *p)
{
	uint64_t nodes;

	if (!scan_number(&p, &nodes) || !nodes || nodes > MAX_SLIT)
		return log_bad(log, "no machine has as many nodes");
	log->boot->slit_nodes = log->boot->slit_left = nodes;
	return LOG_SKIP;
}

enum log_verdict log_read_distances(struct log *log, const char *p)
{
	struct log_boot *boot = log->boot;
	struct layout_distance d = { .from = boot->slit_nodes - boot->slit_left,
				     .pos.line = log->line };
	enum log_verdict v = LOG_USED;
	uint64_t distance;

	boot->slit_left--;
	for (; v == LOG_USED && d.to < (int)boot->slit_nodes; d.to++) {
		if (!scan_number(&p, &distance) || !distance || distance > 255) {
			boot->slit_left = 0;
			return log_bad(log, "there is no distance of nodes where one is expected");
		}
		d.distance = distance;
		v = log_added(log, layout_add_distance(boot->l, d));
	}
	return v;
}

const struct log_key log_nodes_keys[] = {
	{ "early_node_map[", node_map, 0, true },
	{ "Entering add_active_range(", active_range, 0, true },
	{ "memory_register Entering add_active_range(", active_range, 0, true },
	{ "Adding active range (", active_range, 0, true },
	{ "ACPI: SLIT: nodes =", slit, 0, false },
	{ "mminit::memory_register Entering add_active_range(", active_range, 0, true },
	{ "Bootmem setup node", setup_node, 0, false },
	{ "Initmem setup node", setup_node, 0, false },
	{ "Faking a node at", one_node, 0, true },
	{ "NUMA: Faking a node at", one_node, 0, true },
	{ "Node ", node, 0, false },
	{ "numa: Node ", node, 0, false },
	{ "SRAT: PXM", affinity, 0, false },
	{ "ACPI: SRAT: PXM", affinity, 0, false },
	{ "ACPI: NUMA: SRAT: PXM", affinity, 0, false },
	{ ".... node", cpus_up, 0, false },
	{ "NUMA: distance[", distance, 0, false },
	{ "NUMA:  distance[", distance, 0, false },
	{ "OF: NUMA: distance[", distance, 0, false },
	{ "OF: NUMA:  distance[", distance, 0, false },
	{ 0 },
};
