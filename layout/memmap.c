// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads /sys/firmware/memmap, which is the firmware's map as the kernel got it: the directory or
 * a copy of it, or all its files as one text, which `grep -r . /sys/firmware/memmap` prints.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/file.h"

#define NUMBER_DIGITS 7 /* more entries than LAYOUT_MAX_RANGES */

enum part {
	START,
	END,
	TYPE,
	NR_PARTS,
};

static const char *const part_names[NR_PARTS] = { "start", "end", "type" };

/* One of the files: "3/type". */
struct piece {
	unsigned int number;
	enum part part;
	struct srcpos pos;
	char *value;
};

struct memmap {
	struct layout *l;
	struct piece *pieces;
	size_t nr, room;
	bool begun;	  /* the entry with the lowest address was there */
	uint64_t lowest;  /* start of all entries */
	uint64_t highest; /* of the entries so far */
};

/* "N/PART" at the end of @path. */
static bool parse_name(const char *path, size_t len, struct piece *piece)
{
	for (int part = 0; part < NR_PARTS; part++) {
		size_t n = strlen(part_names[part]), digits = 0;

		if (len < n + 2 || strncmp(path + len - n, part_names[part], n) ||
		    path[len - n - 1] != '/')
			continue;
		len -= n + 1;
		while (digits < len && isdigit((unsigned char)path[len - digits - 1]))
			digits++;
		if (!digits || digits > NUMBER_DIGITS ||
		    (digits < len && path[len - digits - 1] != '/'))
			return false;
		piece->number = strtoul(path + len - digits, NULL, 10);
		piece->part = part;
		return true;
	}
	return false;
}

/* "/sys/firmware/memmap/0/start:0x0", "0/type:System RAM"; where the value begins, or NULL */
static const char *parse_row(const char *row, struct piece *piece)
{
	const char *colon = strchr(row, ':');

	if (!colon || !parse_name(row, colon - row, piece))
		return NULL;
	return colon + 1 + strspn(colon + 1, " ");
}

static bool is_row(const char *row)
{
	struct piece piece;

	return parse_row(row, &piece) != NULL;
}

static bool memmap_sniff(const char *text, size_t len)
{
	return text_is(text, len, is_row);
}

static int compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->pos.line > y->pos.line) - (x->pos.line < y->pos.line);
}

static void complain(struct memmap *m, const struct piece *piece, const char *why)
{
	m->l->lines_bad++;
	layout_note_at(m->l, piece->pos, "not understood: entry %u: %s", piece->number, why);
}

static bool parse_address(struct memmap *m, const struct piece *piece, uint64_t *value)
{
	const char *p = piece->value;

	if (text_hex(&p, value) && !*p)
		return true;
	complain(m, piece, "there is no address where one is expected");
	return false;
}

/* All the parts of an entry are there. */
static void take_entry(struct memmap *m, const struct piece *const parts[NR_PARTS])
{
	struct layout_range row = { .pos = parts[START]->pos };
	const char *own = parts[TYPE]->value;
	uint64_t last;
	int type;

	if (!parse_address(m, parts[START], &row.range.start) ||
	    !parse_address(m, parts[END], &last))
		return;
	if (last < row.range.start || row.range.start == UINT64_MAX) {
		complain(m, parts[END], "the range ends before it starts");
		return;
	}
	row.range.end = last == UINT64_MAX ? last : last + 1;
	type = resource_type(parts[TYPE]->value, &own);
	row.type = type < 0 ? LAYOUT_OTHER : type;
	row.words = (char *)own;
	/*
	 * The kernel sorts what the firmware gave, and numbers it late: memory that was plugged in
	 * has a number before all of that, or behind it.
	 */
	m->begun |= row.range.start <= m->lowest;
	if ((!m->begun || row.range.start < m->highest) && row.type == LAYOUT_RAM) {
		layout_note_at(m->l, row.pos,
			       "entry %u was plugged in after the boot, as its place shows: "
			       "memblock did not know of it",
			       parts[START]->number);
		return;
	}
	if (row.range.start > m->highest)
		m->highest = row.range.start;
	if (layout_add_range(m->l, row))
		complain(m, parts[START], "there are too many of these");
	else
		m->l->lines_used += NR_PARTS;
}

static void find_lowest(struct memmap *m)
{
	m->lowest = UINT64_MAX;
	for (size_t i = 0; i < m->nr; i++) {
		const char *p = m->pieces[i].value;
		uint64_t start;

		if (m->pieces[i].part == START && text_hex(&p, &start) && start < m->lowest)
			m->lowest = start;
	}
}

static void take_entries(struct memmap *m)
{
	if (m->nr)
		qsort(m->pieces, m->nr, sizeof(*m->pieces), compare_pieces);
	find_lowest(m);
	for (size_t i = 0, next; i < m->nr; i = next) {
		const struct piece *parts[NR_PARTS] = { NULL };
		int missing = -1;

		for (next = i; next < m->nr && m->pieces[next].number == m->pieces[i].number;
		     next++) {
			const struct piece *piece = &m->pieces[next];

			if (!parts[piece->part])
				parts[piece->part] = piece;
			else if (strcmp(parts[piece->part]->value, piece->value))
				complain(m, piece, "it was said differently before");
		}
		for (int part = 0; part < NR_PARTS; part++)
			if (!parts[part])
				missing = part;
		if (missing < 0)
			take_entry(m, parts);
		else
			complain(m, &m->pieces[i],
				 missing == TYPE  ? "its type is missing"
				 : missing == END ? "its end is missing"
						  : "its start is missing");
	}
}

static int finish(struct memmap *m, struct error *err)
{
	struct layout *l = m->l;

	take_entries(m);
	for (size_t i = 0; i < m->nr; i++)
		free(m->pieces[i].value);
	free(m->pieces);
	if (!layout_has_ram(l))
		return error_set(
			err, EINVAL,
			"%s: no entry of \"System RAM\" in it, as /sys/firmware/memmap has",
			l->name);
	/* kernels of other machines do not have it */
	l->arch = LAYOUT_X86_64;
	l->page_size = 4096;
	return 0;
}

static void keep(struct memmap *m, struct piece piece, const char *value)
{
	piece.value = array_strdup(value);
	ARRAY_APPEND(m->pieces, m->nr, m->room) = piece;
}

static int memmap_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct text t = { .p = text, .end = text + len };
	struct memmap m = { .l = l };
	const char *row, *value;

	while ((row = text_next(&t)) != NULL) {
		struct piece piece = { .pos = { l->name, t.line } };

		value = parse_row(row, &piece);
		if (!value)
			continue;
		if (m.nr < NR_PARTS * LAYOUT_MAX_RANGES)
			keep(&m, piece, value);
		else
			text_bad(l, t.line, "there are too many of these");
	}
	l->lines = t.line;
	return finish(&m, err);
}

static bool is_number(const char *name)
{
	size_t n = strspn(name, "0123456789");

	return n && n <= NUMBER_DIGITS && !name[n];
}

static bool memmap_sniff_dir(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		for (int part = 0; is_number(entry->d_name) && !found && part < NR_PARTS; part++) {
			char *name = file_path("%s/%s/%s", path, entry->d_name, part_names[part]);

			found = part != TYPE && file_exists(name);
			free(name);
		}
	}
	if (dir)
		closedir(dir);
	return found;
}

static void read_entry(struct memmap *m, const char *path, const char *number)
{
	for (int part = 0; part < NR_PARTS; part++) {
		struct piece piece = { .number = strtoul(number, NULL, 10), .part = part };
		char *name = file_path("%s/%s/%s", path, number, part_names[part]);
		size_t len;
		char *value = file_read(name, &len, NULL);

		if (value) {
			value[strcspn(value, "\r\n")] = '\0';
			piece.pos.file = layout_place(m->l, "%s/%s", path, number);
			keep(m, piece, value);
			m->l->lines++;
		}
		free(value);
		free(name);
	}
}

static int memmap_read_dir(struct layout *l, const char *path, struct error *err)
{
	struct memmap m = { .l = l };
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (!dir)
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	while ((entry = readdir(dir)))
		if (is_number(entry->d_name) && m.nr < NR_PARTS * LAYOUT_MAX_RANGES)
			read_entry(&m, path, entry->d_name);
	closedir(dir);
	return finish(&m, err);
}

const struct layout_reader layout_memmap = {
	.name = "memmap",
	.title = "/sys/firmware/memmap",
	.marks = "the directory, or its files as `grep -r .` prints them",
	.sniff = memmap_sniff,
	.read = memmap_read,
	.sniff_dir = memmap_sniff_dir,
	.read_dir = memmap_read_dir,
};
