// SPDX-License-Identifier: GPL-2.0-or-later
/* The nodes and properties of a flattened device tree, by way of libfdt. */
#include "layout/dt.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

#define PATH_LIMIT 240 /* longer ones lose their middle */

static const char *explain(int code)
{
	switch (code) {
	case -FDT_ERR_TRUNCATED:
		return "it ends too early";
	case -FDT_ERR_BADVERSION:
		return "its version is not known";
	case -FDT_ERR_BADMAGIC:
		return "it does not begin as one";
	case -FDT_ERR_BADSTATE:
		return "it was never finished";
	default:
		return "its structure is broken";
	}
}

static int check_blob(struct layout *l, const void *blob, size_t len, struct error *err)
{
	int ret;

	if (len < sizeof(struct fdt_header))
		return error_set(err, EINVAL, "%s: a device tree of %zu bytes: it ends too early",
				 l->name, len);
	if (fdt_magic(blob) == FDT_MAGIC && fdt_totalsize(blob) > len)
		return error_set(err, EINVAL,
				 "%s: a device tree of %" PRIu32 " bytes, of which %zu are there",
				 l->name, fdt_totalsize(blob), len);
	/* older ones, which name the root, make fdt_check_full() of libfdt 1.6 fall over */
	if (fdt_magic(blob) == FDT_MAGIC && fdt_version(blob) < 16)
		ret = -FDT_ERR_BADVERSION;
	else
		ret = fdt_check_full(blob, len);
	if (ret)
		return error_set(err, EINVAL, "%s: a broken device tree: %s (%s)", l->name,
				 explain(ret), fdt_strerror(ret));
	return 0;
}

static int number_nodes(struct dt *t, struct error *err)
{
	int depth = 0, last_depth = -1, last = -1;

	for (int offset = fdt_next_node(t->blob, -1, &depth); offset >= 0 && depth >= 0;
	     offset = fdt_next_node(t->blob, offset, &depth)) {
		/* fdt_next_node() begins to count at the root's depth */
		for (; last >= 0 && last_depth >= depth; last_depth--)
			last = t->nodes[last].parent;
		if (t->nr == DT_MAX_NODES)
			return error_set(
				err, EINVAL,
				"%s: a device tree of more than %d nodes: none is as large",
				t->l->name, DT_MAX_NODES);
		ARRAY_APPEND(t->nodes, t->nr, t->room) =
			(struct dt_node){ .offset = offset, .parent = last };
		last = t->nr - 1;
		last_depth = depth;
	}
	if (!t->nr)
		return error_set(err, EINVAL, "%s: a device tree without any node", t->l->name);
	return 0;
}

static int read_cells(struct dt *t, const char *name, unsigned int *cells, struct error *err)
{
	uint32_t value;

	*cells = 1; /* the kernel's default; the specification's is 2 for addresses */
	if (!dt_u32(t, 0, name, &value)) {
		dt_note(t, 0, "%s is %s: the kernel takes it for 1", name,
			dt_has(t, 0, name) ? "not one cell" : "missing");
		return 0;
	}
	if (value > DT_MAX_CELLS)
		return error_set(err, EINVAL,
				 "%s: the root has %s = <%" PRIu32
				 ">: a number has at most %d cells",
				 t->l->name, name, value, DT_MAX_CELLS);
	*cells = value;
	return 0;
}

int dt_open(struct dt *t, struct layout *l, const void *blob, size_t len, struct error *err)
{
	int ret;

	*t = (struct dt){ .l = l, .blob = blob };
	ret = check_blob(l, blob, len, err);
	if (!ret)
		ret = number_nodes(t, err);
	if (!ret)
		ret = read_cells(t, "#address-cells", &t->address_cells, err);
	if (!ret)
		ret = read_cells(t, "#size-cells", &t->size_cells, err);
	return ret;
}

void dt_close(struct dt *t)
{
	free(t->nodes);
	*t = (struct dt){ 0 };
}

const char *dt_name(const struct dt *t, int node)
{
	const char *name = fdt_get_name(t->blob, t->nodes[node].offset, NULL);

	return name ? name : "";
}

bool dt_is_named(const struct dt *t, int node, const char *name)
{
	const char *mine = dt_name(t, node);
	size_t len = strlen(name);

	return !strncmp(mine, name, len) && (!mine[len] || mine[len] == '@');
}

int dt_child(const struct dt *t, int parent, const char *name)
{
	for (int i = parent + 1; i < t->nr; i++)
		if (t->nodes[i].parent == parent && dt_is_named(t, i, name))
			return i;
	return -1;
}

const void *dt_get(const struct dt *t, int node, const char *name, int *len)
{
	return fdt_getprop(t->blob, t->nodes[node].offset, name, len);
}

bool dt_has(const struct dt *t, int node, const char *name)
{
	return dt_get(t, node, name, NULL) != NULL;
}

const char *dt_string(const struct dt *t, int node, const char *name)
{
	int len;
	const char *text = dt_get(t, node, name, &len);

	return text && len > 0 && memchr(text, '\0', len) ? text : NULL;
}

bool dt_u32(const struct dt *t, int node, const char *name, uint32_t *value)
{
	int len;
	const void *cell = dt_get(t, node, name, &len);

	if (!cell || len != 4)
		return false;
	*value = dt_number(cell, 1);
	return true;
}

bool dt_lists(const struct dt *t, int node, const char *name, const char *word)
{
	int len;
	const char *text = dt_get(t, node, name, &len);

	while (text && len > 0) {
		const char *end = memchr(text, '\0', len);

		if (!end)
			return false;
		if (!strcmp(text, word))
			return true;
		len -= end + 1 - text;
		text = end + 1;
	}
	return false;
}

bool dt_is_compatible(const struct dt *t, int node, const char *word)
{
	return dt_lists(t, node, "compatible", word);
}

bool dt_is_available(const struct dt *t, int node)
{
	const char *status = dt_string(t, node, "status");

	if (!status)
		return !dt_has(t, node, "status");
	return !strcmp(status, "okay") || !strcmp(status, "ok");
}

uint64_t dt_number(const void *value, unsigned int cells)
{
	const fdt32_t *cell = value;
	uint64_t number = 0;

	for (unsigned int i = 0; i < cells; i++)
		number = number << 32 | fdt32_ld(&cell[i]);
	return number;
}

int dt_pair_bytes(const struct dt *t)
{
	return 4 * (int)(t->address_cells + t->size_cells);
}

struct dt_pair dt_pair(const struct dt *t, const void *value, int index)
{
	const char *at = (const char *)value + (size_t)index * dt_pair_bytes(t);

	return (struct dt_pair){
		.address = dt_number(at, t->address_cells),
		.size = dt_number(at + 4 * (size_t)t->address_cells, t->size_cells),
	};
}

struct range dt_range(struct dt *t, int node, struct dt_pair pair)
{
	struct range r = { pair.address, 0 };

	if (__builtin_add_overflow(pair.address, pair.size, &r.end)) {
		/* exactly the end of all addresses is not worth a word */
		if (r.end)
			dt_note(t, node,
				"0x%" PRIx64 " bytes from 0x%" PRIx64
				" on go beyond the last address: they are cut there",
				pair.size, pair.address);
		r.end = UINT64_MAX;
	}
	return r;
}

char *dt_clean(const char *text)
{
	char *copy = array_strdup(text);

	for (unsigned char *c = (unsigned char *)copy; *c; c++)
		if (*c < ' ' || *c == 0x7f)
			*c = '?';
	return copy;
}

/* Put together from its end, as the way up is the one that is known. */
struct srcpos dt_pos(struct dt *t, int node)
{
	char path[PATH_LIMIT + 1], *clean;
	size_t at = PATH_LIMIT;
	const char *place;

	path[at] = '\0';
	for (; node > 0; node = t->nodes[node].parent) {
		const char *name = dt_name(t, node);
		size_t len = strlen(name);

		if (len + 1 > at - 3) {
			memcpy(path + at - 3, "...", 3);
			at -= 3;
			break;
		}
		at -= len;
		memcpy(path + at, name, len);
		path[--at] = '/';
	}
	if (at == PATH_LIMIT)
		path[--at] = '/';
	clean = dt_clean(path + at);
	place = layout_place(t->l, "%s: %s", t->l->name, clean);
	free(clean);
	return (struct srcpos){ .file = place };
}

void dt_note(struct dt *t, int node, const char *fmt, ...)
{
	char text[500];
	va_list ap;

	if (t->l->nr_notes >= LAYOUT_MAX_NOTES)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	layout_note_at(t->l, dt_pos(t, node), "%s", text);
}

void dt_added(struct dt *t, int node, int ret)
{
	if (ret == -ENOSPC)
		dt_note(t, node, "there are too many of these: the rest is left out");
}
