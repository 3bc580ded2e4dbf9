// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads /proc/iomem: the firmware's map as the kernel has it in the end, with the kernel's image
 * and the devices in it. What is within what, the ranges say, so that lost indentation is no
 * harm.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "layout/internal.h"
#include "lib/array.h"

/* The kernel prints eight levels at most. */
#define LEVELS_MAX 16

struct level {
	struct range range;
	bool is_ram;
};

struct iomem {
	struct layout *l;
	struct level levels[LEVELS_MAX];
	unsigned int nr_levels;
	unsigned int rows, zero_rows; /* all that look like one; all of 0-0 */
	struct range image;	      /* the kernel's, so far */
	unsigned int image_line;
	enum layout_arch arch;
	/* reserved within RAM: by the kernel itself, as well */
	unsigned int nr_kept, first_kept;
	uint64_t kept_bytes;
	unsigned int nr_managed, first_managed; /* RAM that a driver brought */
	unsigned int first_alias;
};

/* "00001000-0009fbff : System RAM"; ports have four digits, addresses eight or more. */
static const char *row_words(const char *row)
{
	const char *p = row;
	size_t n = strspn(p, "0123456789abcdefABCDEF");

	if (n < 8 || n > 16 || p[n] != '-')
		return NULL;
	p += n + 1;
	n = strspn(p, "0123456789abcdefABCDEF");
	p += n;
	p += strspn(p, " ");
	if (n < 8 || n > 16 || *p != ':')
		return NULL;
	p++;
	return p + strspn(p, " ");
}

static bool is_row(const char *row)
{
	const char *words = row_words(row);

	return words && *words;
}

static bool iomem_sniff(const char *text, size_t len)
{
	return text_is(text, len, is_row);
}

/* The level that is around @range, or NULL; what ends before it is left. */
static const struct level *enter(struct iomem *io, struct range range)
{
	while (io->nr_levels) {
		const struct level *around = &io->levels[io->nr_levels - 1];

		if (range.start >= around->range.start && range.end <= around->range.end)
			return around;
		io->nr_levels--;
	}
	return NULL;
}

/* Resources that only kernels of one architecture have. */
static void guess_arch(struct iomem *io, const char *words, const struct level *around)
{
	static const struct {
		const char *words;
		enum layout_arch arch;
	} clues[] = {
		{ "IOAPIC ", LAYOUT_X86_64 },	  { "Local APIC", LAYOUT_X86_64 },
		{ "ACPI Tables", LAYOUT_X86_64 }, { "ACPI Non-volatile Storage", LAYOUT_X86_64 },
		{ "RAM buffer", LAYOUT_X86_64 },  { "Kernel image", LAYOUT_RISCV },
	};

	for (size_t i = 0; !io->arch && i < ARRAY_LEN(clues); i++)
		if (!strncmp(words, clues[i].words, strlen(clues[i].words)))
			io->arch = clues[i].arch;
	if (!io->arch && around && around->is_ram && !strcmp(words, "reserved"))
		io->arch = LAYOUT_ARM64;
	/* real mode's memory is reserved everywhere, and by nobody else */
	if (!io->arch && !around && io->nr_levels == 1 && !io->levels[0].range.start &&
	    (!strcasecmp(words, "reserved") || io->levels[0].is_ram) &&
	    io->levels[0].range.end <= 0xa0000)
		io->arch = LAYOUT_X86_64;
}

static void read_image(struct iomem *io, const char *part, struct range range, unsigned int line)
{
	static const struct {
		const char *words, *part;
	} parts[] = {
		{ "code", "code" },
		{ "data", "rwdata" },
		{ "rodata", "rodata" },
		{ "bss", "bss" },
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!strcmp(part, parts[i].words))
			*layout_image_part(&io->l->image, parts[i].part) = range_size(range);
	if (!io->image_line) {
		io->image = range;
		io->image_line = line;
	}
	if (range.start < io->image.start)
		io->image.start = range.start;
	if (range.end > io->image.end)
		io->image.end = range.end;
}

static void count_kept(struct iomem *io, struct range range, unsigned int line)
{
	if (!io->nr_kept++)
		io->first_kept = line;
	io->kept_bytes += range_size(range);
}

/* RAM that a driver brought is none of the firmware's: memblock has not seen it. */
static int add_managed(struct iomem *io, struct range range, unsigned int line)
{
	if (!io->nr_managed++)
		io->first_managed = line;
	return layout_add_node_range(io->l, (struct layout_node_range){
						    .range = range,
						    .nid = LAYOUT_NO_NODE,
						    .flags = LAYOUT_DRIVER_MANAGED,
						    .pos.line = line,
					    });
}

static int add_row(struct iomem *io, struct range range, int type, const char *own,
		   unsigned int line)
{
	return layout_add_range(io->l, (struct layout_range){
					       .range = range,
					       .type = type,
					       .words = (char *)own,
					       .pos.line = line,
				       });
}

/* Takes the fact in a row; 1 if there is none, else as layout_add_range(). */
static int take_row(struct iomem *io, const struct level *around, const char *words,
		    struct range range, unsigned int line)
{
	const char *own;
	int type = resource_type(words, &own);

	if (!strncmp(words, "Kernel ", 7)) {
		read_image(io, words + 7, range, line);
		return 0;
	}
	if (!strncmp(words, "Crash kernel", 12))
		return layout_add_reservation(io->l, (struct layout_reservation){
							     .range = range,
							     .kind = LAYOUT_CRASH,
							     .pos.line = line,
						     });
	if (!strcmp(words, "System RAM (boot alias)")) {
		io->first_alias = io->first_alias ? io->first_alias : line;
		return 1;
	}
	if (!strncmp(words, "System RAM (", 12) || (type == LAYOUT_RAM && around))
		return add_managed(io, range, line);
	if (type == LAYOUT_RESERVED && around && around->is_ram) {
		count_kept(io, range, line);
		return 0;
	}
	return type < 0 ? 1 : add_row(io, range, type, own, line);
}

static void read_row(struct iomem *io, const char *row, unsigned int line)
{
	const char *words = row_words(row), *why;
	const struct level *around;
	struct range range;
	int ret;

	if (!words)
		return;
	io->rows++;
	why = text_range(&row, &range);
	if (why) {
		text_bad(io->l, line, why);
		return;
	}
	if (!range.start && range.end == 1) {
		io->zero_rows++;
		return;
	}
	around = enter(io, range);
	ret = take_row(io, around, words, range, line);
	if (io->nr_levels < LEVELS_MAX)
		io->levels[io->nr_levels++] =
			(struct level){ range,
					around ? around->is_ram : !strcmp(words, "System RAM") };
	guess_arch(io, words, around);
	if (!ret)
		io->l->lines_used++;
	else if (ret < 0)
		text_bad(io->l, line, "there are too many of these");
}

/* What such a kernel lists beside RAM is memory that it must not map. */
static void take_nomap(struct iomem *io)
{
	struct layout *l = io->l;

	if (io->arch != LAYOUT_ARM64 && io->arch != LAYOUT_RISCV)
		return;
	for (size_t i = 0; i < l->nr_ranges; i++) {
		if (l->ranges[i].type != LAYOUT_RESERVED)
			continue;
		l->ranges[i].type = LAYOUT_RAM;
		layout_add_node_range(l, (struct layout_node_range){ .range = l->ranges[i].range,
								     .nid = LAYOUT_NO_NODE,
								     .flags = LAYOUT_NOMAP,
								     .pos = l->ranges[i].pos });
	}
}

/*
 * Rows of e820 that touch are one row, so what begins where RAM ends, with whole memory blocks,
 * has been plugged in. (What the boot loader left splits rows, too, but is small.)
 */
static void drop_plugged(struct iomem *io)
{
	const uint64_t block = 128 << 20;
	struct layout *l = io->l;
	uint64_t end = 0; /* of the RAM before */
	size_t kept = 0;

	if (io->arch != LAYOUT_X86_64)
		return;
	for (size_t i = 0; i < l->nr_ranges; i++) {
		struct layout_range row = l->ranges[i];

		if (row.type == LAYOUT_RAM && end && row.range.start == end && end % block == 0 &&
		    range_size(row.range) % block == 0) {
			layout_note_at(l, row.pos,
				       "0x%" PRIx64 "-0x%" PRIx64
				       " was plugged in after the boot, as "
				       "it is a row of its own: memblock did not know of it",
				       row.range.start, row.range.end - 1);
			free(row.words);
		} else {
			l->ranges[kept++] = row;
		}
		end = row.type == LAYOUT_RAM ? row.range.end : 0;
	}
	l->nr_ranges = kept;
}

static void tell(struct iomem *io)
{
	struct layout *l = io->l;

	if (io->nr_kept)
		layout_note(l, io->first_kept,
			    "%u ranges within RAM, %" PRIu64 " KiB in all, are what the kernel had "
			    "reserved when it ran, most of it for itself: not taken",
			    io->nr_kept, io->kept_bytes >> 10);
	if (io->nr_managed)
		layout_note(
			l, io->first_managed,
			"%u ranges of RAM were brought by a driver after the boot: memblock did "
			"not know of them",
			io->nr_managed);
	if (io->first_alias)
		layout_note(l, io->first_alias,
			    "the alias of RAM that the boot used is the same RAM: not taken");
}

static int finish(struct iomem *io, struct error *err)
{
	struct layout *l = io->l;

	if (io->zero_rows && io->zero_rows + l->lines_bad >= io->rows)
		return error_set(err, EACCES,
				 "%s: all addresses are 0, as the kernel shows them to root alone: "
				 "take it with `sudo cat /proc/iomem`, or call mbsim with sudo",
				 l->name);
	if (!layout_has_ram(l))
		return error_set(err, EINVAL,
				 "%s: there is no row \"System RAM\" in it, as /proc/iomem has",
				 l->name);
	take_nomap(io);
	drop_plugged(io);
	if (io->image_line)
		layout_add_reservation(l, (struct layout_reservation){
						  .range = io->image,
						  .kind = LAYOUT_KERNEL,
						  .pos.line = io->image_line,
					  });
	l->arch = io->arch;
	if (l->arch == LAYOUT_X86_64)
		l->page_size = 4096;
	tell(io);
	return 0;
}

static int iomem_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct text t = { .p = text, .end = text + len };
	struct iomem io = { .l = l };
	const char *row;

	while ((row = text_next(&t)) != NULL)
		read_row(&io, row, t.line);
	l->lines = t.line;
	return finish(&io, err);
}

const struct layout_reader layout_iomem = {
	.name = "iomem",
	.title = "/proc/iomem",
	.marks = "with rows such as \"00100000-bfffffff : System RAM\"",
	.sniff = iomem_sniff,
	.read = iomem_read,
};
