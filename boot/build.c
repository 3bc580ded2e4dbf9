// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facts of how a kernel was built: their names, which source counts, and what becomes of them in a
 * boot, whose defaults are those of facts.c.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/internal.h"
#include "lib/array.h"

/* Where a fact is in a boot's facts, for those that are sizes or numbers there. */
#define FIELD(name) .field = offsetof(struct boot_facts, name), .is_field = true

static const struct {
	const char *name;
	enum boot_unit unit;
	size_t field;
	bool is_field;
} table[BOOT_NR_FACTS] = {
	[BOOT_IMAGE_SIZE] = { "kernel image", BOOT_BYTES, FIELD(image_size) },
	[BOOT_KERNEL_BASE] = { "linked to be at", BOOT_ADDRESS, FIELD(kernel_base) },
	[BOOT_PERCPU_STATIC] = { "per-CPU static", BOOT_BYTES, FIELD(percpu_static) },
	[BOOT_PERCPU_RESERVED] = { "per-CPU for modules", BOOT_BYTES, FIELD(percpu_reserved) },
	[BOOT_PERCPU_DYNAMIC] = { "per-CPU dynamic", BOOT_BYTES, FIELD(percpu_dynamic) },
	[BOOT_PERCPU_CHUNK] = { "struct pcpu_chunk", BOOT_BYTES, FIELD(percpu_chunk) },
	[BOOT_STRUCT_PAGE] = { "struct page", BOOT_BYTES, FIELD(struct_page) },
	[BOOT_SECTION_STRUCT] = { "struct mem_section", BOOT_BYTES, FIELD(section_struct) },
	[BOOT_PGDAT_SIZE] = { "pg_data_t", BOOT_BYTES, FIELD(pgdat_size) },
	[BOOT_LOG_BUF] = { "log buffer", BOOT_BYTES, FIELD(log_buf) },
	[BOOT_LOG_CPU_MAX] = { "log of each CPU", BOOT_BYTES, FIELD(log_cpu_max) },
	[BOOT_KFENCE_POOL] = { "pool of KFENCE", BOOT_BYTES, FIELD(kfence_pool) },
	[BOOT_SMP_LOCKS] = { "SMP alternatives", BOOT_BYTES, FIELD(smp_locks) },
	[BOOT_DECRYPTED_UNUSED] = { "unused decrypted", BOOT_BYTES, FIELD(decrypted_unused) },
	[BOOT_NR_CPUS] = { "processors at most", BOOT_NUMBER, FIELD(nr_cpus) },
	[BOOT_DEFERRED] = { "struct pages deferred", BOOT_YES_OR_NO, 0, false },
	[BOOT_ZONE_DEVICE] = { "zone Device", BOOT_YES_OR_NO, 0, false },
	[BOOT_EFI_SERVICES] = { "EFI boot services", BOOT_BYTES, FIELD(efi_services) },
};

const char *boot_fact_name(enum boot_fact fact)
{
	return table[fact].name;
}

enum boot_unit boot_fact_unit(enum boot_fact fact)
{
	return table[fact].unit;
}

const char *boot_source_name(enum boot_source source)
{
	static const char *const names[] = {
		[BOOT_BY_DEFAULT] = "default", [BOOT_FROM_LAYOUT] = "layout",
		[BOOT_FROM_LOG] = "log",       [BOOT_FROM_CONFIG] = "config",
		[BOOT_FROM_IMAGE] = "image",
	};

	return names[source];
}

void boot_build_set(struct boot_build *b, enum boot_fact fact, struct boot_known known)
{
	struct boot_known *old = &b->v[fact];

	known.there = true;
	/* of what a log says twice, the first is of the kernel's beginning */
	if (!old->there || known.source > old->source ||
	    (known.source == old->source && known.source != BOOT_FROM_LOG))
		*old = known;
}

void boot_build_release(struct boot_build *b)
{
	for (size_t i = 0; i < b->nr_notes; i++)
		free(b->notes[i]);
	free(b->notes);
	*b = (struct boot_build){ 0 };
}

static uint64_t *field_of(struct boot_facts *facts, enum boot_fact fact)
{
	return (uint64_t *)((char *)facts + table[fact].field);
}

/* What all versions of an architecture have, unless somebody says otherwise. */
static void add_common(struct boot *b)
{
	struct boot_facts *f = &b->own_facts;

	f->kernel_base = b->plan->kernel_base;
	f->percpu_reserved = b->plan->percpu_reserved;
	f->percpu_dynamic = 28 << 10; /* PERCPU_DYNAMIC_RESERVE */
	f->log_buf = 1 << 17;	      /* CONFIG_LOG_BUF_SHIFT */
	f->log_cpu_max = 1 << 12;     /* CONFIG_LOG_CPU_MAX_BUF_SHIFT */
	if (!f->struct_page)
		f->struct_page = 64;
	f->section_struct = 32; /* with CONFIG_PAGE_EXTENSION */
	f->nr_cpus = 8192;
}

/*
 * The sizes of its parts that the kernel prints leave out the tables that stacks are unwound
 * by, which x86 has since 4.14: ten bytes for every place where the stack changes, a quarter of the
 * code in kernels that were looked at. Elsewhere the code begins up to 64 KiB behind _text.
 */
static uint64_t sum_parts(const struct boot *b)
{
	const struct layout_image *image = &b->layout->image;
	const struct boot_build *build = b->o->build;
	const uint64_t large = 2 << 20, head = 64 << 10;
	bool orc = boot_version_is_since(b->version, "4.14");

	if (!image->code || !image->rodata || !image->init || !image->bss)
		return 0;
	if (b->plan->arch != LAYOUT_X86_64)
		return head + image->code + image->rodata + image->init + image->rwdata +
		       image->bss;
	if (build && build->orc_is_told)
		orc = build->has_orc;
	return boot_align_up(image->code, large) + boot_align_up(image->rodata, large) +
	       image->rwdata + image->init + image->bss + (orc ? image->code / 4 : 0);
}

/* The image of this very kernel: where the layout has it, or else the sizes of its parts. */
static void measure_image(struct boot *b, struct boot_build *all)
{
	enum boot_source source = b->layout->log ? BOOT_FROM_LOG : BOOT_FROM_LAYOUT;
	uint64_t parts;

	for (size_t i = 0; i < b->layout->nr_reservations; i++) {
		const struct layout_reservation *r = &b->layout->reservations[i];
		struct boot_known known = { .value = range_size(r->range),
					    .source = source,
					    .where = "where the kernel is",
					    .line = r->pos.line };

		if (r->kind != LAYOUT_KERNEL)
			continue;
		boot_build_set(all, BOOT_IMAGE_SIZE, known);
		return;
	}
	parts = sum_parts(b);
	if (parts)
		boot_build_set(all, BOOT_IMAGE_SIZE,
			       (struct boot_known){ .value = parts,
						    .source = source,
						    .where = "the sizes of its parts" });
}

/* Sets the facts of a boot and tells in the result what they are. */
void boot_choose_facts(struct boot *b)
{
	struct boot_build *all = &b->r->build;
	const struct boot_build *given = b->o->build;

	b->own_facts = *boot_find_facts(
		b->plan->facts, b->plan->facts_of_engine ? b->r->kernel->version : b->version);
	b->facts = &b->own_facts;
	add_common(b);
	for (int i = 0; i < BOOT_NR_FACTS; i++) {
		struct boot_known known = { .where = "distributions' kernels" };

		if (table[i].is_field)
			known.value = *field_of(&b->own_facts, i);
		else
			known.value = i == BOOT_DEFERRED ? b->deferred
							 : b->rules->has_device_zone &&
								   !b->geometry.no_device_zone;
		boot_build_set(all, i, known);
	}
	if (b->layout->log)
		boot_build_read_log(all, b->layout->log, b->layout->log_len, b->layout->log_line);
	measure_image(b, all);
	for (int i = 0; given && i < BOOT_NR_FACTS; i++)
		if (given->v[i].there)
			boot_build_set(all, i, given->v[i]);
	for (int i = 0; i < BOOT_NR_FACTS; i++)
		if (table[i].is_field)
			*field_of(&b->own_facts, i) = all->v[i].value;
	b->deferred = all->v[BOOT_DEFERRED].value;
	for (size_t i = 0; given && i < given->nr_notes; i++)
		boot_note(b, "%s", given->notes[i]);
}
