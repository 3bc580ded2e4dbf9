// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memmap=... in all its forms, and mem=...: the machine is booted without and with it, and what
 * differs is told; what is in the places that it names comes from the boot without.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/option.h"
#include "lib/array.h"
#include "lib/rangeset.h"
#include "lib/size.h"

#define NEXT_STEP (2ULL << 20)

static const char *const names[] = { "memmap", "mem", NULL };

static const struct explain_column columns[] = {
	{ "what", "WHAT", EXPLAIN_TEXT },
	EXPLAIN_RANGE_COLUMNS,
	{ "was", "WAS", EXPLAIN_TEXT },
};

/* A place that an option names. */
struct named {
	struct range range;
	char kind; /* of memmap=SIZE$START: '$' */
	const char *word;
};

struct named_list {
	struct named *v;
	size_t nr, room;
	char *copy; /* of the words */
};

static void add_named(struct named_list *l, char *part)
{
	const char *end;
	uint64_t size, start;

	if (size_parse(part, &end, &size) || !*end || !strchr("@$#!%", *end))
		return;
	if (size_parse(end + 1, &(const char *){ NULL }, &start) || start + size < start)
		return;
	ARRAY_APPEND(l->v, l->nr, l->room) = (struct named){ { start, start + size }, *end, part };
}

/* The boot has refused what cannot be understood. */
static void list_named(const struct explain *x, struct named_list *l)
{
	char *word, *next_word, *part, *next;

	*l = (struct named_list){ .copy = explain_join_words(x) };
	for (next_word = l->copy; (word = strsep(&next_word, " "));) {
		if (strncmp(word, "memmap=", 7))
			continue;
		for (next = word + 7; (part = strsep(&next, ","));)
			add_named(l, part);
	}
}

static void add_changes(struct explain_table *t, const char *what, const struct rangeset *from,
			const struct rangeset *without, const struct boot_result *was)
{
	struct rangeset rest = { 0 };

	for (size_t i = 0; i < from->nr; i++)
		rangeset_add(&rest, from->v[i]);
	for (size_t i = 0; i < without->nr; i++)
		rangeset_remove(&rest, without->v[i]);
	for (size_t i = 0; i < rest.nr; i++) {
		explain_cell_word(t, what);
		explain_cell_range(t, rest.v[i]);
		explain_cell_word(t, range_overlaps(rest.v[i], was->image) ? "the kernel, in part"
				     : range_overlaps(rest.v[i], was->initrd)
					     ? "the initrd, in part"
					     : "");
	}
	rangeset_release(&rest);
}

static void tell_changes(struct explain_answer *a, const struct boot_result *before,
			 const struct rangeset *had, const struct rangeset *has)
{
	struct explain_table *t = explain_table(a, "changes", columns, ARRAY_LEN(columns),
						"What is RAM to the kernel without the option or "
						"with it, but not both:");

	add_changes(t, "lost", had, has, before);
	add_changes(t, "gained", has, had, before);
}

static uint64_t handed_over(const struct boot_result *r)
{
	return r->finished && r->mm ? rangeset_size(&r->mm->freed) << r->page_shift : 0;
}

/* @had and @has: bytes of RAM. */
static void tell_cost(struct explain_answer *a, const struct boot_result *before,
		      const struct boot_result *after, uint64_t had, uint64_t has)
{
	int64_t cost = (int64_t)(handed_over(before) - handed_over(after));
	char now[SIZE_TEXT_MAX], then[SIZE_TEXT_MAX], less[SIZE_TEXT_MAX];

	explain_fact(a, "memory_without", EXPLAIN_BYTES, had);
	explain_fact(a, "memory", EXPLAIN_BYTES, has);
	if (had == has)
		explain_say(a, "It changes no memory: %s as without it.", size_format(has, now));
	else
		explain_say(a, "The kernel has %s of RAM, %s without it: %s %s.",
			    size_format(has, now), size_format(had, then),
			    size_format(had > has ? had - has : has - had, less),
			    had > has ? "are lost" : "are gained");
	if (!after->finished || !before->finished)
		return;
	explain_fact(a, "cost", EXPLAIN_CHANGE, (uint64_t)cost);
	explain_say(a, "The page allocator gets %" PRId64 " KiB %s.",
		    (cost < 0 ? -cost : cost) >> 10, cost < 0 ? "more" : "less");
}

/* Something that cannot be moved away; NULL: nothing. */
static const char *fixed_in(const struct explain *x, const struct boot_result *r,
			    struct range place)
{
	if (range_overlaps(place, r->image))
		return "the kernel";
	if (range_overlaps(place, r->initrd))
		return "the initrd";
	if (place.start < 1ULL << 20)
		return "the first MiB";
	for (size_t i = 0; i < x->layout->nr_reservations; i++) {
		const struct layout_reservation *v = &x->layout->reservations[i];

		if (v->kind != LAYOUT_CRASH && v->kind != LAYOUT_CMA && v->kind != LAYOUT_KERNEL &&
		    v->kind != LAYOUT_INITRD && range_overlaps(v->range, place))
			return v->name;
	}
	return NULL;
}

static bool is_free(const struct explain *x, const struct boot_result *r,
		    const struct rangeset *ram, const struct named_list *l, const struct named *n,
		    struct range place)
{
	size_t i = rangeset_after(ram, place.start);

	if (i == ram->nr || ram->v[i].start > place.start || ram->v[i].end < place.end)
		return false;
	for (size_t k = 0; k < l->nr; k++)
		if (&l->v[k] != n && range_overlaps(l->v[k].range, place))
			return false;
	return !fixed_in(x, r, place);
}

/* The first multiple of 2 MiB from where it was wanted that is RAM and nobody's. */
static void tell_next(const struct explain *x, struct explain_answer *a,
		      const struct boot_result *r, const struct named_list *l,
		      const struct named *n)
{
	uint64_t size = range_size(n->range);
	struct rangeset ram;
	uint64_t at, next = 0;

	explain_list_ram(r, &ram);
	for (size_t i = 0; !next && i < ram.nr; i++) {
		at = ram.v[i].start > n->range.start ? ram.v[i].start : n->range.start;
		for (at = range_align_up(at, NEXT_STEP);
		     !next && at < ram.v[i].end && size <= ram.v[i].end - at; at += NEXT_STEP)
			if (is_free(x, r, &ram, l, n, (struct range){ at, at + size }))
				next = at;
	}
	rangeset_release(&ram);
	if (next)
		explain_say(a, "The next address that works for %s is %#" PRIx64 ".", n->word,
			    next);
	else
		explain_say(a, "No address behind it works for %s.", n->word);
	if (next)
		explain_fact(a, "next_address", EXPLAIN_ADDRESS, next);
}

static bool tell_image(struct explain_answer *a, const struct named *n, const struct boot_result *r,
		       bool x86)
{
	if (!range_overlaps(n->range, r->image) || n->kind == '@')
		return false;
	explain_say(a, "%s collides with the kernel's image, %#" PRIx64 "-%#" PRIx64 "%s", n->word,
		    r->image.start, r->image.end - 1,
		    x86 ? ": the kernel makes all of that RAM again, and the option is without "
			  "effect there."
			: ".");
	return true;
}

static bool tell_initrd(struct explain_answer *a, const struct named *n,
			const struct boot_result *before, const struct boot_result *after)
{
	if (!range_overlaps(n->range, before->initrd) || n->kind == '@')
		return false;
	explain_say(a, "%s collides with the initrd, %#" PRIx64 "-%#" PRIx64 ".", n->word,
		    before->initrd.start, before->initrd.end - 1);
	if (!explain_quote(a, after, "Allocated new RAMDISK"))
		explain_quote(a, after, "RAMDISK");
	return true;
}

static bool tell_others(const struct explain *x, struct explain_answer *a,
			const struct named_list *l, const struct named *n)
{
	bool any = false;

	for (const struct named *m = l->v; m < n; m++) {
		if (!range_overlaps(m->range, n->range))
			continue;
		explain_say(a,
			    "%s and %s overlap: where they do, the type with the higher number "
			    "counts.",
			    m->word, n->word);
		any = true;
	}
	for (size_t i = 0; i < x->layout->nr_ranges; i++) {
		const struct layout_range *r = &x->layout->ranges[i];

		if (r->type == LAYOUT_RAM || !range_overlaps(r->range, n->range))
			continue;
		explain_say(a,
			    "%s reaches into what the firmware keeps, %#" PRIx64 "-%#" PRIx64 "%s",
			    n->word, r->range.start, r->range.end - 1,
			    n->kind == '@' ? ": that does not become RAM." : ".");
		any |= n->kind == '@';
	}
	return any;
}

static bool is_x86(const struct explain *x)
{
	return x->layout->arch == LAYOUT_X86_64 || x->layout->arch == LAYOUT_I386;
}

static const char *file_of(enum layout_arch arch)
{
	switch (arch) {
	case LAYOUT_ARM64:
		return "arch/arm64/mm/init.c";
	case LAYOUT_RISCV:
		return "arch/riscv/mm/init.c";
	case LAYOUT_PPC64:
		return "arch/powerpc/kernel/prom.c";
	case LAYOUT_S390:
		return "arch/s390/boot/startup.c and arch/s390/kernel/setup.c";
	default:
		return "arch/x86/kernel/e820.c";
	}
}

/* An option that the kernel does not have */
static bool tell_unknown(const struct explain *x, struct explain_answer *a)
{
	for (size_t i = 0; !is_x86(x) && i < x->nr_words; i++) {
		if (strncmp(x->words[i], "memmap=", 7))
			continue;
		explain_say(a,
			    "Kernels of this architecture have no option memmap=: %s is without "
			    "effect.",
			    x->words[i]);
		a->verdict = EXPLAIN_NO;
		return true;
	}
	return false;
}

static void tell_collisions(const struct explain *x, struct explain_answer *a,
			    const struct boot_result *before, const struct boot_result *after)
{
	struct named_list l;
	size_t collisions = 0;

	list_named(x, &l);
	for (size_t i = 0; i < l.nr; i++) {
		const struct named *n = &l.v[i];
		bool image = tell_image(a, n, before, is_x86(x));
		bool initrd = tell_initrd(a, n, before, after);
		bool others = tell_others(x, a, &l, n);

		if (image || initrd || others)
			collisions++;
		if ((image || initrd || others) && n->kind != '@' && n->kind != '%')
			tell_next(x, a, before, &l, n);
	}
	if (l.nr && !collisions)
		explain_say(a, "It collides with nothing that is known.");
	explain_fact(a, "collisions", EXPLAIN_NUMBER, collisions);
	a->verdict = collisions || !after->finished ? EXPLAIN_NO : EXPLAIN_YES;
	free(l.v);
	free(l.copy);
}

int explain_memmap(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct boot_result before = { 0 }, after = { 0 };
	struct rangeset had = { 0 }, has = { 0 };
	char *words, *with, *without;
	int ret = explain_check_options(x, names, err);

	if (ret)
		return ret;
	words = explain_join_words(x);
	without = explain_cmdline(x, names, NULL);
	with = explain_cmdline(x, names, words);
	ret = explain_boot(x, without, 0, &before, err);
	if (!ret)
		ret = explain_boot(x, with, 0, &after, err);
	if (!ret) {
		explain_list_ram(&before, &had);
		explain_list_ram(&after, &has);
		explain_tell_boot(a, &after);
		tell_cost(a, &before, &after, rangeset_size(&had), rangeset_size(&has));
		if (!tell_unknown(x, a))
			tell_collisions(x, a, &before, &after);
		tell_changes(a, &before, &had, &has);
		explain_model(a, file_of(x->layout->arch), "6.12",
			      "What the option does to the map of memory");
	}
	rangeset_release(&had);
	rangeset_release(&has);
	boot_result_release(&before);
	boot_result_release(&after);
	free(words);
	free(with);
	free(without);
	return ret;
}
