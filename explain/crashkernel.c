// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crashkernel=...: where the crash kernel's memory goes or why not, the largest that fits, and for
 * which positions of the kernel it fails. Every figure comes from a boot.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/option.h"
#include "lib/array.h"
#include "lib/size.h"

#define PURPOSE "crash kernel"
#define STEP (2ULL << 20)    /* CONFIG_PHYSICAL_ALIGN, and what EFI's stub for arm64 aligns to */
#define LOWEST (16ULL << 20) /* x86: CONFIG_PHYSICAL_START */

static const char *const names[] = { "crashkernel", NULL };

/* The word that SIZE is to be changed in: the last without a suffix, else the last with ,high. */
static const char *word_of_size(const struct explain *x, bool *high)
{
	const char *plain = NULL, *above = NULL;

	for (size_t i = 0; i < x->nr_words; i++) {
		const char *word = x->words[i], *comma = strrchr(word, ',');

		if (comma && !strcmp(comma, ",high"))
			above = word;
		else if (!comma || (strcmp(comma, ",low") && strcmp(comma, ",cma")))
			plain = word;
	}
	*high = !plain && above;
	return plain ? plain : above;
}

/* The question's options with another size. The caller frees. */
static char *resized(const struct explain *x, uint64_t size)
{
	bool high;
	const char *changed = word_of_size(x, &high), *at;
	char *text = array_strdup(""), *longer;

	for (size_t i = 0; i < x->nr_words; i++) {
		if (x->words[i] == changed) {
			at = strchr(changed, '@');
			longer = array_format("%s crashkernel=%#" PRIx64 "%s", text, size,
					      high ? ",high"
					      : at ? at
						   : "");
		} else {
			longer = array_format("%s %s", text, x->words[i]);
		}
		free(text);
		text = longer;
	}
	return text;
}

static bool fits(const struct explain *x, uint64_t size, struct boot_result *kept)
{
	char *words = resized(x, size), *cmdline = explain_cmdline(x, names, words);
	struct boot_result r = { 0 };
	struct error err = { 0 };
	bool ok = !explain_boot(x, cmdline, 0, &r, &err) && !range_is_empty(r.crash);

	if (kept)
		*kept = r;
	else
		boot_result_release(&r);
	free(words);
	free(cmdline);
	return ok;
}

/* What could fit where this search looked, in whole pages: to be tried. */
static uint64_t candidate(const struct boot_search *s, uint64_t page)
{
	uint64_t size = range_size(s->hole);

	if (s->exact)
		size = s->window.start % s->align ? 0
		       : s->taker		  ? s->taken.start - s->window.start
						  : s->size;
	return size - size % page;
}

static uint64_t largest_candidate(const struct boot_result *r, uint64_t page, uint64_t below)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < r->nr_searches; i++) {
		const struct boot_search *s = &r->searches[i];
		uint64_t size = strcmp(s->purpose, PURPOSE) ? 0 : candidate(s, page);

		if (size > largest && size < below)
			largest = size;
	}
	return largest;
}

/*
 * The largest size that works in the form that was asked for, in bytes; 0: none. A size that nothing can have
 * makes the kernel look everywhere; the holes it saw are tried, the larger ones first.
 */
static uint64_t find_largest(const struct explain *x, const struct boot_result *asked)
{
	const uint64_t page = 1ULL << asked->page_shift;
	struct boot_result all = { 0 };
	struct rangeset ram;
	uint64_t size;

	explain_list_ram(asked, &ram);
	size = rangeset_size(&ram);
	rangeset_release(&ram);
	if (size <= 2 * page)
		return 0;
	size -= page;
	if (!fits(x, size, &all)) {
		size = UINT64_MAX;
		do
			size = largest_candidate(&all, page, size);
		while (size && !fits(x, size, NULL));
	}
	boot_result_release(&all);
	return size;
}

static void tell_largest(const struct explain *x, struct explain_answer *a,
			 const struct boot_result *r)
{
	char text[SIZE_TEXT_MAX];
	uint64_t largest = find_largest(x, r);

	if (largest)
		explain_say(a, "The largest that works in this form is %s (%#" PRIx64 ").",
			    size_format(largest, text), largest);
	else
		explain_say(a, "No size works in this form.");
	explain_fact(a, "largest", EXPLAIN_BYTES, largest);
}

static bool may_be_at(const struct explain *x, const struct boot_result *r, struct range image)
{
	bool in_ram = false;

	for (size_t i = 0; i < x->layout->nr_ranges; i++) {
		struct range ram = x->layout->ranges[i].range;

		in_ram |= x->layout->ranges[i].type == LAYOUT_RAM && image.start >= ram.start &&
			  image.end <= ram.end;
	}
	for (size_t i = 0; i < x->layout->nr_reservations; i++) {
		const struct layout_reservation *v = &x->layout->reservations[i];

		if ((v->kind == LAYOUT_RESERVED_MEMORY || v->kind == LAYOUT_FIRMWARE ||
		     v->kind == LAYOUT_DTB) &&
		    range_overlaps(v->range, image))
			return false;
	}
	return in_ram && !range_overlaps(image, r->initrd);
}

/* Every place that the kernel can be at, or how many there are if @v is NULL. */
static size_t list_places(const struct explain *x, const struct boot_result *r, uint64_t *v)
{
	const uint64_t size = range_size(r->image);
	size_t nr = 0;

	for (size_t i = 0; i < x->layout->nr_ranges; i++) {
		struct range ram = x->layout->ranges[i].range;
		uint64_t at = ram.start < LOWEST ? LOWEST : range_align_up(ram.start, STEP);

		if (x->layout->ranges[i].type != LAYOUT_RAM)
			continue;
		for (; at < ram.end && size <= ram.end - at; at += STEP) {
			if (!may_be_at(x, r, (struct range){ at, at + size }))
				continue;
			if (v)
				v[nr] = at;
			nr++;
		}
	}
	return nr;
}

/* As many of them as were asked for, evenly. */
static int sweep(const struct explain *x, struct explain_answer *a, const struct boot_result *r,
		 const char *cmdline, struct error *err)
{
	size_t all = list_places(x, r, NULL), nr = all < x->sweep ? all : x->sweep, failed = 0;
	uint64_t *places = array_resize(NULL, all + 1, sizeof(*places)), first = 0;
	int ret = 0;

	list_places(x, r, places);
	for (size_t i = 0; !ret && i < nr; i++) {
		uint64_t at = places[i * all / nr];
		struct boot_result moved = { 0 };

		ret = explain_boot(x, cmdline, at, &moved, err);
		if (ret)
			break;
		if (range_is_empty(moved.crash)) {
			first = failed ? first : at;
			failed++;
		}
		boot_result_release(&moved);
	}
	free(places);
	if (ret || !nr)
		return ret;
	explain_say(a,
		    "With the kernel at %zu of the %zu places that KASLR could choose, it fails at "
		    "%zu (%.1f %%).",
		    nr, all, failed, 100.0 * (double)failed / (double)nr);
	if (failed)
		explain_say(a, "The first of these is %#" PRIx64 ".", first);
	explain_note(a, "places are multiples of 2 MiB in RAM, from 16 MiB on, all alike likely; a "
			"boot loader may know of more that is in the way");
	explain_fact(a, "kaslr_places", EXPLAIN_NUMBER, all);
	explain_fact(a, "kaslr_tried", EXPLAIN_NUMBER, nr);
	explain_fact(a, "kaslr_failed", EXPLAIN_NUMBER, failed);
	return 0;
}

static void tell_place(struct explain_answer *a, const struct boot_result *r)
{
	char size[SIZE_TEXT_MAX];

	explain_fact_range(a, "start", "size", r->crash);
	explain_fact_range(a, "low_start", "low_size", r->crash_low);
	a->verdict = range_is_empty(r->crash) ? EXPLAIN_NO : EXPLAIN_YES;
	if (a->verdict == EXPLAIN_NO)
		return;
	explain_say(a, "It goes to %#" PRIx64 "-%#" PRIx64 " (%s).", r->crash.start,
		    r->crash.end - 1, size_format(range_size(r->crash), size));
	if (!range_is_empty(r->crash_low))
		explain_say(a,
			    "That is above what all devices reach; %s for them are at %#" PRIx64
			    "-%#" PRIx64 ".",
			    size_format(range_size(r->crash_low), size), r->crash_low.start,
			    r->crash_low.end - 1);
}

static void tell_failure(struct explain_answer *a, const struct boot_result *r)
{
	const struct boot_search *s = explain_search(r, PURPOSE);
	size_t said;

	if (a->verdict == EXPLAIN_NO)
		explain_say(a, "No memory is reserved for a crash kernel.");
	said = explain_quote(a, r, "crashkernel");
	if (a->verdict == EXPLAIN_NO && !s && !said)
		explain_say(
			a, "The kernel does not look for any, and says nothing: the size is 0, "
			   "not less than all RAM, or for no range that this machine's RAM is in.");
	if (a->verdict == EXPLAIN_NO && s && s->exact)
		explain_tell_taker(a, s);
	else if (a->verdict == EXPLAIN_NO)
		explain_tell_shortage(a, r, PURPOSE);
}

/* Where nothing is searched, there is nothing to tell. */
static bool is_modelled(enum layout_arch arch)
{
	return arch == LAYOUT_X86_64 || arch == LAYOUT_I386 || arch == LAYOUT_ARM64 ||
	       arch == LAYOUT_RISCV;
}

/* On x86 these rules are the engine's. */
static const char *version_of(const struct explain *x)
{
	if ((x->layout->arch == LAYOUT_ARM64 || x->layout->arch == LAYOUT_RISCV) &&
	    x->layout->kernel_version)
		return x->layout->kernel_version;
	return engine_info(x->engine)->version;
}

int explain_crashkernel(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct boot_result r = { 0 };
	const struct boot_search *s;
	char *words, *cmdline;
	bool high;
	int ret = explain_check_options(x, names, err);

	if (ret)
		return ret;
	if (!is_modelled(x->layout->arch))
		return error_set(err, ENOSYS,
				 "explain: this architecture does not search for a crash kernel's "
				 "place; x86, arm64 and riscv64 do");
	words = explain_join_words(x);
	cmdline = explain_cmdline(x, names, words);
	ret = explain_boot(x, cmdline, 0, &r, err);
	if (!ret) {
		explain_tell_boot(a, &r);
		tell_place(a, &r);
		tell_failure(a, &r);
		explain_add_searches(a, &r, PURPOSE);
		if (word_of_size(x, &high))
			tell_largest(x, a, &r);
		if (x->sweep)
			ret = sweep(x, a, &r, cmdline, err);
		s = explain_search(&r, PURPOSE);
		explain_model(a, s ? s->file : "kernel/crash_reserve.c", version_of(x),
			      "Which windows are searched for a crash kernel");
	}
	boot_result_release(&r);
	free(words);
	free(cmdline);
	return ret;
}
