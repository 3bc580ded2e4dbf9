// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory blocks and nodes of a boot as a tree of sysfs, for programs that read one: `lsmem --sysroot`.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "report/internal.h"

#define MEMORY "sys/devices/system/memory"
#define NODE "sys/devices/system/node"

/* More would only fill a file system; no kernel has as many. */
#define MAX_BLOCKS (1ULL << 20)

struct tree {
	const struct boot_result *r;
	const char *dir;
	struct error *err;
	uint64_t block_pages;
	struct rangeset online; /* ids of nodes, each a range */
};

static int put(struct tree *t, const char *text, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Writes the file that @fmt names within the tree. */
static int put(struct tree *t, const char *text, const char *fmt, ...)
{
	char name[200], *path;
	va_list args;
	FILE *f;
	int ret = 0;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	path = file_path("%s/%s", t->dir, name);
	f = fopen(path, "we");
	if (!f || fputs(text, f) < 0)
		ret = error_set(t->err, errno, "%s: %s", path, strerror(errno));
	if (f && fclose(f) && !ret)
		ret = error_set(t->err, errno, "%s: %s", path, strerror(errno));
	free(path);
	return ret;
}

static int make_dir(struct tree *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int make_dir(struct tree *t, const char *fmt, ...)
{
	char name[200], *path;
	va_list args;
	int ret;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	path = file_path("%s/%s", t->dir, name);
	ret = file_mkdirs(path, t->err);
	free(path);
	return ret;
}

static int link_to(struct tree *t, const char *target, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int link_to(struct tree *t, const char *target, const char *fmt, ...)
{
	char name[200], *path;
	va_list args;
	int ret = 0;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	path = file_path("%s/%s", t->dir, name);
	if (symlink(target, path) && errno != EEXIST)
		ret = error_set(t->err, errno, "%s: %s", path, strerror(errno));
	free(path);
	return ret;
}

/*
 * The zone that all of a block's memory is in, as early_node_zone_for_memory_block() finds it among
 * those of the node (6.12); "none" if there are several. @spans are the block's memory.
 */
static const char *zone_of(const struct mm *mm, struct range block, const struct mm_span *spans,
			   size_t nr)
{
	const struct mm_zone *found = NULL;

	for (size_t i = 1; i < nr; i++)
		if (spans[i].nid != spans[0].nid)
			return "none";
	for (size_t i = 0; i < mm->nr_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];

		if (z->nid != spans[0].nid || !z->present_pages ||
		    !range_overlaps(z->spanned, block))
			continue;
		if (found)
			return "none";
		found = z;
	}
	return found ? mm_zone_name(found->kind) : "none";
}

/* Block number @nr, on the nodes of @spans[first] to @spans[end - 1]. */
static int put_block(struct tree *t, uint64_t nr, size_t first, size_t end)
{
	const struct mm_span *spans = t->r->mm->spans;
	struct range pfns = { nr * t->block_pages, (nr + 1) * t->block_pages };
	char text[100], target[100];
	int ret = make_dir(t, MEMORY "/memory%" PRIu64, nr);

	snprintf(text, sizeof(text), "%08" PRIx64 "\n", nr);
	if (!ret)
		ret = put(t, text, MEMORY "/memory%" PRIu64 "/phys_index", nr);
	if (!ret)
		ret = put(t, "online\n", MEMORY "/memory%" PRIu64 "/state", nr);
	if (!ret)
		ret = put(t, "1\n", MEMORY "/memory%" PRIu64 "/online", nr);
	if (!ret)
		ret = put(t, "1\n", MEMORY "/memory%" PRIu64 "/removable", nr);
	snprintf(text, sizeof(text), "%s\n", zone_of(t->r->mm, pfns, spans + first, end - first));
	if (!ret)
		ret = put(t, text, MEMORY "/memory%" PRIu64 "/valid_zones", nr);
	for (size_t i = first; !ret && i < end; i++) {
		int nid = spans[i].nid < 0 ? 0 : spans[i].nid;

		snprintf(target, sizeof(target), "../../node/node%d", nid);
		ret = link_to(t, target, MEMORY "/memory%" PRIu64 "/node%d", nr, nid);
		snprintf(target, sizeof(target), "../../memory/memory%" PRIu64, nr);
		if (!ret)
			ret = link_to(t, target, NODE "/node%d/memory%" PRIu64, nid, nr);
	}
	return ret;
}

/* A block is there if memory is in it; blocks are walked with the memory, which is sorted. */
static int put_blocks(struct tree *t)
{
	const struct mm *mm = t->r->mm;
	uint64_t next = 0;
	size_t done = 0;
	int ret = 0;

	for (size_t i = 0; !ret && i < mm->nr_spans; i++) {
		uint64_t nr = mm->spans[i].pfns.start / t->block_pages;
		uint64_t last = (mm->spans[i].pfns.end - 1) / t->block_pages;

		for (nr = nr < next ? next : nr; !ret && nr <= last; nr++) {
			size_t end = i;

			while (end < mm->nr_spans &&
			       mm->spans[end].pfns.start < (nr + 1) * t->block_pages)
				end++;
			ret = put_block(t, nr, i, end);
			if (++done > MAX_BLOCKS)
				return error_set(t->err, E2BIG,
						 "%s: more than %llu memory blocks would be there",
						 t->dir, MAX_BLOCKS);
		}
		next = last + 1;
	}
	return ret;
}

/* "0-1,3": ids of nodes, as in files of sysfs */
static char *list_nodes(const struct rangeset *set)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	for (size_t i = 0; i < set->nr; i++) {
		fprintf(out, "%s%" PRIu64, i ? "," : "", set->v[i].start);
		if (range_size(set->v[i]) > 1)
			fprintf(out, "-%" PRIu64, set->v[i].end - 1);
	}
	putc('\n', out);
	fclose(out);
	return text;
}

static int put_nodes(struct tree *t)
{
	static const char *const files[] = { "online", "possible", "has_memory" };
	const struct mm *mm = t->r->mm;
	char *list, text[100];
	int ret = make_dir(t, NODE);

	for (size_t i = 0; !ret && i < mm->nr_nodes; i++) {
		unsigned int nid = mm->nodes[i].nid < 0 ? 0 : mm->nodes[i].nid;
		uint64_t pages = 0;

		rangeset_add(&t->online, (struct range){ nid, nid + 1 });
		ret = make_dir(t, NODE "/node%u", nid);
		for (size_t z = 0; z < mm->nr_zones; z++)
			if (mm->zones[z].nid == mm->nodes[i].nid)
				pages += mm->zones[z].free_pages;
		snprintf(text, sizeof(text), "Node %u MemFree:        %8" PRIu64 " kB\n", nid,
			 pages << t->r->page_shift >> 10);
		if (!ret)
			ret = put(t, text, NODE "/node%u/meminfo", nid);
	}
	list = list_nodes(&t->online);
	for (size_t i = 0; !ret && i < ARRAY_LEN(files); i++)
		ret = put(t, list, NODE "/%s", files[i]);
	free(list);
	return ret;
}

int report_boot_sysfs(const struct boot_result *r, const char *dir, struct error *err)
{
	struct tree t = { .r = r, .dir = dir, .err = err };
	char *memory = file_path("%s/" MEMORY, dir), text[100];
	int ret = 0;

	if (file_exists(memory))
		ret = error_set(err, EEXIST, "%s: it is there already; give a new directory",
				memory);
	free(memory);
	t.block_pages = r->block_size >> r->page_shift;
	if (!ret)
		ret = make_dir(&t, MEMORY);
	snprintf(text, sizeof(text), "%" PRIx64 "\n", r->block_size);
	if (!ret)
		ret = put(&t, text, MEMORY "/block_size_bytes");
	if (!ret)
		ret = put_nodes(&t);
	if (!ret)
		ret = put_blocks(&t);
	rangeset_release(&t.online);
	return ret;
}
