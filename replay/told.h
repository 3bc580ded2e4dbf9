/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_TOLD_H
#define REPLAY_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/range.h"

/*
 * What a log tells of memory besides memblock's calls: zones, the line "Memory:", what was freed when
 * memblock had handed over. Each with its line, from 1. Addresses and sizes are in bytes, unless said
 * otherwise.
 */

#define REPLAY_ZONE_NAME 16

/* A zone of /proc/zoneinfo. */
struct replay_told_zone {
	unsigned int line; /* of "Node N, zone X" */
	int nid;
	char name[REPLAY_ZONE_NAME];
	uint64_t spanned, present, managed; /* pages */
	bool has_managed;		    /* since 3.9 */
};

/* A row of "Zone ranges:"; empty: "empty". */
struct replay_told_range {
	unsigned int line;
	char name[REPLAY_ZONE_NAME];
	struct range range;
};

/* A row of "Early memory node ranges", or of "Movable zone start for each node". */
struct replay_told_node {
	unsigned int line;
	int nid;
	struct range range; /* of Movable: from there on */
};

/* "Memory: 1K/2K available (... 3K reserved, 4K cma-reserved)", in KiB */
struct replay_told_memory {
	unsigned int line;		    /* 0: there is none */
	uint64_t available, total, present; /* present is total less what is absent */
	uint64_t reserved, cma;
	bool has_reserved, has_cma;
};

/* "Freeing X memory: 4K" */
struct replay_told_freed {
	unsigned int line;
	char *what; /* "initrd" */
	uint64_t size;
};

/* "cma: Reserved 64 MiB at 0x..." */
struct replay_told_cma {
	unsigned int line;
	struct range range; /* start UINT64_MAX: not told where */
	uint64_t size;
};

/* "On node 0, zone DMA: 97 pages in unavailable ranges", summed up */
struct replay_told_holes {
	unsigned int line; /* of the first */
	int nid;
	char name[REPLAY_ZONE_NAME];
	uint64_t pages;
};

struct replay_told {
	unsigned int slub_line;	   /* of "SLUB: HWalign=...", or 0 */
	unsigned int ramdisk_line; /* where the initrd is at last; 0: it is not told */
	struct range ramdisk;
	unsigned int deferred_line; /* of the last "node N deferred pages initialised", or 0 */
	unsigned int last_line;	    /* of the kernel's log that anything was taken from */
	struct replay_told_memory memory;
	struct replay_told_range *ranges;
	size_t nr_ranges, room_ranges;
	struct replay_told_node *nodes, *movable;
	size_t nr_nodes, room_nodes, nr_movable, room_movable;
	struct replay_told_zone *zones;
	size_t nr_zones, room_zones;
	struct replay_told_freed *freed;
	size_t nr_freed, room_freed;
	struct replay_told_cma *cma;
	size_t nr_cma, room_cma;
	struct replay_told_holes *holes;
	size_t nr_holes, room_holes;
	int *deferred; /* nodes whose struct pages were initialised late */
	size_t nr_deferred, room_deferred;
	struct replay_told_ram {
		unsigned int line;
		struct range range;
	} * ram; /* System RAM of /proc/iomem */
	size_t nr_ram, room_ram;
};

/* Reads the @len bytes at @text, whose first line is number @line. */
void replay_told_read(struct replay_told *told, const char *text, size_t len, unsigned int line);
void replay_told_release(struct replay_told *told);

#endif
