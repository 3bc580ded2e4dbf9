// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts of one of the kernel's files: read from gcov, added up, summed up. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "engine/coverage-file.h"
#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

int coverage_file_init(struct coverage_file *file, const char *path, struct error *err)
{
	size_t room = 0;

	*file = (struct coverage_file){ 0 };
	file->text = file_read(path, NULL, err);
	if (!file->text)
		return -EIO;
	file->path = array_strdup(path);
	/* as the hash of what was compiled: text ends with its first NUL */
	file->hash = hash_plain(file->text, strlen(file->text));
	ARRAY_APPEND(file->lines, file->nr_lines, room).text = "";
	for (char *at = file->text; *at;) {
		ARRAY_APPEND(file->lines, file->nr_lines, room).text = at;
		at += strcspn(at, "\n");
		if (*at)
			*at++ = '\0';
	}
	return 0;
}

void coverage_file_release(struct coverage_file *file)
{
	for (size_t i = 0; i < file->nr_lines; i++)
		free(file->lines[i].branches);
	for (size_t i = 0; i < file->nr_functions; i++)
		free(file->functions[i].name);
	free(file->lines);
	free(file->functions);
	free(file->path);
	free(file->hash);
	free(file->engines);
	free(file->text);
	*file = (struct coverage_file){ 0 };
}

/* Where a test faulted, gcov's arithmetic may end below zero. */
static uint64_t count_of(const json_t *object, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(object, key));

	return count < 0 ? 0 : (uint64_t)count;
}

static void add_branch(struct coverage_line *line, size_t index, uint64_t count)
{
	if (index >= line->nr_branches) {
		line->branches = array_resize(line->branches, index + 1, sizeof(*line->branches));
		line->branches[index] = 0;
		line->nr_branches = index + 1;
	}
	line->branches[index] += count;
}

/* A line may come several times, as part of several functions. */
static void parse_line(struct coverage_file *file, const json_t *from)
{
	size_t number = count_of(from, "line_number"), i;
	const json_t *branches = json_object_get(from, "branches"), *branch;
	struct coverage_line *line;

	if (!number || number >= file->nr_lines)
		return;
	line = &file->lines[number];
	line->code = true;
	line->count += count_of(from, "count");
	json_array_foreach(branches, i, branch)
		add_branch(line, line->nr_branches, count_of(branch, "count"));
}

static void add_function(struct coverage_file *file, const struct coverage_function *from)
{
	for (size_t i = 0; i < file->nr_functions; i++) {
		struct coverage_function *f = &file->functions[i];

		if (f->line == from->line && !strcmp(f->name, from->name)) {
			f->count += from->count;
			return;
		}
	}
	ARRAY_APPEND(file->functions, file->nr_functions, file->room_functions) =
		(struct coverage_function){ .name = array_strdup(from->name),
					    .line = from->line,
					    .last = from->last,
					    .count = from->count };
}

static void parse_function(struct coverage_file *file, const json_t *from)
{
	const char *name = json_string_value(json_object_get(from, "name"));

	if (name)
		add_function(file, &(struct coverage_function){
					   .name = (char *)name,
					   .line = count_of(from, "start_line"),
					   .last = count_of(from, "end_line"),
					   .count = count_of(from, "execution_count") });
}

/* What was compiled is a copy: mm/@name.c in a directory of its own. */
static bool is_copy(const char *path, const char *name)
{
	char *end = file_path("/mm/%s.c", name);
	size_t n = strlen(end), len = path ? strlen(path) : 0;
	bool is = len > n && !strcmp(path + len - n, end);

	free(end);
	return is;
}

int coverage_file_parse(struct coverage_file *file, const char *name, const char *json, size_t len,
			struct error *err)
{
	json_t *root = json_loadb(json, len, 0, NULL), *one;
	const json_t *line, *function;
	size_t i, k;
	bool found = false;

	json_array_foreach(json_object_get(root, "files"), i, one)
	{
		if (!is_copy(json_string_value(json_object_get(one, "file")), name))
			continue;
		found = true;
		json_array_foreach(json_object_get(one, "lines"), k, line) parse_line(file, line);
		json_array_foreach(json_object_get(one, "functions"), k, function)
			parse_function(file, function);
	}
	json_decref(root);
	return found ? 0
		     : error_set(err, EINVAL, "gcov says nothing of %s; set GCOV to another",
				 file->path);
}

static void merge(struct coverage_file *to, const struct coverage_file *from)
{
	char *engines = file_path("%s, %s", to->engines, from->engines);

	free(to->engines);
	to->engines = engines;
	for (size_t i = 0; i < from->nr_lines; i++) {
		struct coverage_line *line = &to->lines[i];

		line->code |= from->lines[i].code;
		line->count += from->lines[i].count;
		for (size_t k = 0; k < from->lines[i].nr_branches; k++)
			add_branch(line, k, from->lines[i].branches[k]);
	}
	for (size_t i = 0; i < from->nr_functions; i++)
		add_function(to, &from->functions[i]);
}

void coverage_report_add(struct coverage_report *report, struct coverage_file *file)
{
	for (size_t i = 0; i < report->nr; i++) {
		struct coverage_file *same = &report->files[i];

		if (strcmp(same->hash, file->hash))
			continue;
		merge(same, file);
		coverage_file_release(file);
		return;
	}
	ARRAY_APPEND(report->files, report->nr, report->room) = *file;
}

const struct coverage_function *coverage_function_at(const struct coverage_file *file,
						     unsigned int line)
{
	for (size_t i = 0; i < file->nr_functions; i++)
		if (file->functions[i].line <= line && line <= file->functions[i].last)
			return &file->functions[i];
	return NULL;
}

static bool same_reason(const struct coverage_line *a, const struct coverage_line *b)
{
	return a->reason == b->reason || (a->reason && b->reason && !strcmp(a->reason, b->reason));
}

size_t coverage_stretch_end(const struct coverage_file *file, size_t first)
{
	const struct coverage_function *f = coverage_function_at(file, first);
	size_t last = first;

	for (size_t i = first + 1; i < file->nr_lines && f && i <= f->last; i++) {
		const struct coverage_line *line = &file->lines[i];

		if (!line->code)
			continue;
		if (line->count || !same_reason(line, &file->lines[first]))
			break;
		last = i;
	}
	return last;
}

void coverage_report_release(struct coverage_report *report)
{
	for (size_t i = 0; i < report->nr; i++)
		coverage_file_release(&report->files[i]);
	free(report->files);
	coverage_reasons_free(report->reasons);
	*report = (struct coverage_report){ 0 };
}
