// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads EFI's map of memory as the command memmap of the EFI shell prints it. What the kernel
 * makes of it on a PC, without a map of the boot loader's, is what this makes of it.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"

/* Attributes of memory. */
#define WRITE_BACK 0x8u
#define MORE_RELIABLE 0x10000u
#define SPECIFIC_PURPOSE 0x40000u

/* The shell's names, short and long, of EDK2 and older; and what the kernel's log calls it. */
static const struct efi_type {
	const char *names[3];
	const char *words;
	enum layout_type type;
	bool is_free; /* when boot services are over */
} types[] = {
	{ { "Available" }, "Conventional", LAYOUT_RAM, true },
	{ { "LoaderCode" }, "Loader Code", LAYOUT_RAM, true },
	{ { "LoaderData" }, "Loader Data", LAYOUT_RAM, true },
	{ { "BS_Code", "BootServiceCode" }, "Boot Code", LAYOUT_RAM, true },
	{ { "BS_Data", "BootServiceData" }, "Boot Data", LAYOUT_RAM, true },
	{ { "RT_Code", "RuntimeCode" }, "Runtime Code", LAYOUT_RESERVED, false },
	{ { "RT_Data", "RuntimeData" }, "Runtime Data", LAYOUT_RESERVED, false },
	{ { "Reserved" }, "Reserved", LAYOUT_RESERVED, false },
	{ { "Unusable", "UnusableMemory" }, "Unusable", LAYOUT_UNUSABLE, false },
	{ { "ACPI_Recl", "ACPIReclaimMemory", "ACPIRec" }, "ACPI Reclaim", LAYOUT_ACPI, false },
	{ { "ACPI_NVS", "ACPIMemoryNVS" }, "ACPI Mem NVS", LAYOUT_NVS, false },
	{ { "MMIO", "MemoryMappedIO", "MemMapIO" }, "MMIO", LAYOUT_RESERVED, false },
	{ { "MMIO_Port", "MemoryMappedIOPortSpace", "MMIOPort" },
	  "MMIO Port",
	  LAYOUT_RESERVED,
	  false },
	{ { "PalCode" }, "PAL Code", LAYOUT_RESERVED, false },
	{ { "Persistent", "PersistentMemory" }, "Persistent", LAYOUT_PMEM, false },
	{ { "Unaccepted", "UnacceptedMemory" }, "Unaccepted", LAYOUT_RAM, true },
};

/* A type of the firmware's own, which is a number. */
static const struct efi_type own_type = { { NULL }, NULL, LAYOUT_RESERVED, false };

struct row {
	const struct efi_type *type;
	char word[32]; /* the shell's */
	struct range range;
	uint64_t pages, attributes;
};

static const struct efi_type *find_type(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		for (size_t n = 0; n < ARRAY_LEN(types[i].names) && types[i].names[n]; n++)
			if (!strcasecmp(types[i].names[n], word))
				return &types[i];
	return strlen(word) == 8 && strspn(word, "0123456789abcdefABCDEF") == 8 ? &own_type : NULL;
}

/* "MemoryMap,"BS_Code","0","FFF",...", as with -sfo: a line of words in @buf */
static const char *plain(const char *text, char buf[LOG_LINE_MAX])
{
	char *p = buf;

	if (strncasecmp(text, "MemoryMap,", 10))
		return text;
	for (text += 10; *text; text++)
		*p++ = *text == '"' || *text == ',' ? ' ' : *text;
	*p = '\0';
	return buf + strspn(buf, " ");
}

/*
 * "Available  0000000000000000-000000000009FFFF 00000000000000A0 000000000000000F"; 1: it is no
 * row, -1: it is one that is cut off or wrong
 */
static int parse_row(const char *text, struct row *row)
{
	char buf[LOG_LINE_MAX];
	const char *p = plain(text, buf);
	size_t len = strcspn(p, " ");
	uint64_t last;

	if (!len || len >= sizeof(row->word))
		return 1;
	memcpy(row->word, p, len);
	row->word[len] = '\0';
	row->type = find_type(row->word);
	p += len;
	if (!row->type || strspn(p, " ") == 0 || !isxdigit((unsigned char)p[strspn(p, " ")]))
		return 1;
	if (!text_hex(&p, &row->range.start) || (*p != '-' && *p != ' '))
		return -1;
	p++;
	if (!text_hex(&p, &last) || !text_hex(&p, &row->pages) || !text_hex(&p, &row->attributes) ||
	    last < row->range.start || last == UINT64_MAX)
		return -1;
	row->range.end = last + 1;
	return 0;
}

static bool is_row(const char *text)
{
	struct row row;

	return !parse_row(text, &row);
}

static bool efi_sniff(const char *text, size_t len)
{
	return text_is(text, len, is_row);
}

static enum layout_type find_use(const struct row *row)
{
	if (!row->type->is_free)
		return row->type->type;
	if (row->attributes & SPECIFIC_PURPOSE)
		return LAYOUT_SOFT_RESERVED;
	return row->attributes & WRITE_BACK ? LAYOUT_RAM : LAYOUT_RESERVED;
}

static void take_row(struct layout *l, const struct row *row, unsigned int line)
{
	const char *words = row->type->words ? row->type->words : row->word;
	struct layout_range range = {
		.range = row->range,
		.type = find_use(row),
		.words = (char *)words,
		.pos.line = line,
	};

	if (layout_add_range(l, range)) {
		text_bad(l, line, "there are too many of these");
		return;
	}
	l->lines_used++;
	if (range_size(row->range) >> 12 != row->pages)
		layout_note(l, line, "the number of pages is not that of the range");
	if (row->attributes & MORE_RELIABLE)
		layout_add_node_range(l, (struct layout_node_range){ .range = row->range,
								     .nid = LAYOUT_NO_NODE,
								     .flags = LAYOUT_MIRROR,
								     .pos.line = line });
	/* the kernel keeps it until it has called the firmware for the last time */
	if (!strncmp(words, "Boot ", 5)) {
		char name[40];

		snprintf(name, sizeof(name), "EFI %s", words);
		layout_add_reservation(l, (struct layout_reservation){ .range = row->range,
								       .kind = LAYOUT_FIRMWARE,
								       .name = name,
								       .pos.line = line });
	}
}

static int efi_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct text t = { .p = text, .end = text + len };
	const char *line;

	while ((line = text_next(&t)) != NULL) {
		struct row row;
		int ret = parse_row(line, &row);

		if (!ret)
			take_row(l, &row, t.line);
		else if (ret < 0)
			text_bad(l, t.line, "the row is cut off, or its range is no range");
	}
	l->lines = t.line;
	if (layout_has_ram(l))
		return 0;
	return error_set(err, EINVAL,
			 "%s: there is no row of memory in it, as the command memmap of the EFI "
			 "shell prints them",
			 l->name);
}

/* /sys/firmware/efi/runtime-map, which people take for the map. */
static bool efi_sniff_dir(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		char *name = file_path("%s/%s/phys_addr", path, entry->d_name);

		found = isdigit((unsigned char)*entry->d_name) && file_exists(name);
		free(name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static int efi_read_dir(struct layout *l, const char *path, struct error *err)
{
	(void)l;
	return error_set(
		err, EINVAL,
		"%s: it has the memory of EFI's run-time services only, and no RAM: all of "
		"EFI's map is in the log of a boot with efi=debug, and the kernel's map in "
		"/sys/firmware/memmap or /proc/iomem",
		path);
}

const struct layout_reader layout_efi_memmap = {
	.name = "efi-memmap",
	.title = "the EFI shell's memmap",
	.marks = "with rows such as \"Available 0000000000000000-000000000009FFFF ...\"",
	.sniff = efi_sniff,
	.read = efi_read,
	.sniff_dir = efi_sniff_dir,
	.read_dir = efi_read_dir,
};
