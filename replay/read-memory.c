// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what a log tells of memory besides memblock's calls: the kernel's lines on zones, on memory
 * and on what it frees, and the files zoneinfo and iomem of /proc that may follow.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "layout/message.h"
#include "lib/array.h"
#include "lib/scan.h"
#include "replay/told.h"

enum section {
	NOWHERE,
	RANGES,	 /* behind "Zone ranges:" */
	MOVABLE, /* behind "Movable zone start for each node" */
	NODES,	 /* behind "Early memory node ranges" */
};

struct told_reader {
	struct replay_told *told;
	unsigned int line;
	enum section section;
	bool in_zone; /* lines of zoneinfo's last zone follow */
};

static void copy_name(char name[REPLAY_ZONE_NAME], const char *p)
{
	size_t n = strcspn(p, " \t");

	n = n < REPLAY_ZONE_NAME ? n : REPLAY_ZONE_NAME - 1;
	memcpy(name, p, n);
	name[n] = '\0';
}

/* "[mem 0xa-0xb]", b inclusive */
static bool scan_mem(const char **p, struct range *r)
{
	const char *at = *p;

	if (!scan_word(&at, "[mem") || !scan_hex(&at, &r->start) || !scan_word(&at, "-") ||
	    !scan_hex(&at, &r->end) || !scan_word(&at, "]"))
		return false;
	r->end += r->end != UINT64_MAX;
	*p = at;
	return true;
}

/* "  DMA32    [mem 0xa-0xb]", "  Device   empty" */
static bool read_zone_range(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct replay_told_range row = { .line = r->line };
	const char *p = text + strspn(text, " \t");

	copy_name(row.name, p);
	p += strcspn(p, " \t");
	if (!isupper((unsigned char)*row.name) ||
	    (!scan_mem(&p, &row.range) && !scan_word(&p, "empty")))
		return false;
	ARRAY_APPEND(t->ranges, t->nr_ranges, t->room_ranges) = row;
	return true;
}

/* "  Node 0: 0xa" */
static bool read_movable(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct replay_told_node row = { .line = r->line, .range.end = UINT64_MAX };
	const char *p = text;

	if (!scan_word(&p, "Node") || !scan_signed(&p, &row.nid) || !scan_word(&p, ":") ||
	    !scan_hex(&p, &row.range.start))
		return false;
	ARRAY_APPEND(t->movable, t->nr_movable, t->room_movable) = row;
	return true;
}

/* "  node   0: [mem 0xa-0xb]" */
static bool read_node(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct replay_told_node row = { .line = r->line };
	const char *p = text;

	if (!scan_word(&p, "node") || !scan_signed(&p, &row.nid) || !scan_word(&p, ":") ||
	    !scan_mem(&p, &row.range))
		return false;
	ARRAY_APPEND(t->nodes, t->nr_nodes, t->room_nodes) = row;
	return true;
}

/* Lines of free_area_init(), which memblock's messages come between. */
static bool read_zone_lines(struct told_reader *r, const char *text)
{
	const char *p = text;

	if (scan_word(&p, "Zone ranges:") || scan_word(&p, "Movable zone start for each node") ||
	    scan_word(&p, "Early memory node ranges")) {
		r->section = *text == 'Z' ? RANGES : *text == 'M' ? MOVABLE : NODES;
		return true;
	}
	if (r->section == RANGES && read_zone_range(r, text))
		return true;
	if (r->section == MOVABLE && read_movable(r, text))
		return true;
	if (r->section == NODES && read_node(r, text))
		return true;
	if (strncmp(text, "memblock", 8))
		r->section = NOWHERE;
	return false;
}

/* The number in front of @word, "12K reserved"; false if it is not there. */
static bool find_kib(const char *text, const char *word, uint64_t *kib)
{
	const char *at = strstr(text, word), *p = at;

	if (!at)
		return false;
	while (p > text && !isdigit((unsigned char)p[-1]))
		p--;
	if (at - p > 2 || p == text)
		return false;
	while (p > text && isdigit((unsigned char)p[-1]))
		p--;
	return scan_number(&p, kib);
}

static bool read_memory(struct told_reader *r, const char *text)
{
	struct replay_told_memory m = { .line = r->line };
	uint64_t absent = 0;
	const char *p = text;

	if (!scan_word(&p, "Memory:") || !scan_number(&p, &m.available))
		return false;
	p += *p == 'K' || *p == 'k';
	if (!scan_word(&p, "/") || !scan_number(&p, &m.total) || !strstr(p, " available"))
		return false;
	m.has_reserved = find_kib(p, " reserved", &m.reserved);
	m.has_cma = find_kib(p, " cma-reserved", &m.cma);
	/* up to 3.x the total was the end of memory */
	find_kib(p, " absent", &absent);
	m.present = m.total - (absent < m.total ? absent : 0);
	if (!r->told->memory.line)
		r->told->memory = m;
	return true;
}

/* "Freeing initrd memory: 12K", "efi: Freeing EFI boot services memory: 45788K" */
static bool read_freed(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	const char *what = strstr(text, "Freeing "), *end, *p;
	struct replay_told_freed f = { .line = r->line };

	end = what ? strstr(what, " memory: ") : NULL;
	if (!end || what - text > 16 || (what > text && what[-1] != ' ') ||
	    (what > text + 1 && what[-2] != ':'))
		return false;
	what += strlen("Freeing ");
	p = end + strlen(" memory: ");
	if (end <= what || !scan_number(&p, &f.size) || (*p != 'K' && *p != 'k') ||
	    f.size > UINT64_MAX >> 10)
		return false;
	f.size <<= 10;
	f.what = array_resize(NULL, end - what + 1, 1);
	memcpy(f.what, what, end - what);
	f.what[end - what] = '\0';
	ARRAY_APPEND(t->freed, t->nr_freed, t->room_freed) = f;
	return true;
}

/* "node 0 deferred pages initialised in 28ms", "node 0 initialised, 42 pages in 28ms" */
static bool read_deferred(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	const char *p = text;
	int nid;

	if (!scan_word(&p, "node") || !scan_signed(&p, &nid) ||
	    (!scan_word(&p, "deferred pages initialised") && !scan_word(&p, "initialised,")))
		return false;
	ARRAY_APPEND(t->deferred, t->nr_deferred, t->room_deferred) = nid;
	t->deferred_line = r->line;
	return true;
}

/* "On node 0, zone DMA: 97 pages in unavailable ranges", since 5.12 */
static bool read_holes(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct replay_told_holes row = { .line = r->line };
	const char *p = text;

	if (!scan_word(&p, "On node") || !scan_signed(&p, &row.nid) || !scan_word(&p, ", zone"))
		return false;
	p += strspn(p, " \t");
	copy_name(row.name, p);
	row.name[strcspn(row.name, ":")] = '\0';
	p += strcspn(p, " \t");
	if (!scan_number(&p, &row.pages) || !scan_word(&p, "pages in unavailable ranges"))
		return false;
	for (size_t i = 0; i < t->nr_holes; i++)
		if (t->holes[i].nid == row.nid && !strcmp(t->holes[i].name, row.name)) {
			t->holes[i].pages += row.pages;
			return true;
		}
	ARRAY_APPEND(t->holes, t->nr_holes, t->room_holes) = row;
	return true;
}

/*
 * "cma: Reserved 64 MiB at 0xa on node -1", "cma: CMA: reserved 16 MiB at 2c000000",
 * "Reserved memory: created CMA memory pool at 0xa, size 64 MiB"
 */
static bool read_cma(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct replay_told_cma c = { .line = r->line, .range.start = UINT64_MAX };
	const char *p = text, *tree = strstr(text, "created CMA memory pool at");

	if (tree) {
		p = tree + strlen("created CMA memory pool at");
		if (!scan_hex(&p, &c.range.start) || !scan_word(&p, ", size") ||
		    !scan_number(&p, &c.size) || !scan_word(&p, "MiB"))
			return false;
	} else {
		if (!scan_word(&p, "cma:"))
			return false;
		scan_word(&p, "CMA:");
		if ((!scan_word(&p, "Reserved") && !scan_word(&p, "reserved")) ||
		    !scan_number(&p, &c.size) || !scan_word(&p, "MiB"))
			return false;
		if (scan_word(&p, "at"))
			scan_hex(&p, &c.range.start);
	}
	if (c.size > UINT64_MAX >> 20)
		return false;
	c.size <<= 20;
	c.range.end = c.range.start < UINT64_MAX - c.size ? c.range.start + c.size : UINT64_MAX;
	ARRAY_APPEND(t->cma, t->nr_cma, t->room_cma) = c;
	return true;
}

/* "RAMDISK: [mem 0xa-0xb]"; if it has to be moved, "Allocated new RAMDISK: [mem 0xa-0xb]" */
static bool read_ramdisk(struct told_reader *r, const char *text)
{
	const char *p = text;
	struct range where;

	if (!scan_word(&p, "Allocated new RAMDISK:") && !scan_word(&p, "RAMDISK:"))
		return false;
	if (!scan_mem(&p, &where) || range_is_empty(where))
		return false;
	r->told->ramdisk = where;
	r->told->ramdisk_line = r->line;
	return true;
}

static bool read_slub(struct told_reader *r, const char *text)
{
	if (strncmp(text, "SLUB: ", 6))
		return false;
	if (!r->told->slub_line)
		r->told->slub_line = r->line;
	return true;
}

/* "Node 0, zone    DMA32", and what is said of it in the lines that follow */
static bool read_zoneinfo(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct replay_told_zone z = { .line = r->line }, *last;
	const char *p = text;

	if (scan_word(&p, "Node") && scan_signed(&p, &z.nid) && scan_word(&p, ", zone")) {
		p += strspn(p, " \t");
		copy_name(z.name, p);
		p += strcspn(p, " \t");
		r->in_zone = scan_ended(p) && *z.name;
		for (size_t i = 0; i < t->nr_zones; i++) /* shown more than once: as at first */
			if (t->zones[i].nid == z.nid && !strcmp(t->zones[i].name, z.name))
				r->in_zone = false;
		if (r->in_zone)
			ARRAY_APPEND(t->zones, t->nr_zones, t->room_zones) = z;
		return true;
	}
	last = t->nr_zones ? &t->zones[t->nr_zones - 1] : NULL;
	p = text;
	if (!r->in_zone || (*p != ' ' && *p != '\t'))
		return false;
	if (scan_word(&p, "spanned"))
		return scan_number(&p, &last->spanned);
	if (scan_word(&p, "present"))
		return scan_number(&p, &last->present);
	if (scan_word(&p, "managed"))
		return last->has_managed = scan_number(&p, &last->managed);
	return false;
}

/* "00100000-7ffdefff : System RAM" */
static bool read_iomem(struct told_reader *r, const char *text)
{
	struct replay_told *t = r->told;
	struct range ram;
	const char *p = text;

	if (!isxdigit((unsigned char)*p) || !scan_hex(&p, &ram.start) || !scan_word(&p, "-") ||
	    !scan_hex(&p, &ram.end) || !scan_word(&p, ":") || !scan_word(&p, "System RAM") ||
	    ram.end == 0)
		return false;
	ram.end += ram.end != UINT64_MAX;
	ARRAY_APPEND(t->ram, t->nr_ram, t->room_ram) = (struct replay_told_ram){ r->line, ram };
	return true;
}

/* Files are shown without what is before the kernel's messages. */
static bool read_file(struct told_reader *r, const char *line, size_t len)
{
	char text[128];
	size_t n = len < sizeof(text) ? len : sizeof(text) - 1;

	memcpy(text, line, n);
	text[n] = '\0';
	text[strcspn(text, "\r")] = '\0';
	return read_zoneinfo(r, text) || read_iomem(r, text);
}

static void read_message(struct told_reader *r, const char *text)
{
	bool used = read_zone_lines(r, text);

	text += strspn(text, " \t");
	used = used || read_memory(r, text) || read_slub(r, text) || read_freed(r, text) ||
	       read_deferred(r, text) || read_cma(r, text) || read_ramdisk(r, text) ||
	       read_holes(r, text);
	if (used)
		r->told->last_line = r->line;
}

void replay_told_read(struct replay_told *told, const char *text, size_t len, unsigned int line)
{
	struct told_reader r = { .told = told, .line = line };
	struct layout_messages *m = array_resize(NULL, 1, sizeof(*m));
	const char *end = text + len;

	for (; text < end; r.line++) {
		const char *eol = memchr(text, '\n', end - text);
		size_t n = (eol ? eol : end) - text;

		if (n && !read_file(&r, text, n))
			for (char *p = layout_message_first(m, text, n); p;
			     p = layout_message_next(m))
				read_message(&r, p);
		text += n + 1;
	}
	free(m);
}

void replay_told_release(struct replay_told *told)
{
	for (size_t i = 0; i < told->nr_freed; i++)
		free(told->freed[i].what);
	free(told->freed);
	free(told->ranges);
	free(told->nodes);
	free(told->movable);
	free(told->zones);
	free(told->cma);
	free(told->holes);
	free(told->deferred);
	free(told->ram);
	*told = (struct replay_told){ 0 };
}
