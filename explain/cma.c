// SPDX-License-Identifier: GPL-2.0-or-later
/* cma=... and hugetlb_cma=...: where the areas go or why not, and the largest that fits. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain/option.h"
#include "lib/array.h"
#include "lib/size.h"

static const char *const names[] = { "cma", "hugetlb_cma", NULL };

static bool is_huge(const struct explain *x)
{
	return !strncmp(x->words[0], "hugetlb_cma=", 12);
}

/* "CMA" alone is the area that devices use. */
static const char *purpose_of(const struct explain *x)
{
	return is_huge(x) ? "CMA for gigantic pages" : "CMA";
}

static bool fits(const struct explain *x, uint64_t size)
{
	const char *at = strchr(x->words[0], '@');
	char *word = array_format("cma=%#" PRIx64 "%s", size, at ? at : "");
	char *cmdline = explain_cmdline(x, names, word);
	struct boot_result r = { 0 };
	struct error err = { 0 };
	bool ok = false;

	if (!explain_boot(x, cmdline, 0, &r, &err))
		for (size_t i = 0; i < r.nr_searches; i++)
			ok |= explain_is_about(&r.searches[i], "CMA") && r.searches[i].found;
	boot_result_release(&r);
	free(cmdline);
	free(word);
	return ok;
}

/* The holes that were seen are tried, the larger ones first. */
static uint64_t find_largest(const struct explain *x, const struct boot_result *r)
{
	uint64_t below = UINT64_MAX, best;

	do {
		best = 0;
		for (size_t i = 0; i < r->nr_searches; i++) {
			const struct boot_search *s = &r->searches[i];
			uint64_t size = range_size(s->hole) / s->align * s->align;

			if (explain_is_about(s, "CMA") && size > best && size < below)
				best = size;
		}
		below = best;
	} while (best && !fits(x, best));
	return best;
}

static size_t tell_areas(struct explain_answer *a, const struct boot_result *r, const char *purpose,
			 uint64_t *bytes)
{
	char size[SIZE_TEXT_MAX];
	size_t nr = 0;

	*bytes = 0;
	for (size_t i = 0; i < r->nr_searches; i++) {
		const struct boot_search *s = &r->searches[i];

		if (!explain_is_about(s, purpose) || !s->found)
			continue;
		explain_say(a, "It goes to %#" PRIx64 "-%#" PRIx64 " (%s).", s->found,
			    s->found + s->size - 1, size_format(s->size, size));
		if (s->exact && s->taker)
			explain_say(a,
				    "The kernel does not look whether that is RAM, and it is not "
				    "all: at %#" PRIx64 " is %s.",
				    s->taken.start, s->taker);
		if (!nr++) {
			explain_fact(a, "start", EXPLAIN_ADDRESS, s->found);
			explain_fact(a, "size", EXPLAIN_BYTES, s->size);
		}
		*bytes += s->size;
	}
	return nr;
}

static void tell_failure(const struct explain *x, struct explain_answer *a,
			 const struct boot_result *r)
{
	const struct boot_search *s = explain_search(r, purpose_of(x));

	explain_say(a, "No area is reserved.");
	if (!explain_quote(a, r, "cma: ") && !s)
		explain_say(a, "The kernel does not look for one: the size is 0, or it is built "
			       "without CMA.");
	if (s && s->exact)
		explain_tell_taker(a, s);
	else
		explain_tell_shortage(a, r, purpose_of(x));
}

static void tell(const struct explain *x, struct explain_answer *a, const struct boot_result *r)
{
	const char *purpose = purpose_of(x);
	char text[SIZE_TEXT_MAX];
	uint64_t bytes, largest;
	size_t areas;

	explain_tell_boot(a, r);
	areas = tell_areas(a, r, purpose, &bytes);
	a->verdict = areas ? EXPLAIN_YES : EXPLAIN_NO;
	explain_fact(a, "areas", EXPLAIN_NUMBER, areas);
	explain_fact(a, "bytes", EXPLAIN_BYTES, bytes);
	if (areas)
		explain_say(a, "It costs no memory: what CMA does not need is lent out for pages "
			       "that can be moved.");
	else
		tell_failure(x, a, r);
	explain_add_searches(a, r, purpose);
	if (is_huge(x) || !explain_search(r, purpose) || explain_search(r, purpose)->exact)
		return;
	largest = find_largest(x, r);
	explain_fact(a, "largest", EXPLAIN_BYTES, largest);
	explain_say(a, "The largest that works in this form is %s (%#" PRIx64 ").",
		    size_format(largest, text), largest);
}

int explain_cma(const struct explain *x, struct explain_answer *a, struct error *err)
{
	struct boot_result r = { 0 };
	char *words, *cmdline;
	int ret = explain_check_options(x, names, err);

	if (ret)
		return ret;
	if (x->layout->arch != LAYOUT_X86_64 && x->layout->arch != LAYOUT_ARM64 &&
	    x->layout->arch != LAYOUT_RISCV)
		return error_set(err, ENOSYS,
				 "explain: CMA is modelled on x86_64, arm64 and riscv64 only");
	words = explain_join_words(x);
	cmdline = explain_cmdline(x, names, words);
	ret = explain_boot(x, cmdline, 0, &r, err);
	if (!ret) {
		tell(x, a, &r);
		explain_model(a,
			      is_huge(x) ? "mm/hugetlb.c and mm/cma.c"
					 : "kernel/dma/contiguous.c and mm/cma.c",
			      "6.12", "Where an area of CMA is looked for");
		explain_note(a,
			     "the kernel is taken to be built with CONFIG_CMA and CONFIG_DMA_CMA; "
			     "Debian's for amd64 is not");
	}
	boot_result_release(&r);
	free(words);
	free(cmdline);
	return ret;
}
