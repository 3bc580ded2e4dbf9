// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is freed after the hand-over, as the kernel has no more use for it: areas of CMA, which are lent
 * out, the initrd, and parts of its own image. Where in the image those are follows from the sizes
 * of its sections that the layout has; without them nothing of it is freed.
 */
#include <inttypes.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

/* For the account; what comes in pieces is one thing. */
static void note_released(struct boot *b, const char *function, const char *what, uint64_t bytes)
{
	struct boot_released *last = b->nr_released ? &b->released[b->nr_released - 1] : NULL;

	if (last && last->what == what)
		last->bytes += bytes;
	else
		ARRAY_APPEND(b->released, b->nr_released, b->room_released) =
			(struct boot_released){ what, function, bytes };
}

/*
 * Frees the whole pages of @bytes that are reserved: how many bytes. With @take they have an owner
 * from the first moment on.
 */
static uint64_t release(struct boot *b, const char *function, const char *what, struct range bytes,
			bool take)
{
	struct mm *mm = b->r->mm;
	uint64_t mask = (1ULL << mm->page_shift) - 1, pages = 0;
	struct range pfns = { (bytes.start + mask) >> mm->page_shift, bytes.end >> mm->page_shift };
	struct range part;

	mm_settle(mm);
	for (part = pfns; part.start < pfns.end; part.start = part.end) {
		struct mm_page page = mm_page_of(mm, part.start);

		part.end = page.run.end < pfns.end ? page.run.end : pfns.end;
		if (page.state != MM_PAGE_RESERVED)
			continue;
		mm_free_reserved(mm, part);
		pages += range_size(part);
		mm_settle(mm);
		if (take)
			mm_alloc_range(mm, part);
	}
	if (pages)
		note_released(b, function, what, pages << mm->page_shift);
	return pages << mm->page_shift;
}

uint64_t boot_release_late(struct boot *b, const char *function, const char *what,
			   struct range bytes)
{
	return release(b, function, what, bytes, false);
}

/* The same, with the kernel's line about it. */
static void release_aloud(struct boot *b, const char *function, const char *what,
			  struct range bytes)
{
	uint64_t released = release(b, function, what, bytes, false);

	if (released)
		boot_log(b, "Freeing %s memory: %" PRIu64 "K", what, released >> 10);
}

/* cma_init_reserved_areas() */
void boot_common_lend_cma(struct boot *b)
{
	for (size_t i = 0; i < b->nr_owners; i++)
		if (b->owners[i].purpose && boot_is_cma(b, b->owners[i].purpose))
			release(b, "cma_init_reserved_areas", "CMA", b->owners[i].range, false);
}

/* gather_bootmem_prealloc(): zones manage them, and hugetlb has them */
void boot_common_take_gigantic(struct boot *b)
{
	for (size_t i = 0; i < b->nr_owners; i++)
		if (b->owners[i].purpose && !strcmp(b->owners[i].purpose, "gigantic page"))
			release(b, "gather_bootmem_prealloc", "gigantic pages", b->owners[i].range,
				true);
}

static bool has_word(const struct boot *b, const char *name)
{
	for (size_t i = 0; i < b->nr_words; i++)
		if (!strcmp(b->words[i].name, name))
			return true;
	return false;
}

/* free_initrd_mem(), but for what the crash kernel has of it (kexec_free_initrd()) */
void boot_common_free_initrd(struct boot *b)
{
	const uint64_t page = 1ULL << b->r->page_shift;
	struct rangeset rest = { 0 };

	if (has_word(b, "retain_initrd") || has_word(b, "keepinitrd"))
		return;
	rangeset_add(&rest, (struct range){ boot_align_down(b->initrd.start, page),
					    boot_align_up(b->initrd.end, page) });
	rangeset_remove(&rest, b->r->crash);
	rangeset_remove(&rest, b->r->crash_low);
	for (size_t i = 0; !range_is_empty(b->initrd) && i < rest.nr; i++)
		release_aloud(b, "free_initrd_mem", "initrd", rest.v[i]);
	rangeset_release(&rest);
}

/* A part of the image of the kernel; nothing is outside of it. */
static void release_part(struct boot *b, const char *function, const char *what, uint64_t start,
			 uint64_t size)
{
	struct range part = { start, start + size };

	if (part.start >= b->kernel.start && part.end <= b->kernel.end)
		release_aloud(b, function, what, part);
}

/*
 * x86: text, rodata and data begin at 2 MiB each; the ends in front are freed once they are protected.
 * The image ends with bss, in front of which is what is to be saved by nobody, a page, in front of it the
 * places that are patched for SMP, then init memory. At the end of bss is what is shared with the
 * hypervisor of an encrypted machine; up to 2 MiB nobody uses the rest of it.
 */
void boot_x86_free_image(struct boot *b)
{
	const struct layout_image *image = &b->layout->image;
	const uint64_t page = 4096, large = 2 << 20;
	uint64_t text_end = boot_align_up(b->kernel.start + image->code, page);
	uint64_t rodata = boot_align_up(text_end, large);
	uint64_t rodata_end = boot_align_up(rodata + image->rodata, page);
	uint64_t locks = b->facts->smp_locks;
	uint64_t end = boot_align_down(b->kernel.end - image->bss, page) - page - locks;

	if (!image->code || !image->rodata || !image->init || !image->bss)
		return;
	release_part(b, "alternative_instructions", "SMP alternatives", end, locks);
	if (!(b->kernel.end % large) && image->bss >= b->facts->decrypted_unused)
		release_part(b, "free_initmem", "unused decrypted",
			     b->kernel.end - b->facts->decrypted_unused,
			     b->facts->decrypted_unused);
	release_part(b, "free_initmem", "unused kernel image (initmem)", end - image->init,
		     image->init);
	release_part(b, "mark_rodata_ro", "unused kernel image (text/rodata gap)", text_end,
		     rodata - text_end);
	release_part(b, "mark_rodata_ro", "unused kernel image (rodata/data gap)", rodata_end,
		     boot_align_up(rodata_end, large) - rodata_end);
}

/*
 * arm64: init memory is behind text and rodata, with a few page tables at its end, and begins at 64 KiB. In
 * front of text is a header of that size, which older kernels do not count to the image; the whole is
 * loaded to 2 MiB.
 */
void boot_arm64_free_image(struct boot *b)
{
	const struct layout_image *image = &b->layout->image;
	const uint64_t segment = 64 << 10;
	uint64_t at = b->kernel.start + (b->kernel.start % (2 << 20) ? 0 : segment);

	at += image->code + image->rodata + (5ULL << b->r->page_shift);
	if (image->code && image->rodata && image->init)
		release_part(b, "free_initmem", "unused kernel", boot_align_up(at, segment),
			     image->init);
}
