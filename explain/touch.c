// SPDX-License-Identifier: GPL-2.0-or-later
/* What a recorded call did to a range of addresses. */
#include <stdlib.h>
#include <string.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "lib/size.h"

/* The rows of a change as they are within @range; alike ones side by side are one. */
static void clip_rows(const struct record_row *v, size_t nr, struct range range,
		      struct record_rows *rows)
{
	rows->nr = 0;
	for (size_t i = 0; i < nr; i++) {
		struct record_row row = v[i];
		struct record_row *last = rows->nr ? &rows->v[rows->nr - 1] : NULL;

		row.range = range_intersect(row.range, range);
		if (range_is_empty(row.range))
			continue;
		if (last && last->range.end == row.range.start && record_row_alike(last, &row))
			last->range.end = row.range.end;
		else
			ARRAY_APPEND(rows->v, rows->nr, rows->room) = row;
	}
}

static uint64_t rows_size(const struct record_rows *rows)
{
	uint64_t size = 0;

	for (size_t i = 0; i < rows->nr; i++)
		size += range_size(rows->v[i].range);
	return size;
}

static void write_part(FILE *out, uint64_t part, uint64_t whole)
{
	char size[SIZE_TEXT_MAX];

	if (part != whole)
		fprintf(out, ", %s of it", size_format(part, size));
}

static void write_node(FILE *out, int nid)
{
	if (nid < 0)
		fputs("no node", out);
	else
		fprintf(out, "node %d", nid);
}

/* Both have rows: what of their attributes differs, by the first that do. */
static void write_attributes(FILE *out, const struct record_row *a, const struct record_row *b)
{
	const char *gap = "";

	if (a->nid != b->nid) {
		write_node(out, a->nid);
		fputs(" becomes ", out);
		write_node(out, b->nid);
		gap = ", ";
	}
	if (strcmp(a->flags, b->flags))
		fprintf(out, "%sflags %s become %s", gap, a->flags, b->flags);
}

static void write_effect(FILE *out, enum rt_type type, const struct record_rows *gone,
			 const struct record_rows *come, uint64_t whole)
{
	const char *const became = type == RT_MEMORY ? "becomes memory" : "reserved";
	const char *const ceased = type == RT_MEMORY ? "is no memory any more" : "free again";
	uint64_t before = rows_size(gone), after = rows_size(come);

	if (after > before) {
		fputs(became, out);
		write_part(out, after - before, whole);
	} else if (after < before) {
		fputs(ceased, out);
		write_part(out, before - after, whole);
	} else {
		write_attributes(out, &gone->v[0], &come->v[0]);
	}
	if (after && come->v[0].nid >= 0 && !before)
		fprintf(out, ", node %d", come->v[0].nid);
	if (after && !before && strcmp(come->v[0].flags, "none"))
		fprintf(out, ", %s", come->v[0].flags);
}

/* Whether the change is one within @range; if so, it is written. */
static bool write_change(FILE *out, const struct record *run, const struct record_change *c,
			 struct range range, const char *gap)
{
	struct record_rows gone = { 0 }, come = { 0 };
	bool touched;

	clip_rows(&run->pool.v[c->first], c->nr_gone, range, &gone);
	clip_rows(&run->pool.v[c->first + c->nr_gone], c->nr_come, range, &come);
	touched = !record_rows_equal(&gone, &come);
	if (touched) {
		fputs(gap, out);
		write_effect(out, c->type, &gone, &come, range_size(range));
	}
	free(gone.v);
	free(come.v);
	return touched;
}

char *explain_effect(const struct record *run, const struct record_call *call, struct range range)
{
	const char *gap = "";
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	for (size_t i = 0; i < call->nr_changes; i++)
		if (write_change(out, run, &run->changes[call->first_change + i], range, gap))
			gap = "; ";
	if (fclose(out))
		array_die();
	if (*text)
		return text;
	free(text);
	return NULL;
}

/* The value of an argument by its name, as it was formatted; false without such a one. */
static bool find_argument(const struct record_call *call, const char *name, uint64_t *value)
{
	const char *names = call->arg_names, *args = call->args;

	while (*names && *args) {
		size_t n = strcspn(names, " "), a = strcspn(args, " ");
		char text[64];

		if (strlen(name) == n && !strncmp(names, name, n) && a < sizeof(text)) {
			memcpy(text, args, a);
			text[a] = '\0';
			return !size_parse(text, NULL, value);
		}
		names += n + (names[n] == ' ');
		args += a + (args[a] == ' ');
	}
	return false;
}

bool explain_is_allocation(const struct record_call *call)
{
	return strstr(call->name, "alloc") && !strstr(call->name, "allow");
}

struct range explain_subject(const struct record_call *call)
{
	struct range r = { 0 };
	uint64_t size;

	if (!find_argument(call, "size", &size))
		return r;
	if (explain_is_allocation(call)
		    ? !call->result || size_parse(call->result, NULL, &r.start) || !r.start
		    : !find_argument(call, "base", &r.start) &&
			      !find_argument(call, "addr", &r.start))
		return (struct range){ 0 };
	r.end = r.start + size < r.start ? UINT64_MAX : r.start + size;
	return r;
}
