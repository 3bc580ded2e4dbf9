/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BOOT_BUILD_H
#define BOOT_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/*
 * What is known of how a kernel was built: its configuration, the sizes of its image and of its
 * structures. Each fact comes from the best source that there is, and says from which.
 */

/* A later one knows better: what is asked for is more than what is found. */
enum boot_source {
	BOOT_BY_DEFAULT, /* as Debian's kernels of that version have it */
	BOOT_FROM_LAYOUT,
	BOOT_FROM_LOG, /* the log says what the kernel has or did */
	BOOT_FROM_CONFIG,
	BOOT_FROM_IMAGE, /* vmlinux, its types (BTF), or System.map */
};

enum boot_fact {
	BOOT_IMAGE_SIZE,
	BOOT_KERNEL_BASE,
	BOOT_PERCPU_STATIC,
	BOOT_PERCPU_RESERVED,
	BOOT_PERCPU_DYNAMIC,
	BOOT_PERCPU_CHUNK,
	BOOT_STRUCT_PAGE,
	BOOT_SECTION_STRUCT,
	BOOT_PGDAT_SIZE,
	BOOT_LOG_BUF,
	BOOT_LOG_CPU_MAX,
	BOOT_KFENCE_POOL,
	BOOT_SMP_LOCKS,
	BOOT_DECRYPTED_UNUSED,
	BOOT_NR_CPUS,
	BOOT_DEFERRED,
	BOOT_ZONE_DEVICE,
	BOOT_EFI_SERVICES,
	BOOT_NR_FACTS,
};

enum boot_unit {
	BOOT_BYTES,
	BOOT_ADDRESS,
	BOOT_NUMBER,
	BOOT_YES_OR_NO,
};

struct boot_build {
	struct boot_known {
		bool there;
		uint64_t value;
		enum boot_source source;
		const char *where; /* a file, or words of the log or configuration: a constant */
		unsigned int line; /* of the log; 0: none */
	} v[BOOT_NR_FACTS];
	bool orc_is_told, has_orc; /* tables to unwind stacks by are in the image */
	uint64_t kfence_asleep; /* bytes of KFENCE's pool, if only the command line turns it on */
	/* what is configured and boots are not modelled with: sentences, which are allocated */
	char **notes;
	size_t nr_notes, room_notes;
};

/* "percpu static" */
const char *boot_fact_name(enum boot_fact fact);
enum boot_unit boot_fact_unit(enum boot_fact fact);
/* "default", "layout", "log", "config", "image" */
const char *boot_source_name(enum boot_source source);

/* Keeps a fact, unless a better source has told it. */
void boot_build_set(struct boot_build *b, enum boot_fact fact, struct boot_known known);

/*
 * Reads a .config, also compressed, as /boot/config-* and /proc/config.gz. Returns 0, or -EINVAL and
 * @err if it is none.
 */
int boot_build_read_config(struct boot_build *b, const char *path, struct error *err);
/* The same from its text; @path is for messages. */
int boot_build_parse_config(struct boot_build *b, const char *path, const char *text, size_t len,
			    struct error *err);

/* Reads a vmlinux (symbols and BTF), BTF alone (/sys/kernel/btf/vmlinux), or a System.map. */
int boot_build_read_image(struct boot_build *b, const char *path, struct error *err);

/* What a log of @len bytes tells, whose first line is number @line. */
void boot_build_read_log(struct boot_build *b, const char *text, size_t len, unsigned int line);

void boot_build_release(struct boot_build *b);

#endif
