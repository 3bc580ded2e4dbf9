// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the page allocator gets after the hand-over. The kernel prints a size and no address, so
 * that is looked for: the initrd is where a line has it, what EFI's boot services had is what was
 * reserved for them, parts of the kernel's image are in the zone that the image is in.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/late.h"

static struct range in_pages(const struct late *h, struct range r)
{
	const unsigned int shift = h->h->boot.page_shift;
	const uint64_t mask = (1ULL << shift) - 1;

	return (struct range){ (r.start >> shift) + ((r.start & mask) > 0), r.end >> shift };
}

/* The zone that all pages in @pfns are in that have one; false if there are several, or none. */
static bool find_zone(const struct late *h, struct range pfns, struct replay_freed *f)
{
	struct mm *mm = h->h->boot.mm;
	bool found = false;

	while (pfns.start < pfns.end) {
		struct mm_page page = mm_page_of(mm, pfns.start);

		pfns.start = page.run.end;
		if (page.nid < 0 || page.state == MM_PAGE_HOLE)
			continue;
		if (found && (page.nid != f->nid || page.kind != f->kind))
			return false;
		found = true;
		f->nid = page.nid;
		f->kind = page.kind;
	}
	return found;
}

/* All of it is memory that is reserved. */
static bool is_reserved(const struct late *h, struct range pfns)
{
	struct mm *mm = h->h->boot.mm;

	while (pfns.start < pfns.end) {
		struct mm_page page = mm_page_of(mm, pfns.start);

		if (page.state != MM_PAGE_RESERVED && page.state != MM_PAGE_NOINIT)
			return false;
		pfns.start = page.run.end;
	}
	return true;
}

static struct replay_freed *add_freed(struct late *h, unsigned int line, const char *what)
{
	struct replay_handover *r = h->h;

	ARRAY_APPEND(r->freed, r->nr_freed, r->room_freed) = (struct replay_freed){
		.line = line,
		.what = array_strdup(what),
		.nid = -1,
	};
	return &r->freed[r->nr_freed - 1];
}

/* Frees these very pages, which may be of several zones. */
static void free_range(struct late *h, struct range pfns)
{
	mm_free_reserved(h->h->boot.mm, pfns);
}

/* By whom memblock was told, without the offset in the function. */
static bool is_caller(const char *caller, const char *function)
{
	size_t n = strlen(function);

	return !strncmp(caller, function, n) && (!caller[n] || strchr("+.", caller[n]));
}

/* Where the initrd was at last: freed from memblock as well, moved, or where it was loaded. */
static struct range find_initrd(const struct late *h, unsigned int *line)
{
	const struct replay_log *log = h->p->log;
	const struct replay_told *t = &h->h->told;
	const struct layout *l = h->layout;

	for (size_t i = 0; i < log->nr; i++)
		if (log->v[i].kind == REPLAY_FREE &&
		    is_caller(log->v[i].caller, "free_initrd_mem")) {
			*line = log->v[i].line;
			return log->v[i].range;
		}
	*line = t->ramdisk_line;
	if (t->ramdisk_line)
		return t->ramdisk;
	for (size_t i = 0; i < l->nr_reservations; i++)
		if (l->reservations[i].kind == LAYOUT_INITRD) {
			*line = l->reservations[i].pos.line;
			return l->reservations[i].range;
		}
	return (struct range){ 0 };
}

static bool take_initrd(struct late *h, struct replay_freed *f)
{
	const uint64_t page = late_page_size(h);
	unsigned int line = 0;
	struct range where = find_initrd(h, &line), pfns;

	if (range_is_empty(where))
		return false;
	pfns.start = (where.start + page - 1) / page;
	pfns.end = pfns.start + f->pages;
	/* some kernels free the page that it ends in, some do not */
	if (pfns.end > (where.end + page - 1) / page || !is_reserved(h, pfns))
		return false;
	f->how = line ? array_format("the initrd is where line %u has it", line)
		      : array_strdup("the initrd is where the layout has it");
	f->range = (struct range){ pfns.start * page, pfns.end * page };
	f->placed = find_zone(h, pfns, f);
	free_range(h, pfns);
	return true;
}

/*
 * efi_free_boot_services() frees what efi_reserve_boot_services() was the first to reserve, but
 * what is no RAM, and not below 1 MiB.
 */
static bool take_boot_services(struct late *h, struct replay_freed *f)
{
	const struct replay_log *log = h->p->log;
	struct rangeset set = { 0 };
	unsigned int line = 0;
	bool good;

	for (size_t i = 0; i < log->nr; i++) {
		const struct replay_event *e = &log->v[i];
		struct range r = e->range, pfns;

		if (e->kind != REPLAY_RESERVE || !is_caller(e->caller, "efi_reserve_boot_services"))
			continue;
		r.start = r.start < 1 << 20 ? 1 << 20 : r.start;
		pfns = in_pages(h, r);
		if (range_is_empty(pfns) || !is_reserved(h, pfns))
			continue;
		line = line ? line : e->line;
		rangeset_add(&set, pfns);
	}
	good = set.nr && rangeset_size(&set) == f->pages;
	if (good) {
		f->how = array_format("reserved for boot services, in %zu pieces, from line %u on",
				      set.nr, line);
		f->placed =
			find_zone(h, (struct range){ set.v[0].start, set.v[set.nr - 1].end }, f);
		f->range = (struct range){ set.v[0].start << h->h->boot.page_shift,
					   set.v[set.nr - 1].end << h->h->boot.page_shift };
	}
	for (size_t i = 0; good && i < set.nr; i++)
		free_range(h, set.v[i]);
	rangeset_release(&set);
	return good;
}

/* Known by size: added to the zone's managed pages, without pages of the map. */
static bool take_size(struct late *h, struct replay_freed *f, struct range pfns)
{
	if (!find_zone(h, pfns, f))
		return false;
	f->placed = true;
	h->sized_pages += f->pages;
	return true;
}

static bool take_image(struct late *h, struct replay_freed *f)
{
	const struct layout *l = h->layout;

	for (size_t i = 0; i < l->nr_reservations; i++) {
		const struct layout_reservation *k = &l->reservations[i];

		if (k->kind != LAYOUT_KERNEL || f->pages > range_size(in_pages(h, k->range)) ||
		    !take_size(h, f, in_pages(h, k->range)))
			continue;
		f->how = array_format("in the kernel's image at 0x%" PRIx64 "-0x%" PRIx64
				      ", which is in one zone",
				      k->range.start, k->range.end - 1);
		return true;
	}
	return false;
}

static bool take_only_zone(struct late *h, struct replay_freed *f)
{
	const struct mm *mm = h->h->boot.mm;

	if (mm->nr_zones != 1 || !take_size(h, f, mm->zones[0].spanned))
		return false;
	f->how = array_strdup("there is only one zone");
	return true;
}

static const struct {
	const char *what; /* it begins with this */
	bool whole;	  /* and that is all of it */
	bool (*take)(struct late *h, struct replay_freed *f);
} places[] = {
	{ "initrd", false, take_initrd },
	{ "EFI boot services", false, take_boot_services },
	{ "unused kernel", false, take_image },
	{ "unused decrypted", false, take_image },
	{ "SMP alternatives", false, take_image },
	{ "init", true, take_image },
};

static bool is_prefix(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

void late_take_freed(struct late *h, const struct replay_told_freed *told)
{
	struct replay_freed *f = add_freed(h, told->line, told->what);

	mm_settle(h->h->boot.mm);
	f->pages = told->size / late_page_size(h);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if ((places[i].whole ? !strcmp(told->what, places[i].what)
				     : is_prefix(told->what, places[i].what)) &&
		    places[i].take(h, f))
			return;
	if (take_only_zone(h, f))
		return;
	h->sized_pages += f->pages;
	f->how = array_strdup("no line tells where it was, or it was in several zones");
}

void late_note_free_late(struct late *h, const struct replay_event *e, struct range range)
{
	struct replay_freed *f = add_freed(h, e->line, *e->caller ? e->caller : e->function);
	struct range pfns = in_pages(h, range);
	struct mm *mm = h->h->boot.mm;
	const struct mm_node *node = NULL;

	mm_settle(mm);
	f->range = range;
	f->pages = range_size(pfns);
	f->how = array_strdup("the line has its address");
	f->placed = find_zone(h, pfns, f);
	for (size_t i = 0; f->placed && i < mm->nr_nodes; i++)
		if (mm->nodes[i].nid == f->nid)
			node = &mm->nodes[i];
	f->dropped = mm->rules.deferred && node && pfns.start >= node->first_deferred_pfn;
}

void late_free_pages(struct late *h, struct range range)
{
	free_range(h, in_pages(h, range));
}

/* cma_init_reserved_areas(), after everything else that matters here */
static void take_cma(struct late *h)
{
	const struct replay_told *t = &h->h->told;

	for (size_t i = 0; i < t->nr_cma; i++) {
		struct replay_freed *f = add_freed(h, t->cma[i].line, "CMA");
		struct range pfns = in_pages(h, t->cma[i].range);

		f->pages = t->cma[i].size / late_page_size(h);
		if (t->cma[i].range.start == UINT64_MAX || !is_reserved(h, pfns)) {
			h->sized_pages += f->pages;
			f->how = array_strdup("no line tells where it is");
			continue;
		}
		f->range = t->cma[i].range;
		f->how = array_strdup("the line has its address");
		f->placed = find_zone(h, pfns, f);
		free_range(h, pfns);
	}
}

/* Pages larger than the page allocator has are managed without being free. */
static void take_gigantic(struct late *h)
{
	const struct replay_result *r = h->p->r;

	for (size_t i = 0; i < r->nr_owners; i++) {
		const struct replay_owner *o = &r->owners[i];
		struct replay_freed *f;

		if (o->freed || !strstr(o->caller, "alloc_bootmem_huge_page"))
			continue;
		f = add_freed(h, o->line, "gigantic page");
		f->range = o->range;
		f->pages = range_size(in_pages(h, o->range));
		f->how = array_strdup("it was allocated there");
		h->sized_pages += f->pages;
		f->placed = find_zone(h, in_pages(h, o->range), f);
	}
}

void late_take_rest(struct late *h)
{
	mm_settle(h->h->boot.mm);
	take_cma(h);
	take_gigantic(h);
	mm_settle(h->h->boot.mm);
}
