// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the kernel and its initial file system are, as told by kernels that do not log it
 * like a PC's newer ones: by the places of their parts in virtual memory, and in the list of
 * early reservations that there was before memblock.
 */
#include <string.h>

#include "layout/internal.h"

/* "0xc0008000 - 0xc0312000   (3112 kB)", behind ".text :" and the like */
static bool scan_part(const char *p, struct range *range)
{
	struct log log = { 0 };

	return scan_word(&p, ":") && log_scan_hex(&log, &p, &range->start) == LOG_USED &&
	       scan_word(&p, "-") && log_scan_hex(&log, &p, &range->end) == LOG_USED &&
	       range->end > range->start;
}

static void widen(struct log_image *image, struct range range, unsigned int line)
{
	if (!image->line)
		*image = (struct log_image){ range, line };
	if (range.start < image->range.start)
		image->range.start = range.start;
	if (range.end > image->range.end)
		image->range.end = range.end;
}

enum {
	TEXT,
	RODATA,
	DATA,
	INIT,
	BSS,
	LOWMEM
};

/* Of "Virtual kernel memory layout:", which i386, arm and others print. */
static enum log_verdict part(struct log *log, const char *text)
{
	struct layout_image *image = &log->boot->l->image;
	uint64_t *const sizes[] = { [TEXT] = &image->code,
				    [RODATA] = &image->rodata,
				    [DATA] = &image->rwdata,
				    [INIT] = &image->init,
				    [BSS] = &image->bss };
	struct range range;

	if (!scan_part(text, &range))
		return LOG_SKIP;
	if (log->which == LOWMEM) {
		log->boot->lowmem = (struct log_image){ range, log->line };
		return LOG_USED;
	}
	if (!*sizes[log->which] && range_size(range) < 1ULL << 32)
		*sizes[log->which] = range_size(range);
	widen(&log->boot->virtual, range, log->line);
	return LOG_USED;
}

/* "#2 [0001200000 - 0001afcbac]    TEXT DATA BSS ==> [0001200000 - 0001afcbac]" */
enum log_verdict log_read_early_reservation(struct log *log, const char *p)
{
	struct log_image image = { .line = log->line };
	uint64_t number;

	if (!scan_word(&p, "#") || !scan_number(&p, &number) || !scan_word(&p, "[") ||
	    log_scan_range(log, &p, &image.range) != LOG_USED || !scan_word(&p, "]") ||
	    !scan_word(&p, "TEXT DATA BSS"))
		return LOG_SKIP;
	log->boot->reserved = image;
	return LOG_USED;
}

/* What the addresses of images are in physical memory, where the kernel has it all mapped. */
static bool to_physical(enum layout_arch arch, uint64_t *address)
{
	switch (arch) {
	case LAYOUT_PPC64:
		*address &= ~(0xfULL << 60);
		return true;
	case LAYOUT_MIPS:
		if (*address >> 62 == 2) /* XKPHYS */
			*address &= (1ULL << 59) - 1;
		else /* KSEG0 and KSEG1 of 32 bits, or the same with a sign */
			*address &= 0x1fffffff;
		return true;
	default:
		return false;
	}
}

enum log_verdict log_initrd(struct log *log, struct range range)
{
	/* there is one, and no log that is right has several */
	if (log->boot->initrds >= 4)
		return LOG_SKIP;
	log->boot->initrds++;
	return log_reserve(log, range, LAYOUT_INITRD, NULL);
}

static enum log_verdict initrd(struct log *log, uint64_t start, uint64_t end)
{
	enum layout_arch arch = log->boot->l->arch;

	if (end <= start)
		return log_bad(log, "the range ends before it starts");
	end -= start;
	if (!to_physical(arch, &start) || __builtin_add_overflow(start, end, &end))
		return LOG_SKIP;
	return log_initrd(log, (struct range){ start, end });
}

/* "Initial ramdisk at: 0x8fad0000 (5360128 bytes)"; some kernels hide the address */
static enum log_verdict ramdisk_at(struct log *log, const char *p)
{
	uint64_t start, size, end;

	if (log_scan_hex(log, &p, &start) != LOG_USED || !scan_word(&p, "(") ||
	    !scan_number(&p, &size) || __builtin_add_overflow(start, size, &end))
		return LOG_SKIP;
	return initrd(log, start, end);
}

/* "Found initrd at 0xc000000004f20000:0xc000000006fd8792" */
static enum log_verdict found_initrd(struct log *log, const char *p)
{
	uint64_t start, end;

	if (log_scan_hex(log, &p, &start) != LOG_USED || !scan_word(&p, ":") ||
	    log_scan_hex(log, &p, &end) != LOG_USED)
		return LOG_SKIP;
	/* only 64-bit addresses have their part of memory in the first digit */
	if (log->boot->l->arch == LAYOUT_ARCH_UNKNOWN && start >> 60 == 0xc)
		log->boot->l->arch = LAYOUT_PPC64;
	return initrd(log, start, end);
}

const struct log_key log_image_keys[] = {
	{ ".text", part, TEXT, false },
	{ ".rodata", part, RODATA, false },
	{ ".data", part, DATA, false },
	{ ".init", part, INIT, false },
	{ ".bss", part, BSS, false },
	{ "lowmem", part, LOWMEM, false },
	{ "Initial ramdisk at:", ramdisk_at, 0, true },
	{ "Found initrd at", found_initrd, 0, true },
	{ 0 },
};
