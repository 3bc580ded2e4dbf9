/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BOOT_INTERNAL_H
#define BOOT_INTERNAL_H

#include "boot/boot.h"
#include "call/call.h"
#include "handover/handover.h"
#include "lib/rangeset.h"

struct boot;
struct boot_facts;

/* What an architecture and its size of pages make of tables of pages and the like. */
struct boot_geometry {
	unsigned int section_bits, physmem_bits; /* SECTION_SIZE_BITS, MAX_PHYSMEM_BITS */
	uint64_t pmd_size;			 /* bytes that an entry of a PMD maps */
	bool map_in_pmds;	/* the map of pages is mapped in pages of that size */
	uint64_t map_min;	/* MAX_DMA_ADDRESS: where the map and per-CPU areas may begin */
	uint64_t percpu_atom;	/* what the units of per-CPU areas come in */
	uint64_t low_limit;	/* ARCH_LOW_ADDRESS_LIMIT: where bounce buffers must end */
	uint64_t cpumask_bytes; /* of a CPU mask that is allocated */
	bool no_device_zone;	/* the kernels that are distributed have none */
	uint64_t cma_align;	/* what areas of CMA are multiples of */
};

/* A step of a plan. */
struct boot_step {
	const char *function; /* of the kernel */
	const char *meaning;
	void (*run)(struct boot *b);
};

struct boot_plan {
	enum layout_arch arch;
	const char *configs;		/* what the names of its configurations begin with */
	uint64_t zone_end[MM_NR_ZONES]; /* bytes; 0: it sets the end itself, or has none */
	const struct boot_facts *facts; /* for boot_find_facts() */
	bool facts_of_engine; /* by the version of the engine's kernel, not the layout's */
	uint64_t kernel_base; /* where the kernel is at the lowest, if the layout does not say it */
	uint64_t percpu_reserved; /* bytes of each CPU's area that are for modules, if there are any */
	void (*measure)(struct boot *b); /* fills ->geometry */
	/* The map that memblock is to be told of: fills ->ram. */
	void (*take_map)(struct boot *b);
	/* free_area_init(), with the ends of zones that the architecture has: fills ->r->mm. */
	void (*find_zones)(struct boot *b);
	const struct boot_step *steps; /* ends with a NULL function */
};

extern const struct boot_plan boot_plan_x86_64;
extern const struct boot_plan boot_plan_i386;
extern const struct boot_plan boot_plan_arm64;
extern const struct boot_plan boot_plan_riscv64;
extern const struct boot_plan boot_plan_ppc64;
extern const struct boot_plan boot_plan_s390;

/* What neither layout nor memblock.c tells of a kernel, by version. */
struct boot_facts {
	const char *since;	   /* version that it was first seen in; NULL ends a table */
	uint64_t image_size;	   /* bytes, _text to _end, as distributed for desktops */
	uint64_t percpu_static;	   /* bytes of static per-CPU variables */
	uint64_t pgdat_size;	   /* bytes of a pg_data_t */
	bool pgdat_in_pages;	   /* rounded up to pages */
	uint64_t percpu_chunk;	   /* bytes of a struct pcpu_chunk */
	uint64_t section_usage;	   /* bytes of a struct mem_section_usage with its bits */
	uint64_t smp_locks;	   /* bytes that are freed when no processor is patched any more */
	uint64_t decrypted_unused; /* bytes at the end of bss */
	unsigned int cpumasks;	   /* that are allocated early, besides one for each node */
	bool entry_areas_random;   /* each processor's is in a place of its own, but for nokaslr */
	bool no_node_is_negative;  /* "no node" is -1, not the number of nodes there can be */
	bool printk_records;	   /* the log has descriptors */
	bool hash_of_free;	   /* hash tables by free memory, not by present memory */
	/* what no version decides: boot_choose_facts() */
	uint64_t kernel_base;	  /* where the kernel is linked to be */
	uint64_t percpu_reserved; /* bytes for modules: PERCPU_FIRST_CHUNK_RESERVE */
	uint64_t percpu_dynamic;  /* and for what is allocated */
	uint64_t log_buf, log_cpu_max;
	uint64_t struct_page; /* bytes; a table says it where it is not 64 */
	uint64_t section_struct;
	uint64_t kfence_pool;  /* 0: none */
	uint64_t efi_services; /* bytes that firmware's services take up to the end of the boot */
	uint64_t nr_cpus;
};

/* facts.c */
extern const struct boot_facts boot_x86_64_facts[];
extern const struct boot_facts boot_arm64_facts[];
/* The last row of a table, which goes from old to new, that @version is not older than; or the first. */
const struct boot_facts *boot_find_facts(const struct boot_facts *facts, const char *version);

/* Is @version, as kernels write it, @since or newer? One that is not known is newer than all. */
bool boot_version_is_since(const char *version, const char *since);

/*
 * What kernels do to the firmware's map, and how they make nodes and zones of it, by version:
 * facts.c. These are of the kernel that the layout is from, if that is known, and not of the
 * engine's: a machine's zones stay the same with another memblock.c.
 */
struct boot_rules {
	const char *since;	/* version */
	uint64_t low_reserved;	/* x86: bytes at 0 that are no RAM, whatever the firmware says */
	bool bios_removed;	/* x86: what is between 640 KiB and 1 MiB is no RAM, either */
	bool kernel_added;	/* x86: a kernel that is not in RAM adds itself to the map */
	bool zones_end_early;	/* x86: zones end with memory; else at 16 MiB and 4 GiB */
	bool acpi_is_memory;	/* x86: max_pfn is behind ACPI data, too */
	bool numa_from_dram;	/* nodes begin where DRAM does, not at 0 */
	bool numa_needs_memory; /* blocks of nodes without any memory are dropped */
	bool nodes_are_tiny;	/* a node of less than 4 MiB is a node */
	bool slack_is_all;	/* of memory, 1 MiB may be without a node; else less */
	bool uncovered_is_lost; /* memory without a node is not used, if there are nodes */
	bool mirror_is_checked; /* kernelcore=mirror needs mirrored memory */
	bool holes_not_linked;	/* struct pages of holes are of node 0, zone 0 */
	bool deferred_by_zone;	/* how struct pages are deferred: struct mm_map_rules */
	bool low_zones_count;
	bool has_device_zone; /* CONFIG_ZONE_DEVICE, as distributions have it */
};

const struct boot_rules *boot_rules_of(const char *version);

/* Types in a change of the firmware's map, besides those of layouts. */
#define BOOT_ANY (-1)  /* whatever is there, holes as well */
#define BOOT_NONE (-2) /* nothing is left */

/* A change of the firmware's map by the command line. */
struct boot_edit {
	struct range range;
	int from, to; /* enum layout_type or BOOT_ANY, BOOT_NONE */
	bool exact;   /* forget the whole map */
};

#define BOOT_MAX_CRASH 32

/* The options that boot/ knows; memblock's own go to the engine. */
struct boot_params {
	struct boot_edit *edits;
	size_t nr_edits, room_edits;
	struct boot_crash {
		struct range when; /* size of RAM */
		uint64_t size;
	} crash[BOOT_MAX_CRASH]; /* crashkernel=: the first that fits counts */
	unsigned int nr_crash;
	bool crash_is_list;  /* of ranges */
	uint64_t crash_base; /* 0: anywhere */
	uint64_t crash_high, crash_low, crash_cma;
	bool crash_cma_last; /* it is behind all others but those with ,high and ,low */
	bool crash_low_set;
	uint64_t mem_limit; /* mem=: bytes of memory; 0: all */
	uint64_t cma_size, cma_base, cma_limit, hugetlb_cma;
	bool cma_set, rodata_relaxed; /* the latter: blocks in the linear map */
	bool numa_off, movable_node, no_kaslr, no_gbpages, swiotlb_force, no_swiotlb;
	bool no_srat;
	struct boot_fake {
		bool asked;	/* numa=fake= is there */
		uint64_t nodes; /* that all memory, or each real node, is divided into */
		bool uniform;	/* each real node */
		uint64_t size;	/* bytes of a node; 0: by number */
	} fake;
	uint64_t log_buf_len;
	uint64_t swiotlb_slabs; /* of 2 KiB; 0: the default */
	uint64_t huge_size;	/* that hugepages= would be of */
	bool kfence_set;	/* kfence.sample_interval= */
	uint64_t kfence_interval;
	uint64_t gigantic_size, huge_pages; /* those that are too large for the page allocator */
	uint64_t nr_cpus;
	struct boot_core {
		uint64_t size, percent; /* bytes; of all memory; 0: not asked for */
	} kernelcore, movablecore;
	bool kernelcore_mirror, is_kdump;
};

/* A part of the command line: name=value, or a name alone. */
struct boot_word {
	char *name, *value; /* @value may be NULL */
};

struct boot_block {
	struct range range;
	int nid;
};

/* A boot as it goes. */
struct boot {
	struct engine *e;
	const struct rt_engine *ops;
	const struct boot_options *o;
	const struct layout *layout;
	const struct boot_plan *plan;
	struct boot_facts own_facts; /* of the engine's kernel, as far as no other source tells */
	const struct boot_facts *facts; /* these */
	const struct boot_rules *rules; /* of the layout's */
	const char *version;		/* of the kernel that ->rules are of */
	struct boot_geometry geometry;
	uint64_t dma_limit; /* arm64_dma_phys_limit */
	uint64_t cma_end;   /* where areas of CMA end at the latest */
	struct boot_params params;
	struct boot_result *r;

	struct boot_word *words; /* of the command line */
	size_t nr_words, room_words;

	struct boot_row {
		struct range range;
		int type; /* enum layout_type */
	} * rows;	  /* the firmware's map as it stands: sorted, disjoint, merged */
	size_t nr_rows, room_rows;
	uint64_t accounted;  /* bytes: sum of the account so far */
	struct rangeset ram; /* bytes, as firmware, kernel and command line left it */
	struct range kernel; /* _text to _end */
	struct range brk;    /* page tables behind it */
	struct range initrd; /* empty: none */
	bool flat_memory, handed_over, panicked;
	bool deferred; /* struct pages may be left for later */
	unsigned int cpus;
	unsigned int nodes_online;
	uint64_t max_pfn, max_possible_pfn; /* the latter with what may be plugged in */
	uint64_t max_mapped;		    /* bytes; end of the direct mapping */
	bool nodes_are_real;		    /* as the firmware has them */
	struct boot_block *nodes;	    /* bytes; empty without nodes */
	size_t nr_nodes, room_nodes;
	struct range *pgdats; /* by node, as allocated */
	int *pgdat_nids;
	size_t nr_pgdats, room_pgdats;
	struct boot_mapping *mapping;
	struct boot_sparse *sparse;
	struct rangeset mapped;	   /* arm64: the linear map ... */
	struct rangeset tables[5]; /* ... and what has a page table, by level */
	unsigned int *percpu_groups;
	uint64_t *percpu_bases;

	struct check_state check;
	struct handover handover;
	struct check_regions before_params; /* reserved, before the command line was read */
	struct boot_owner {
		struct range range;
		const char *purpose, *function;
	} * owners; /* sorted, disjoint */
	size_t nr_owners, room_owners;
	struct boot_released {
		const char *what, *function;
		uint64_t bytes;
	} * released; /* after the hand-over, by the kernel; for the account */
	size_t nr_released, room_released;
};

/* calls.c: every call that a boot makes. Names of functions and purposes are kept as they are. */

#define BOOT_NO_NODE (-1)
#define BOOT_SMP_CACHE_BYTES 64

void boot_add(struct boot *b, const char *function, struct range range);
void boot_reserve(struct boot *b, const char *function, const char *purpose, struct range range);
/* The same for what belongs to the kernel and survives a hand-over to the next. */
void boot_reserve_kern(struct boot *b, const char *function, const char *purpose,
		       struct range range);
void boot_release(struct boot *b, const char *function, struct range range);
void boot_set_node(struct boot *b, const char *function, struct range range, enum rt_type type,
		   int nid);
void boot_mark_mirror(struct boot *b, const char *function, struct range range);
void boot_mark_hotplug(struct boot *b, const char *function, struct range range);
void boot_mark_nomap(struct boot *b, const char *function, struct range range);
void boot_clear_nomap(struct boot *b, const char *function, struct range range);
/* Takes memory away; a range that ends at UINT64_MAX is all from there on. */
void boot_remove(struct boot *b, const char *function, struct range range);
/* memblock_mem_limit_remove_map(), or what there was before it */
void boot_limit_memory(struct boot *b, const char *function, uint64_t limit);
/* memblock_enforce_memory_limit() */
void boot_enforce_limit(struct boot *b, const char *function, uint64_t limit);
void boot_clear_hotplug(struct boot *b, const char *function, struct range range);
void boot_allow_resize(struct boot *b, const char *function);
void boot_trim(struct boot *b, const char *function);
void boot_set_limit(struct boot *b, const char *function, uint64_t limit);
void boot_set_bottom_up(struct boot *b, const char *function, bool enable);
bool boot_is_bottom_up(struct boot *b);
void boot_dump(struct boot *b, const char *function);
/* Fills ->handover, as soon as there is ->r->mm. */
void boot_prepare_handover(struct boot *b);
void boot_hand_over(struct boot *b, const char *function);
void boot_discard(struct boot *b, const char *function);

/* Allocations: the address, or 0. ".size", ".align", ".min", ".max", ".nid" of @a are used. */
uint64_t boot_alloc(struct boot *b, const char *function, const char *purpose, struct call_args a);
uint64_t boot_alloc_raw(struct boot *b, const char *function, const char *purpose,
			struct call_args a);
uint64_t boot_alloc_exact_raw(struct boot *b, const char *function, const char *purpose,
			      struct call_args a);
/* memblock_phys_alloc_range() */
uint64_t boot_alloc_range(struct boot *b, const char *function, const char *purpose,
			  struct call_args a);
/* memblock_alloc_range_nid(), where the kernel has it; else as boot_alloc_range() */
uint64_t boot_alloc_near(struct boot *b, const char *function, const char *purpose,
			 struct call_args a);
/* memblock_phys_alloc_try_nid() */
uint64_t boot_alloc_phys(struct boot *b, const char *function, const char *purpose,
			 struct call_args a);
/* A small one, of zeroes, anywhere; panics as the kernel does if there is no memory. */
uint64_t boot_alloc_small(struct boot *b, const char *function, const char *purpose, uint64_t size);

/*
 * search.c: the same as boot_alloc_range() and, if @a has ".exact", boot_alloc_near(), and kept in
 * ->r->searches, with what there was in the window. @file is the kernel's.
 */
uint64_t boot_search(struct boot *b, const char *file, const char *function, const char *purpose,
		     struct call_args a);
/* A range that is wanted as it is, and why it is not to be had; reserves nothing. */
void boot_search_fixed(struct boot *b, const char *file, const char *function, const char *purpose,
		       struct range range, uint64_t align, bool found);

/* First and last byte of memory, the latter exclusive; 0 without any. */
uint64_t boot_dram_start(const struct boot *b);
uint64_t boot_dram_end(const struct boot *b);

/* common-cma.c: what cma_declare_contiguous_nid() is given; bytes, and 0 is none */
struct boot_cma {
	uint64_t size, base, limit, align;
	bool fixed;
	int nid; /* or BOOT_NO_NODE */
};

/* Reserves an area; returns where it is, or 0, and the kernel's log says why. */
uint64_t boot_declare_cma(struct boot *b, const char *purpose, struct boot_cma c);
/* dma_contiguous_reserve(); areas end at @limit. */
void boot_common_cma(struct boot *b, uint64_t limit);
void boot_common_hugetlb_cma(struct boot *b);

/* Gives the command line to the kernel's handlers. */
void boot_give_params(struct boot *b, bool early);

/* build.c: what is known of the kernel's build; after ->rules, ->plan and ->version. */
void boot_choose_facts(struct boot *b);

/* owners.c: who has what. */
void boot_own(struct boot *b, struct range range, const char *purpose, const char *function);
void boot_disown(struct boot *b, struct range range);
/* Pieces of memory and of reservations, from the arrays. */
void boot_make_map(struct boot *b, const struct check_regions *memory,
		   const struct check_regions *reserved);

/* blocks.c: bytes */
uint64_t boot_block_size(const struct boot *b);

/* boot.c */
/* What is known of an engine's kernel and of the layout's, before anything is read or run. */
void boot_begin(struct boot *b, struct engine *e, const struct boot_options *o,
		struct boot_result *r);
/* Rules of map, nodes and zones: those of the layout's kernel. */
void boot_choose_rules(struct boot *b);
/* The plan of the layout's architecture, if the engine is of it. */
const struct boot_plan *boot_find_plan(struct engine *e, const struct layout *l, struct error *err);
void boot_end(struct boot *b);
/* Ends the boot as the kernel's panic() does. */
void boot_panic(struct boot *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
/* A line of the kernel's log. */
void boot_log(struct boot *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void boot_note(struct boot *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Something that is asked for, and that the kernel does not do: the boot does not hold. */
void boot_unmet(struct boot *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* unmet.c: looks at what came of the command line when the boot has ended. */
void boot_find_unmet(struct boot *b);
/* A text that lives as long as the result. */
const char *boot_string(struct boot *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint64_t boot_present_pages(const struct boot *b);

/*
 * account.c: where memory went. The memory is @now bytes after @function; if that is a change, it
 * is kept.
 */
void boot_account_change(struct boot *b, enum boot_item_kind kind, const char *what,
			 const char *function, uint64_t now);
void boot_account_firmware(struct boot *b); /* to begin with */
/* The same for what memblock.memory has; within engine_run() only. */
void boot_account_memory(struct boot *b, const char *what, const char *function);
/* Is what was reserved for @purpose an area of CMA? */
bool boot_is_cma(const struct boot *b, const char *purpose);
/* The rest of it, when map and sums are there. */
void boot_account_finish(struct boot *b);
/* The kernel's line "Memory:", as soon as memblock has handed over. */
void boot_log_memory(struct boot *b);

/* cmdline.c: splits as the kernel's next_arg() does, and reads the options of params.c. */
int boot_read_cmdline(struct boot *b, const char *cmdline, struct error *err);
void boot_release_cmdline(struct boot *b);

/* params.c: 1 if it is none of ours, 0, or -EINVAL and @err. */
int boot_take_param(struct boot_params *p, const char *name, const char *value, struct error *err);

/* Steps that architectures have in common. */
void boot_common_log_buf(struct boot *b);
void boot_common_log_buf_cpus(struct boot *b);
void boot_common_command_line(struct boot *b);
/* The options that early_param() names; and the rest of them */
void boot_give_early_params(struct boot *b);
void boot_give_late_params(struct boot *b);
void boot_common_sparse(struct boot *b);
void boot_sparse_free(struct boot_sparse *s);
void boot_common_flat(struct boot *b);
/* free_area_init(), with the ends of zones from the plan or told by mm_set_zone_end() before. */
void boot_common_zones(struct boot *b);
void boot_common_percpu(struct boot *b);
void boot_common_hashes(struct boot *b);
/* Bounce buffers of @size bytes; 0: as many as there are by default. */
void boot_common_bounce(struct boot *b, uint64_t size);
void boot_common_gigantic(struct boot *b);
void boot_common_kfence(struct boot *b);
void boot_common_hand_over(struct boot *b);
void boot_common_deferred(struct boot *b);
void boot_common_discard(struct boot *b);
/*
 * common-tree.c: memory that a device tree or a hypervisor tells of. @function is the kernel's that
 * does it.
 */
/* Fills ->ram with all that the layout has, in whole pages. */
void boot_take_ram(struct boot *b);
/* Gives ->ram to memblock. */
void boot_add_ram(struct boot *b, const char *function);
/* mem=: @limit bytes are left; 0: all */
void boot_enforce_mem(struct boot *b, const char *function, uint64_t limit);
/* The device tree itself, what it reserves, and the initrd. */
void boot_tree_reserve_self(struct boot *b, const char *function);
void boot_tree_reserve(struct boot *b);
void boot_reserve_initrd(struct boot *b, const char *function);
/* max_pfn and the like are the end of memory, as it is now. */
void boot_set_end(struct boot *b);
/* common-release.c: what is freed after that */
void boot_common_lend_cma(struct boot *b);
void boot_common_take_gigantic(struct boot *b);
void boot_common_free_initrd(struct boot *b);
void boot_x86_free_image(struct boot *b);
void boot_arm64_free_image(struct boot *b);
/* Frees the whole pages of @bytes that are reserved, in one item of the account: how many bytes. */
uint64_t boot_release_late(struct boot *b, const char *function, const char *what,
			   struct range bytes);

/* The hand-over itself, with what checks want to know of before and after. */
void boot_common_free_all(struct boot *b);

/* x86-*.c */
void boot_x86_take_map(struct boot *b);
void boot_x86_map_memory(struct boot *b);
/* What x86_64 does in the step of this name, for i386, which does the same there. */
void boot_x86_step(struct boot *b, const char *function);
void boot_mapping_free(struct boot_mapping *m);
void boot_x86_numa(struct boot *b);
/*
 * What x86 alone had up to 6.11, and all architectures have since: nodes as @find knows them, cleaned
 * and told to memblock. False if they cannot be used, as when more than @lost_max bytes of
 * memory have none.
 */
bool boot_numa_init(struct boot *b, bool (*find)(struct boot *b), uint64_t lost_max);
bool boot_numa_read(struct boot *b); /* a @find: what firmware says */
void boot_numa_add(struct boot *b, struct range range, int nid);
/* NODE_DATA() of all nodes; they are online then */
void boot_numa_allocate(struct boot *b);
void boot_numa_allocate_one(struct boot *b, int nid);
/* Makes other nodes of ->nodes, if numa=fake= wants it and it can be done; they need cleaning. */
bool boot_x86_fake_nodes(struct boot *b);
/* Does the layout name a table of ACPI or a similar one? */
bool boot_x86_has_table(const struct boot *b, const char *name);
void boot_x86_crash(struct boot *b);
/* x86-efi.c: memory of EFI's boot services, as far as the layout has it */
bool boot_x86_is_efi_service(const struct layout_reservation *r);
void boot_x86_reserve_efi(struct boot *b);
void boot_x86_free_efi(struct boot *b);
/* What they have somewhere that nobody tells: bytes. */
uint64_t boot_x86_unplaced_efi(const struct boot *b);

/* arm64-*.c */
void boot_arm64_map_memory(struct boot *b);
void boot_arm64_numa(struct boot *b); /* drivers/base/arch_numa.c, which riscv64 has as well */
void boot_arm64_zones(struct boot *b);
void boot_arm64_cma(struct boot *b);
void boot_arm64_crash(struct boot *b);
bool boot_is_since(const struct boot *b, const char *version);

static inline uint64_t boot_align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) / align * align;
}

static inline uint64_t boot_align_down(uint64_t value, uint64_t align)
{
	return value / align * align;
}

#endif
