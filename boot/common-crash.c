// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The crash kernel's memory, by the rules that an architecture and a version have:
 * reserve_crashkernel_generic() of kernel/crash_core.c (6.7) and kernel/crash_reserve.c (6.9 to 6.12),
 * and what architectures had of their own before that; parse_crashkernel() as of 6.12.
 */
#include <inttypes.h>

#include "boot/crash.h"

static const char function[] = "reserve_crashkernel", purpose[] = "crash kernel";

/* What parse_crashkernel() finds. */
struct wanted {
	uint64_t size, base; /* base 0: anywhere */
	bool high, invalid;
};

static bool is_since(const struct boot_crash_rules *rules, const char *version)
{
	return boot_version_is_since(rules->version, version);
}

/* System RAM, as ranges of it are compared with: firmware keeps some, so 6.0 began to round up. */
static uint64_t ram_size(const struct boot *b, const struct boot_crash_rules *rules)
{
	uint64_t ram = b->check.regions[RT_MEMORY].state.total_size;

	return is_since(rules, "6.0") ? boot_align_up(ram, 128ULL << 20) : ram;
}

static struct wanted plain_wanted(struct boot *b, const struct boot_crash_rules *rules)
{
	const struct boot_params *p = &b->params;
	struct wanted w = { .base = p->crash_base };
	uint64_t ram = ram_size(b, rules);

	if (p->crash_is_list) {
		for (unsigned int i = 0; i < p->nr_crash && !w.size; i++) {
			if (p->crash[i].size >= ram) {
				boot_log(b, "crashkernel: invalid size");
				w.invalid = true;
				return w;
			}
			if (range_contains(p->crash[i].when, ram))
				w.size = p->crash[i].size;
		}
		if (!w.size)
			boot_log(b, "crashkernel size resulted in zero bytes");
	} else if (p->nr_crash) {
		w.size = p->crash[0].size;
	}
	if (is_since(rules, "6.12") && w.size >= b->check.regions[RT_MEMORY].state.total_size)
		w.invalid = true;
	if (!w.size)
		w.invalid = true;
	return w;
}

/* ,cma is known since 6.17; before that it is a character behind a size that none knows. */
static bool has_unknown_suffix(const struct boot *b, const struct boot_crash_rules *rules)
{
	return b->params.crash_cma_last && !is_since(rules, "6.17");
}

static struct wanted wanted(struct boot *b, const struct boot_crash_rules *rules)
{
	const struct boot_params *p = &b->params;
	struct wanted w = { .invalid = true };

	if (has_unknown_suffix(b, rules))
		boot_log(b, "crashkernel: unrecognized char: ,");
	else if (p->nr_crash)
		w = plain_wanted(b, rules);
	if (!w.invalid)
		return w;
	if (!rules->high_end || !p->crash_high)
		return w;
	if ((p->nr_crash || has_unknown_suffix(b, rules)) && !rules->invalid_is_high)
		return w;
	return (struct wanted){ .size = p->crash_high, .high = true };
}

uint64_t boot_crash_size(struct boot *b)
{
	const struct boot_crash_rules rules = { .version = b->version };
	struct wanted w = wanted(b, &rules);

	return w.invalid ? 0 : w.size;
}

static uint64_t search(struct boot *b, const struct boot_crash_rules *rules, uint64_t size,
		       uint64_t min, uint64_t max)
{
	struct call_args a = { .size = size, .align = rules->align, .min = min, .max = max };

	return boot_search(b, rules->file, function, purpose, a);
}

static uint64_t search_low(struct boot *b, const struct boot_crash_rules *rules, uint64_t size)
{
	return search(b, rules, size, rules->min, rules->low_end);
}

static uint64_t search_high(struct boot *b, const struct boot_crash_rules *rules, uint64_t size)
{
	return search(b, rules, size, rules->high_min, rules->high_end);
}

/* Where it fits, or 0 */
static uint64_t find_place(struct boot *b, const struct boot_crash_rules *rules,
			   const struct wanted *w, uint64_t size)
{
	struct call_args fixed = { .size = size, .align = rules->fixed_align, .min = w->base };
	uint64_t at;

	if (w->base) {
		if (__builtin_add_overflow(w->base, size, &fixed.max))
			return 0;
		return boot_search(b, rules->file, function, purpose, fixed);
	}
	if (w->high) {
		at = search_high(b, rules, size);
		return at || !rules->high_falls_back ? at : search_low(b, rules, size);
	}
	at = search_low(b, rules, size);
	return at || !rules->falls_back ? at : search_high(b, rules, size);
}

/* Bytes of low memory beside a crash kernel that is above; 0: none */
static uint64_t low_size(const struct boot *b, const struct boot_crash_rules *rules, bool high)
{
	if (b->params.crash_low_set && (high || rules->low_without_high))
		return b->params.crash_low;
	return rules->low_default;
}

/* What is high needs some memory that all devices reach. */
static bool reserve_low(struct boot *b, const struct boot_crash_rules *rules, uint64_t size)
{
	struct call_args a = { .size = size, .align = rules->align, .max = rules->low_end };

	/* x86 looked below 4 GiB even when low memory ended at 896 MiB */
	if (rules->old_messages)
		a.max = 1ULL << 32;
	if (!size)
		return true;
	b->r->crash_low.start = boot_search(b, rules->file, "reserve_crashkernel_low",
					    "crash kernel, low memory", a);
	b->r->crash_low.end = b->r->crash_low.start + size;
	if (!b->r->crash_low.start) {
		b->r->crash_low = (struct range){ 0 };
		if (rules->old_messages)
			boot_log(b,
				 "Cannot reserve %" PRIu64
				 "MB crashkernel low memory, please try smaller size.",
				 size >> 20);
		else
			boot_log(b, "cannot allocate crashkernel low memory (size:0x%" PRIx64 ").",
				 size);
		return false;
	}
	if (rules->old_messages)
		boot_log(b,
			 "Reserving %" PRIu64 "MB of low memory at %" PRIu64
			 "MB for crashkernel (low RAM limit: %" PRIu64 "MB)",
			 size >> 20, b->r->crash_low.start >> 20, a.max >> 20);
	else
		boot_log(b,
			 "crashkernel low memory reserved: 0x%08" PRIx64 " - 0x%08" PRIx64
			 " (%" PRIu64 " MB)",
			 b->r->crash_low.start, b->r->crash_low.end, size >> 20);
	return true;
}

static void log_failure(struct boot *b, const struct boot_crash_rules *rules, bool fixed,
			uint64_t size)
{
	if (fixed && (rules->old_messages || rules->falls_back))
		boot_log(b, "crashkernel reservation failed - memory is in use.");
	else if (rules->old_messages)
		boot_log(b, "crashkernel reservation failed - No suitable area found.");
	else
		boot_log(b, "cannot allocate crashkernel (size:0x%" PRIx64 ")", size);
}

void boot_crash_log(struct boot *b)
{
	const uint64_t ram = b->check.regions[RT_MEMORY].state.total_size;

	boot_log(b,
		 "Reserving %" PRIu64 "MB of memory at %" PRIu64
		 "MB for crashkernel (System RAM: %" PRIu64 "MB)",
		 range_size(b->r->crash) >> 20, b->r->crash.start >> 20, ram >> 20);
}

static void log_success(struct boot *b, const struct boot_crash_rules *rules)
{
	struct range crash = b->r->crash;

	if (rules->old_messages)
		boot_crash_log(b);
	else
		boot_log(b,
			 "crashkernel reserved: 0x%016" PRIx64 " - 0x%016" PRIx64 " (%" PRIu64
			 " MB)",
			 crash.start, crash.end, range_size(crash) >> 20);
}

/* reserve_crashkernel_cma(), 6.17: in up to four areas, each half of what had no room */
static void reserve_cma(struct boot *b)
{
	const uint64_t size = boot_align_up(b->params.crash_cma, 1ULL << b->r->page_shift);
	uint64_t part = size, got = 0;
	unsigned int areas = 0;

	while (got < size && areas < 4 && part > 1ULL << b->r->page_shift) {
		if (boot_declare_cma(b, "CMA for a crash kernel",
				     (struct boot_cma){ .size = part })) {
			got += part;
			areas++;
			part = part < size - got ? part : size - got;
		} else {
			part = boot_align_up(part / 2, 1ULL << b->r->page_shift);
		}
	}
	if (got < size)
		boot_log(b,
			 "crashkernel CMA reservation failed: %" PRIu64 " MB requested, %" PRIu64
			 " MB reserved in %u ranges",
			 size >> 20, got >> 20, areas);
	else
		boot_log(b, "crashkernel CMA reserved: %" PRIu64 " MB in %u ranges", got >> 20,
			 areas);
}

void boot_crash_reserve(struct boot *b, const struct boot_crash_rules *rules)
{
	const uint64_t page = 1ULL << b->r->page_shift;
	struct wanted w = wanted(b, rules);
	uint64_t size, at;

	if (w.invalid && !w.high)
		return;
	size = boot_align_up(w.size, page);
	at = find_place(b, rules, &w, size);
	if (!at) {
		log_failure(b, rules, w.base, size);
		return;
	}
	b->r->crash = (struct range){ at, at + size };
	if (at >= (rules->old_messages ? 1ULL << 32 : rules->low_end) &&
	    !reserve_low(b, rules, low_size(b, rules, w.high))) {
		boot_release(b, function, b->r->crash);
		b->r->crash = (struct range){ 0 };
		return;
	}
	log_success(b, rules);
	if (b->params.crash_cma && is_since(rules, "6.17"))
		reserve_cma(b);
}
