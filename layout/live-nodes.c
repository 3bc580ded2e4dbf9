// SPDX-License-Identifier: GPL-2.0-or-later
/* Nodes and memory blocks of a running machine, as /sys/devices/system has them for everybody. */
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"

#define NODES "/sys/devices/system/node"
#define BLOCKS "/sys/devices/system/memory"

struct numbers {
	unsigned long *v;
	size_t nr, room;
};

static int compare_numbers(const void *a, const void *b)
{
	const unsigned long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The N of all "@prefixN" in a directory, sorted. */
static void list_numbers(const struct live *live, const char *name, const char *prefix,
			 struct numbers *numbers)
{
	char *path = file_path("%s%s", live->root, name);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	size_t len = strlen(prefix);

	while (dir && (entry = readdir(dir))) {
		const char *digits = entry->d_name + len;

		if (strncmp(entry->d_name, prefix, len) || !isdigit((unsigned char)*digits) ||
		    digits[strspn(digits, "0123456789")] || strlen(digits) > 9)
			continue;
		ARRAY_APPEND(numbers->v, numbers->nr, numbers->room) = strtoul(digits, NULL, 10);
	}
	if (dir)
		closedir(dir);
	free(path);
	if (numbers->nr)
		qsort(numbers->v, numbers->nr, sizeof(*numbers->v), compare_numbers);
}

/* Bytes in a memory block; 0: not known. */
static uint64_t block_size(const struct live *live)
{
	char *text = live_read(live, BLOCKS "/block_size_bytes");
	const char *p = text;
	uint64_t size = 0;

	if (text && (!text_hex(&p, &size) || size > 1ULL << 40))
		size = 0;
	free(text);
	return size;
}

/* Blocks that follow each other as one range. */
static void each_range(const struct numbers *blocks, uint64_t size, struct live *live, int nid,
		       const char *place,
		       void (*take)(struct live *, int, struct range, const char *))
{
	for (size_t i = 0, next; i < blocks->nr; i = next) {
		next = i + 1;
		while (next < blocks->nr && blocks->v[next] == blocks->v[next - 1] + 1)
			next++;
		take(live, nid,
		     (struct range){ blocks->v[i] * size, (blocks->v[next - 1] + 1) * size },
		     place);
	}
}

static void take_node_range(struct live *live, int nid, struct range range, const char *place)
{
	layout_add_node_range(live->l, (struct layout_node_range){
					       .range = range, .nid = nid, .pos.file = place });
}

static void read_node(struct live *live, const struct numbers *nodes, unsigned int nid)
{
	const char *place = layout_place(live->l, "%s" NODES "/node%u", live->root, nid);
	char *name = file_path(NODES "/node%u", nid), *text, *p, *end;
	uint64_t size = block_size(live);
	struct numbers blocks = { 0 };

	list_numbers(live, name, "memory", &blocks);
	if (size)
		each_range(&blocks, size, live, nid, place, take_node_range);
	free(blocks.v);
	free(name);

	name = file_path(NODES "/node%u/cpulist", nid);
	text = live_read(live, name);
	if (text)
		layout_add_node_cpus(live->l, (struct layout_node_cpus){ .nid = nid,
									 .cpus = live_count(text),
									 .pos.file = place });
	free(text);
	free(name);

	/* a number for each node that is online, in their order */
	name = file_path(NODES "/node%u/distance", nid);
	text = p = live_read(live, name);
	for (size_t i = 0; p && i < nodes->nr; i++, p = end) {
		unsigned long distance = strtoul(p, &end, 10);

		if (end == p || distance > 255)
			break;
		layout_add_distance(live->l, (struct layout_distance){ .from = nid,
								       .to = nodes->v[i],
								       .distance = distance,
								       .pos.file = place });
	}
	free(text);
	free(name);
}

void live_read_nodes(struct live *live)
{
	struct numbers nodes = { 0 };

	list_numbers(live, NODES, "node", &nodes);
	/* a single node is all of the machine, which goes without saying */
	for (size_t i = 0; nodes.nr > 1 && i < nodes.nr; i++)
		if (nodes.v[i] <= LAYOUT_MAX_NODE && nodes.nr <= 1024)
			read_node(live, &nodes, nodes.v[i]);
	if (nodes.nr > 1)
		layout_note(live->l, 0,
			    "nodes are from %s" NODES
			    ": whole memory blocks, and the ranges for memory "
			    "to be plugged in are not among them",
			    live->root);
	free(nodes.v);
}

static void take_ram(struct live *live, int nid, struct range range, const char *place)
{
	(void)nid;
	layout_add_range(live->l, (struct layout_range){
					  .range = range, .type = LAYOUT_RAM, .pos.file = place });
}

void live_read_blocks(struct live *live)
{
	struct numbers blocks = { 0 }, online = { 0 };
	uint64_t size = block_size(live);

	list_numbers(live, BLOCKS, "memory", &blocks);
	for (size_t i = 0; size && i < blocks.nr; i++) {
		char *name = file_path(BLOCKS "/memory%lu/state", blocks.v[i]);
		char *state = live_read(live, name);

		if (!state || strcmp(state, "offline"))
			ARRAY_APPEND(online.v, online.nr, online.room) = blocks.v[i];
		free(state);
		free(name);
	}
	if (online.nr) {
		each_range(&online, size, live, LAYOUT_NO_NODE,
			   layout_place(live->l, "%s" BLOCKS, live->root), take_ram);
		layout_note(live->l, 0,
			    "RAM is from %s" BLOCKS
			    ", where it is rounded to memory blocks of %" PRIu64
			    " MiB: call mbsim with sudo, and it reads the map of the firmware",
			    live->root, size >> 20);
	}
	free(blocks.v);
	free(online.v);
}
