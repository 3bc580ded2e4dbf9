// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds tables of ACPI: the files of /sys/firmware/acpi/tables, or copies of them, in one file
 * or one behind the other, and what acpidump prints.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "layout/acpi.h"
#include "lib/array.h"
#include "lib/file.h"

/* Real ones have some KiB. */
#define TABLE_MAX (16 << 20)

uint64_t acpi_number(const unsigned char *p, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

/* Known by its signature, if it is one that is read. */
static int (*find_reader(const void *signature))(struct layout *, const struct acpi_table *,
						 struct error *)
{
	if (!memcmp(signature, "SRAT", 4))
		return acpi_read_srat;
	return memcmp(signature, "SLIT", 4) ? NULL : acpi_read_slit;
}

/* The length in the header is said to be what it is; the bytes that are there are not more. */
static int check_header(struct layout *l, struct acpi_table *table, size_t there, struct error *err)
{
	size_t len = there < ACPI_HEADER ? 0 : acpi_number(table->data + 4, 4);
	struct srcpos pos = { .file = table->place };
	unsigned char sum = 0;

	if (there < ACPI_HEADER || len < ACPI_HEADER)
		return error_set(err, EINVAL,
				 "%s: the table ends within its header: take it whole, with "
				 "`sudo cat /sys/firmware/acpi/tables/%.4s`",
				 table->place, there < 4 ? "SRAT" : (const char *)table->data);
	table->revision = table->data[8];
	table->len = len < there ? len : there;
	if (len > there) {
		layout_note_at(l, pos, "the table is cut off: %zu of its %zu bytes are there",
			       there, len);
		l->lines_bad++;
		return 0;
	}
	for (size_t i = 0; i < len; i++)
		sum += table->data[i];
	if (sum)
		layout_note_at(l, pos,
			       "the table's checksum is wrong: its bytes add up to 0x%02x, not 0",
			       sum);
	return 0;
}

/* One table; how long it is, or -errno. */
static int read_table(struct layout *l, const unsigned char *data, size_t len, const char *place,
		      struct error *err)
{
	struct acpi_table table = { .data = data, .place = place };
	int ret = check_header(l, &table, len, err);

	if (ret)
		return ret;
	ret = find_reader(data)(l, &table, err);
	return ret ? ret : (int)table.len;
}

static bool is_table(const char *text, size_t len, const char *signature)
{
	/* the revision tells a table from a text that begins like one */
	return len > 8 && !memcmp(text, signature, 4) && (unsigned char)text[8] < ' ' && text[8];
}

static bool srat_sniff(const char *text, size_t len)
{
	return is_table(text, len, "SRAT");
}

static bool slit_sniff(const char *text, size_t len)
{
	return is_table(text, len, "SLIT");
}

static int tables_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	const unsigned char *data = (const unsigned char *)text;
	int ret;

	if (len > TABLE_MAX)
		return error_set(err, EFBIG, "%s: no table of ACPI has as many bytes", l->name);
	if (len < 4 || !find_reader(data))
		return error_set(err, EINVAL,
				 "%s: this is neither an SRAT nor a SLIT of ACPI: they begin with "
				 "these letters",
				 l->name);
	while (len >= 4 && find_reader(data)) {
		ret = read_table(l, data, len, l->name, err);
		if (ret < 0)
			return ret;
		data += ret;
		len -= ret;
	}
	if (len)
		layout_note(l, 0, "%zu bytes behind the table are not of it: not read", len);
	return 0;
}

static int read_file(struct layout *l, const char *path, struct error *err)
{
	size_t len;
	char *data = file_read(path, &len, err);
	int ret;

	if (!data)
		return err ? -err->code : -EIO;
	ret = len >= 4 && len <= TABLE_MAX && find_reader(data)
		      ? read_table(l, (unsigned char *)data, len, layout_place(l, "%s", path), err)
		      : error_set(err, EINVAL, "%s: this is no such table of ACPI", path);
	free(data);
	return ret < 0 ? ret : 0;
}

static const char *const file_names[][3] = { { "SRAT", "srat.dat", "srat.bin" },
					     { "SLIT", "slit.dat", "slit.bin" } };

/* The file of a table in a directory, as the kernel or acpidump call it, or NULL; caller frees. */
static char *find_file(const char *path, size_t table)
{
	for (size_t i = 0; i < ARRAY_LEN(file_names[table]); i++) {
		char *name = file_path("%s/%s", path, file_names[table][i]);

		if (file_exists(name))
			return name;
		free(name);
	}
	return NULL;
}

static bool acpi_sniff_dir(const char *path)
{
	bool found = false;

	for (size_t table = 0; table < ARRAY_LEN(file_names); table++) {
		char *name = find_file(path, table);

		if (name)
			found = true;
		free(name);
	}
	return found;
}

int acpi_read_dir(struct layout *l, const char *path, struct error *err)
{
	int ret = -ENOENT;

	for (size_t table = 0; table < ARRAY_LEN(file_names); table++) {
		char *name = find_file(path, table);

		if (!name)
			continue;
		ret = read_file(l, name, err);
		free(name);
		if (ret)
			return ret;
	}
	return ret;
}

static int dir_read(struct layout *l, const char *path, struct error *err)
{
	int ret = acpi_read_dir(l, path, err);

	return ret == -ENOENT ? error_set(err, ENOENT, "%s: there is no SRAT in it", path) : ret;
}

/* "SRAT @ 0x000000007FFE1A2D", above the bytes of a table */
static bool is_heading(const char *row)
{
	for (int i = 0; i < 4; i++)
		if (!isupper((unsigned char)row[i]) && !isdigit((unsigned char)row[i]) &&
		    (!row[i] || !strchr("_!$", row[i])))
			return false;
	return !strncmp(row + 4, " @ 0x", 5);
}

static bool acpi_sniff(const char *text, size_t len)
{
	struct text t = { .p = text, .end = text + (len < 4096 ? len : 4096) };
	const char *row;

	while ((row = text_next(&t)) != NULL)
		if (is_heading(row))
			return true;
	return false;
}

struct bytes {
	unsigned char *v;
	size_t nr, room;
};

/*
 * "    0000: 53 52 41 54 28 03 00 00 01 0E 42 4F 43 48 53 20  SRAT(.....BOCHS ", which is not
 * for log_message(): it takes the offset for the number of a line
 */
static bool take_bytes(struct bytes *bytes, const char *row)
{
	uint64_t at;

	if (!text_hex(&row, &at) || *row++ != ':' || at != bytes->nr)
		return false;
	for (int i = 0; i < 16 && *row == ' ' && isxdigit((unsigned char)row[1]) &&
			isxdigit((unsigned char)row[2]) && (!row[3] || row[3] == ' ');
	     i++) {
		const char pair[] = { row[1], row[2], '\0' };

		ARRAY_APPEND(bytes->v, bytes->nr, bytes->room) = strtoul(pair, NULL, 16);
		row += 3;
	}
	return true;
}

/* The table that the rows so far were of. */
static int end_table(struct layout *l, struct bytes *bytes, char signature[5], unsigned int line,
		     struct error *err)
{
	int ret = 0;

	if (*signature && (bytes->nr < 4 || memcmp(bytes->v, signature, 4)))
		text_bad(l, line, "the bytes of the table are not below its heading");
	else if (*signature)
		ret = read_table(l, bytes->v, bytes->nr,
				 layout_place(l, "%s: %s", l->name, signature), err);
	*signature = '\0';
	bytes->nr = 0;
	return ret < 0 ? ret : 0;
}

static int dump_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct text t = { .p = text, .end = text + len };
	unsigned int heading = 0, tables = 0;
	struct bytes bytes = { 0 };
	char signature[5] = "";
	const char *row;
	int ret = 0;

	while (!ret && (row = text_next(&t)) != NULL) {
		if (is_heading(row)) {
			ret = end_table(l, &bytes, signature, heading, err);
			heading = t.line;
			if (!ret && find_reader(row)) {
				memcpy(signature, row, 4);
				tables++;
			}
		} else if (*signature && bytes.nr < TABLE_MAX &&
			   take_bytes(&bytes, t.buf + strspn(t.buf, "> |"))) {
			l->lines_used++;
		}
	}
	if (!ret)
		ret = end_table(l, &bytes, signature, heading, err);
	free(bytes.v);
	l->lines = t.line;
	if (!ret && !tables)
		return error_set(
			err, EINVAL,
			"%s: there is no SRAT among its tables, so that the machine has no "
			"nodes; the memory is in /proc/iomem or in its log",
			l->name);
	return ret;
}

const struct layout_reader layout_srat = {
	.name = "srat",
	.title = "an SRAT of ACPI",
	.marks = "the file that begins with these letters",
	.sniff = srat_sniff,
	.read = tables_read,
};

const struct layout_reader layout_slit = {
	.name = "slit",
	.title = "a SLIT of ACPI",
	.marks = "the file that begins with these letters",
	.sniff = slit_sniff,
	.read = tables_read,
};

const struct layout_reader layout_acpi = {
	.name = "acpi",
	.title = "tables of ACPI",
	.marks = "as acpidump prints them, or a directory such as /sys/firmware/acpi/tables",
	.sniff = acpi_sniff,
	.read = dump_read,
	.sniff_dir = acpi_sniff_dir,
	.read_dir = dir_read,
};
