// SPDX-License-Identifier: GPL-2.0-or-later
/* Why what was not reached cannot be: data/unreached, whose head tells its form. And sums. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "engine/coverage-file.h"
#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

enum reason_kind {
	REASON_LINE,
	REASON_BRANCH,
	REASON_ALL,
};

struct coverage_reasons {
	char *text; /* what the others point into */
	struct reason {
		enum reason_kind kind;
		const char *function, *line; /* globs */
		const char *why;
	} * v;
	size_t nr, room;
};

void coverage_reasons_free(struct coverage_reasons *reasons)
{
	if (reasons) {
		free(reasons->text);
		free(reasons->v);
	}
	free(reasons);
}

/* Without the blanks at both ends. */
static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	n = strlen(text);
	while (n && strchr(" \t\r", text[n - 1]))
		n--;
	text[n] = '\0';
	return text;
}

/* "line GLOB => WHY"; false if it is not in that form. */
static bool parse_reason(struct reason *reason, char *text)
{
	static const char *const kinds[] = {
		[REASON_LINE] = "line ", [REASON_BRANCH] = "branch ", [REASON_ALL] = "all "
	};
	char *arrow = strstr(text, "=> ");
	size_t kind = 0;

	while (kind < ARRAY_LEN(kinds) && strncmp(text, kinds[kind], strlen(kinds[kind])))
		kind++;
	if (kind == ARRAY_LEN(kinds) || !arrow)
		return false;
	*arrow = '\0';
	reason->kind = kind;
	reason->line = trim(text + strlen(kinds[kind]));
	reason->why = trim(arrow + strlen("=> "));
	return *reason->why && (kind == REASON_ALL) == !*reason->line;
}

static int parse(struct coverage_reasons *reasons, const char *path, struct error *err)
{
	const char *function = NULL;
	int number = 0;
	char *next;

	for (char *line = reasons->text; *line; line = next) {
		struct reason reason = { 0 };
		bool indented = *line == ' ' || *line == '\t';

		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		number++;
		line = trim(line);
		if (!*line || *line == '#')
			continue;
		if (!indented) {
			function = line;
			continue;
		}
		if (!function)
			return error_set(err, EINVAL, "%s:%d: name a function first", path, number);
		if (!parse_reason(&reason, line))
			return error_set(err, EINVAL,
					 "%s:%d: write `line GLOB => WHY`, `branch GLOB => WHY` or "
					 "`all => WHY`",
					 path, number);
		reason.function = function;
		ARRAY_APPEND(reasons->v, reasons->nr, reasons->room) = reason;
	}
	return 0;
}

/* Text of a line as globs are written: one blank where there are several, none at the ends. */
static char *squeeze(const char *text)
{
	char *copy = array_strdup(text), *to = copy;

	for (const char *from = text; *from; from++)
		if (!strchr(" \t\r", *from))
			*to++ = *from;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	if (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

static const char *find(const struct coverage_reasons *reasons, enum reason_kind kind,
			const char *function, const char *text)
{
	char *squeezed = squeeze(text);
	const char *why = NULL;

	for (size_t i = 0; i < reasons->nr && !why; i++) {
		const struct reason *r = &reasons->v[i];

		if (r->kind == kind && !fnmatch(r->function, function, 0) &&
		    (kind == REASON_ALL || !fnmatch(r->line, squeezed, 0)))
			why = r->why;
	}
	free(squeezed);
	return why;
}

static void explain(struct coverage_file *file, const struct coverage_reasons *reasons)
{
	for (size_t i = 1; i < file->nr_lines; i++) {
		struct coverage_line *line = &file->lines[i];
		const struct coverage_function *f =
			line->code ? coverage_function_at(file, i) : NULL;

		line->reason = line->branch_reason = NULL;
		if (f && !line->count)
			line->reason = find(reasons, REASON_LINE, f->name, line->text);
		if (f && !f->count && !line->reason)
			line->reason = find(reasons, REASON_ALL, f->name, "");
		if (f)
			line->branch_reason =
				line->reason ? line->reason
					     : find(reasons, REASON_BRANCH, f->name, line->text);
	}
}

static void count(struct coverage_sum *sum, bool reached, bool excused)
{
	sum->all++;
	sum->reached += reached;
	sum->excused += !reached && excused;
}

static bool is_excused(const struct coverage_file *file, const struct coverage_function *f)
{
	for (unsigned int i = f->line; i <= f->last && i < file->nr_lines; i++)
		if (file->lines[i].code && !file->lines[i].reason)
			return false;
	return true;
}

static void sum_up(struct coverage_file *file)
{
	file->lines_sum = file->branches_sum = file->functions_sum = (struct coverage_sum){ 0 };
	for (size_t i = 1; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];

		if (line->code)
			count(&file->lines_sum, line->count, line->reason);
		for (size_t k = 0; k < line->nr_branches; k++)
			count(&file->branches_sum, line->branches[k], line->branch_reason);
	}
	for (size_t i = 0; i < file->nr_functions; i++) {
		struct coverage_function *f = &file->functions[i];

		f->excused = !f->count && is_excused(file, f);
		count(&file->functions_sum, f->count, f->excused);
	}
}

static int by_line(const void *a, const void *b)
{
	const struct coverage_function *x = a, *y = b;

	return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
				  : strcmp(x->name, y->name);
}

int coverage_report_close(struct coverage_report *report, const char *unreached, struct error *err)
{
	char *path = unreached ? array_strdup(unreached) : engine_data_path("data/unreached", err);
	struct coverage_reasons *reasons = array_resize(NULL, 1, sizeof(*reasons));
	int ret;

	*reasons = (struct coverage_reasons){ .text = path ? file_read(path, NULL, err) : NULL };
	ret = reasons->text ? parse(reasons, path, err) : -ENOENT;
	free(path);
	coverage_reasons_free(report->reasons);
	report->reasons = reasons;
	for (size_t i = 0; i < report->nr && !ret; i++) {
		struct coverage_file *file = &report->files[i];

		if (file->nr_functions)
			qsort(file->functions, file->nr_functions, sizeof(*file->functions),
			      by_line);
		explain(file, reasons);
		sum_up(file);
	}
	return ret;
}
