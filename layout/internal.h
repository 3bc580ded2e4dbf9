/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYOUT_INTERNAL_H
#define LAYOUT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout/layout.h"
#include "lib/error.h"
#include "lib/range.h"
#include "lib/scan.h"
#include "lib/rangeset.h"

/*
 * A format that layouts are read from, known by its content. The table of them is in source.c.
 * Those that are only ever a text or only ever a directory lack the functions for the other.
 */
struct layout_reader {
	const char *name;  /* for --from: "log" */
	const char *title; /* for messages: "a kernel log" */
	const char *marks; /* what it is known by, for people who wonder why theirs is not */
	bool (*sniff)(const char *text, size_t len);
	/* Fills @l, which is empty but for its name. Returns 0, or -errno and @err. */
	int (*read)(struct layout *l, const char *text, size_t len, struct error *err);
	bool (*sniff_dir)(const char *path);
	int (*read_dir)(struct layout *l, const char *path, struct error *err);
};

extern const struct layout_reader layout_native;
extern const struct layout_reader layout_log;
extern const struct layout_reader layout_iomem;
extern const struct layout_reader layout_memmap;
extern const struct layout_reader layout_srat;
extern const struct layout_reader layout_slit;
extern const struct layout_reader layout_acpi;
extern const struct layout_reader layout_efi_memmap;
extern const struct layout_reader layout_lsmmap;
extern const struct layout_reader layout_dtb, layout_dts, layout_dt_dir; /* dt.c */
extern const struct layout_reader layout_qemu;

/* A way to get a layout that is no file: "preset:pc-2g". The table of them is in source.c. */
struct layout_scheme {
	const char *prefix;
	const char *title; /* for messages: "preset:NAME, a machine that mbsim knows" */
	/* Fills @l from what is behind the prefix. Returns 0, or -errno and @err. */
	int (*read)(struct layout *l, const char *rest, struct error *err);
};

extern const struct layout_scheme layout_scheme_generate;
extern const struct layout_scheme layout_scheme_preset;

/* The file of a machine that mbsim knows by @name, which the caller frees; NULL: there is none. */
char *layout_preset_path(const char *name);
extern const struct layout_scheme layout_live;

/*
 * This machine, as it runs (live-*.c): files below @root, which is "" or a copy of /proc and /sys.
 */
struct live {
	struct layout *l;
	const char *root;
};

/* A file below the root as one line, or NULL if it cannot be read; the caller frees. */
char *live_read(const struct live *live, const char *name);

/* Numbers of a list such as "0-3,8": how many there are. */
unsigned int live_count(const char *list);

/* Nodes as sysfs has them: memory blocks, distances, processors. */
void live_read_nodes(struct live *live);

/* RAM as sysfs has it, in whole memory blocks, if nothing else says where it is. */
void live_read_blocks(struct live *live);
extern const struct layout_scheme layout_qemu_scheme;

/* Flags of memory by the native format's words; ends with a NULL word. */
struct layout_flag {
	const char *word;
	unsigned int flag;
};

extern const struct layout_flag layout_flags[];

/* A word of the native format as a value; -1: no such word. */
int layout_arch_of(const char *name);
int layout_type_of(const char *name);
int layout_kind_of(const char *name);

/* The parts of a kernel image by name ("rodata"); NULL: no such part. */
uint64_t *layout_image_part(struct layout_image *image, const char *name);
extern const char *const layout_image_parts[5];

/* The types of EFI's map of memory, by their numbers. */
enum layout_efi_type {
	LAYOUT_EFI_RESERVED,
	LAYOUT_EFI_LOADER_CODE,
	LAYOUT_EFI_LOADER_DATA,
	LAYOUT_EFI_BOOT_CODE,
	LAYOUT_EFI_BOOT_DATA,
	LAYOUT_EFI_RUNTIME_CODE,
	LAYOUT_EFI_RUNTIME_DATA,
	LAYOUT_EFI_CONVENTIONAL,
	LAYOUT_EFI_UNUSABLE,
	LAYOUT_EFI_ACPI_RECLAIM,
	LAYOUT_EFI_ACPI_NVS,
	LAYOUT_EFI_MMIO,
	LAYOUT_EFI_MMIO_PORT,
	LAYOUT_EFI_PAL_CODE,
	LAYOUT_EFI_PERSISTENT,
	LAYOUT_EFI_UNACCEPTED,
	LAYOUT_EFI_TYPES,
};

/* The name of a type as layouts have it, NULL: no such type; and the type that @words begin with, or -1. */
const char *layout_efi_name(int type);
int layout_efi_type_of(const char *words);

/* Moves all facts of @from to @to, which is empty but for its name; frees @from. */
void layout_move(struct layout *to, struct layout *from);

/* Node @nid is proximity domain @domain, unless it is known already to be one. */
void layout_set_domain(struct layout *l, int nid, unsigned int domain);

/* Distances of domains become those of their nodes. */
void layout_settle_distances(struct layout *l);

bool layout_has_ram(const struct layout *l);

/*
 * The native format. native-token.c reads what lines consist of; native.c knows what they
 * mean.
 */
struct native {
	struct layout *l;
	unsigned int line;
	const char *start; /* of the line */
	const char *p;	   /* what comes next */
	const char *end;   /* of the line */
	struct error *err;
};

#define NATIVE_WORD_MAX 24 /* no word of the format is as long */

/* An error at @at, in this line; returns -EINVAL. */
int native_fail(struct native *n, const char *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

bool native_is_blank(char c);

/* Steps over blanks and a comment; true if something follows. */
bool native_more(struct native *n);

/* The next word, "" if there is none. An overlong one is cut, which makes it unknown. */
void native_word(struct native *n, char word[NATIVE_WORD_MAX]);

/* These return 0, or -EINVAL and the error. Texts are the caller's to free. */
int native_number(struct native *n, uint64_t min, uint64_t max, uint64_t *value);
int native_range(struct native *n, struct range *range);
int native_quoted(struct native *n, char **text); /* "with \", \\ and \xHH" */
int native_rest(struct native *n, char **text);	  /* of the line as it is, or one that is quoted */
int native_end(struct native *n);		  /* of the line: an error if more follows */

/*
 * The kernel's log. log-clean.c and log-prefix.c find the message in a line, log.c hands it to the function
 * for its first words, and log-*.c have these functions. A log can hold several boots; facts
 * are gathered for each, and log-boot.c makes a layout of them when the boot is over.
 */

/* Longer lines are cut. The kernel's own end at 1 KiB, its command line at 4 KiB. */
#define LOG_LINE_MAX 8192

/*
 * A line of @len bytes as plain text, in @buf: without terminal codes and the bytes that do not
 * belong into text, without blanks at its end, without what mark-up and syslog make of
 * characters. Of a journal's entry in JSON, it is the message.
 */
char *log_clean(char buf[LOG_LINE_MAX], const char *line, size_t len);

/* The length of one of @words at @p, as a whole word and in any case; 0: none is there. */
size_t log_word_length(const char *p, const char *const *words);

/* The length of a tag of mark-up at @p, or 0. */
size_t log_tag_length(const char *p);

/*
 * Where the next message begins in a clean line, behind @text, which is one: lines run into
 * each other on consoles, and web pages make one of many. NULL: there is none.
 */
char *log_next_message(char *text);

/*
 * The message in clean text: without what mail, syslog, journal, terminals and the kernel
 * itself put before it.
 */
char *log_message(char *text);

/* Quick refusal of lines that cannot matter (log-filter.c). Starts as zeroes. */
#define LOG_FILTER_ORDER 17
struct log_filter {
	uint64_t bits[(1 << LOG_FILTER_ORDER) / 64];
};

/* Lines with these words are to pass, which are of four characters or more. */
void log_filter_add(struct log_filter *filter, const char *words);
bool log_filter_passes(const struct log_filter *filter, const char *line, size_t len);

/* The maps that a kernel prints, the most original first. */
enum log_map {
	LOG_MAP_EXTENDED,   /* firmware's, whole, where it has more rows than the loader passes */
	LOG_MAP_FIRMWARE,   /* BIOS-provided */
	LOG_MAP_SETUP_DATA, /* firmware's, with what the boot loader left cut out */
	LOG_MAP_MODIFIED,   /* after the kernel's corrections */
	LOG_MAP_USER,	    /* after mem= and memmap= */
	LOG_MAP_EFI,	    /* of EFI, where it is what memblock gets */
	LOG_MAP_ADDED,	    /* what memblock was given */
	LOG_MAP_REGIONS,    /* what memblock had when the kernel dumped it */
	LOG_MAP_NODES,	    /* what memblock had in the end, by node */
	LOG_MAP_TOLD,	    /* what firmware told of nodes */
	LOG_MAP_TOTAL,	    /* only from where to where it is */
	LOG_NR_MAPS,
};

struct log_rows {
	struct layout_range *v;
	size_t nr, room;
};

struct log_image {
	struct range range;
	unsigned int line; /* 0: not known */
};

/* Memory of a node in page frame numbers; how large a page is may be said later. */
struct log_pfns {
	uint64_t start, end;
	unsigned int nid, line;
};

/* A row of EFI's map. */
struct log_efi {
	struct range range;
	int type; /* enum layout_efi_type, or -1 */
	uint64_t attributes;
	unsigned int line;
};

/* How many processors nodes have, by node. */
struct log_cpus {
	struct log_node_cpus {
		unsigned int cpus, line; /* line 0: nothing is said of this node */
	} * v;
	size_t nr, room;
};

/* More regions of memblock than these are not needed to find the kernel among them. */
#define LOG_MAX_REGIONS 4096

/* What one boot says, as far as it needs to be seen whole. */
struct log_boot {
	struct layout *l; /* with the facts that stand for themselves */
	struct log_rows maps[LOG_NR_MAPS];
	struct layout_node_range *nodes; /* "Early memory node ranges" */
	size_t nr_nodes, room_nodes;
	struct log_pfns *pfns; /* the same of older kernels, or what add_active_range() says */
	size_t nr_pfns, room_pfns;
	bool pfns_are_map;		 /* the former */
	struct layout_node_range *spans; /* from where to where nodes have memory */
	size_t nr_spans, room_spans;
	struct log_cpus cpus_told;	    /* by firmware */
	struct log_cpus cpus_up;	    /* those that came up, but for the first */
	unsigned int slit_nodes, slit_left; /* rows of distances that are to come */
	struct log_image *ignored;	    /* memory that the kernel does not use */
	size_t nr_ignored, room_ignored;
	struct log_image *dump; /* reserved[] of the first memblock dump */
	size_t nr_dump, room_dump;
	struct layout_node_range *regions; /* memory[] of it, with flags */
	size_t nr_regions, room_regions;
	struct log_efi *efi;
	size_t nr_efi, room_efi;
	struct layout_reservation *told; /* by memblock_reserve(), before the kernel's own */
	size_t nr_told, room_told;
	struct rangeset logged;	 /* all that memblock_reserve() was called for before the dump */
	struct range last_added; /* by memblock_add() */
	struct range pool;	 /* the latest of /reserved-memory, whose name comes next */
	unsigned int pool_flags;
	struct log_image dma;	 /* zone DMA */
	bool has_dma32;		 /* zone DMA32 is not empty */
	struct log_image *early; /* memblock_reserve() calls before that dump */
	size_t nr_early, room_early;

	/* where the kernel is, as told by ... */
	struct log_image unmarked;  /* ... its adding itself to a map that lacks it */
	struct log_image reserved;  /* ... its own memblock_reserve() */
	struct log_image resources; /* ... /proc/iomem behind the log */
	struct log_image virtual;   /* ... the places of its parts in virtual memory, where ... */
	struct log_image lowmem;    /* ... this is the beginning of RAM */

	uint64_t max_pfn; /* the most that the kernel can use, or 0 */
	unsigned int max_pfn_line;
	unsigned int initrds;
	int bits; /* > 0: clues for 64 bit; < 0: for 32 bit */
	bool is_x86;
	bool heading_seen;	/* the log does not begin amid the firmware's map */
	bool user_seen;		/* mem= and memmap= have done what they do */
	bool in_nodes;		/* node ranges follow */
	unsigned int dumps;	/* of memblock's arrays so far */
	bool tables_end;	/* ACPI tables from here on are at virtual addresses */
	bool next_is_image;	/* the next removal is where the kernel's image is */
	bool memblock_filled;	/* this is certainly later than memblock's getting its memory */
	bool nodes_are_fake;	/* numa=fake */
	bool cpu_ids_seen;	/* the number of CPUs is from the line that says it best */
	bool cmdline_continues; /* its last line ended with a backslash */
	bool end_seen;		/* the kernel has looked where RAM ends, and fills memblock next */
	size_t updates_before;	/* that there were by then */
	bool modified_ends;	/* further modified maps come too late to be of use */
	bool old_updates;	/* they are of before 3.5, and memblock was filled later then */
};

enum log_verdict {
	LOG_USED, /* a fact was taken from it */
	LOG_SKIP, /* there is no fact in it */
	LOG_BAD,  /* it is for us, and log->why says what is wrong with it */
	LOG_MORE, /* the same, but for its end, which may be in the next line: mail is wrapped */
};

struct log {
	const char *name;
	struct log_boot *boot; /* the current one */
	struct log_boot *best; /* the last one before it that had memory */
	unsigned int boots;    /* that had memory */
	unsigned int line;     /* the current one, from 1 */
	bool cut;	       /* the line is the last, and its end is missing */
	bool joined;	       /* the message was put together from several lines */
	int which;	       /* of the key of the current message */
	const char *why;       /* with LOG_BAD and LOG_MORE */
	char *banner; /* of a boot that has said nothing else so far: version and builder */
};

/* A kind of message: its first words, and who understands what is behind them. */
struct log_key {
	const char *words;
	enum log_verdict (*read)(struct log *log, const char *text);
	int which;   /* what else the function wants to know: log->which */
	bool begins; /* if a banner was seen, its boot begins here at the latest */
};

extern const struct log_key log_x86_keys[];	 /* log-x86.c: maps and their updates */
extern const struct log_key log_efi_keys[];	 /* log-efi.c: EFI's map */
extern const struct log_key log_memblock_keys[]; /* log-memblock.c: memblock=debug */
extern const struct log_key log_reserved_keys[]; /* log-reserved.c: /reserved-memory */
extern const struct log_key log_acpi_keys[];	 /* log-acpi.c: tables, nodes */
extern const struct log_key log_common_keys[];	 /* log-common.c: what all machines say */
extern const struct log_key log_machine_keys[];	 /* log-machine.c: name, processors */
extern const struct log_key log_nodes_keys[];	 /* log-nodes.c: memory of nodes */
extern const struct log_key log_image_keys[];	 /* log-image.c: the kernel and its initrd */
extern const struct log_key log_outcome_keys[];	 /* log-outcome.c: crash kernel, CMA */
extern const struct log_key log_arm_keys[];	 /* log-arm.c and so on: of one architecture */
extern const struct log_key log_mips_keys[];
extern const struct log_key log_ppc_keys[];

/* A message that kernels of one architecture alone have: that of log->which. */
enum log_verdict log_arch_clue(struct log *log, const char *text);

/* What is known of a node's processors. */
struct log_node_cpus *log_cpus_of(struct log_cpus *cpus, unsigned int nid);

/* From where to where there is memory, if nothing better is known. */
enum log_verdict log_total(struct log *log, struct range range);

/* Adds the initial file system. */
enum log_verdict log_initrd(struct log *log, struct range range);

/* Rows without first words: log-nodes.c, log-image.c. */
enum log_verdict log_read_node_pfns(struct log *log, const char *text);
enum log_verdict log_read_distances(struct log *log, const char *text);
enum log_verdict log_read_early_reservation(struct log *log, const char *text);

/*
 * What lines without any key are for: those of /proc/iomem and others without first words,
 * which have one of log_other_words in them.
 */
enum log_verdict log_read_other(struct log *log, const char *text);
extern const char *const log_other_words[];

/* Takes what a banner says of the architecture. */
void log_guess_arch(struct log_boot *boot, const char *banner);

struct log_boot *log_boot_new(const char *name);
void log_boot_free(struct log_boot *boot);
bool log_boot_has_memory(const struct log_boot *boot);

/* Adds a row to a map. Returns 0 or -errno, as layout_add_range(). */
int log_boot_add_row(struct log_boot *boot, enum log_map map, struct layout_range row);

/* Forgets the rows of a map. */
void log_boot_clear_map(struct log_boot *boot, enum log_map map);

/* Adds updates for what the kernel's modified map lacks of the layout's RAM, and no line explains. */
void log_take_silent_updates(struct log_boot *boot);
/* What they gathered becomes facts and maps: log-efi.c, log-memblock.c. */
void log_boot_take_efi(struct log_boot *boot);
void log_boot_take_memblock(struct log_boot *boot);
/* What a log does not say, but shows (log-guess.c); @map is the one that was taken. */
void log_boot_guess(struct log_boot *boot, enum log_map map);

/* The layout that the boot amounts to; frees the boot. */
struct layout *log_boot_finish(struct log_boot *boot);

/* Notes where the boot contradicts itself, when all else is known (log-check.c). */
void log_boot_check(struct log_boot *boot);

/* Another boot begins, with or without a banner. */
void log_new_boot(struct log *log);

/* LOG_BAD, with the reason. */
enum log_verdict log_bad(struct log *log, const char *why);

/* What a layout_add_*() says, as a verdict. */
enum log_verdict log_added(struct log *log, int ret);

/* Adds a reservation, unless the same is there already. */
enum log_verdict log_reserve(struct log *log, struct range range, enum layout_kind kind,
			     const char *name);

/*
 * Reading what a kernel prints, besides lib/scan.h (log-scan.c). These too step over blanks first,
 * and move *@p only if they find what they look for.
 */

/* Hexadecimal digits with or without 0x. */
enum log_verdict log_scan_hex(struct log *log, const char **p, uint64_t *value);

/* "[mem 0xa-0xb]", "[0xa-0xb]" (b included), "[0xa-0xb)", "a - b" (not). */
enum log_verdict log_scan_range(struct log *log, const char **p, struct range *range);

/* "SIZE @ START", hexadecimal. */
enum log_verdict log_scan_size_at(struct log *log, const char **p, struct range *range);

#define LOG_TYPE_MAX 64

/* The kernel's words for a type: "usable", "(ACPI NVS)", "type 20". */
enum log_verdict log_scan_type(struct log *log, const char **p, enum layout_type *type,
			       char words[LOG_TYPE_MAX]);

/*
 * Texts of rows, as /proc/iomem has them (resource.c): lines without what mail and terminals
 * put around them. Starts with ->p and ->end.
 */
struct text {
	const char *p, *end; /* what is left */
	unsigned int line;   /* of the row, from 1 */
	char buf[LOG_LINE_MAX];
};

/* The next line that is not empty, or NULL. */
const char *text_next(struct text *t);

/* Whether most of the first lines are rows. */
bool text_is(const char *text, size_t len, bool (*is_row)(const char *row));

/* Counts and notes a row that is meant for us and cannot be used. */
void text_bad(struct layout *l, unsigned int line, const char *why);

/* Steps over a hexadecimal number. */
bool text_hex(const char **p, uint64_t *value);

/* Steps over "a-b", b included; what is wrong, or NULL. */
const char *text_range(const char **p, struct range *range);

/*
 * The kernel's words for the type of a resource ("ACPI Tables") as a type; -1: there is none.
 * @own is NULL, or these words if they say more than the type.
 */
int resource_type(const char *words, const char **own);

#endif
