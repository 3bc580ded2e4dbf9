/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_COVERAGE_FILE_H
#define ENGINE_COVERAGE_FILE_H

#include "engine/coverage.h"

/* gcov.c: the program that reads the counters. Freed by the caller; NULL and @err if there is none. */
char *gcov_program(struct error *err);
/* What gcov knows the counters of the kernel's file @name by. Freed by the caller. */
char *gcov_notes_path(const struct engine_info *info, const char *name);

/* coverage-file.c: one of the kernel's files, with its text and without counts. */
int coverage_file_init(struct coverage_file *file, const char *path, struct error *err);
void coverage_file_release(struct coverage_file *file);
/* Counts of it, out of gcov's JSON; it was compiled as mm/@name.c. */
int coverage_file_parse(struct coverage_file *file, const char *name, const char *json, size_t len,
			struct error *err);
/* Takes @file, and adds it to what is there of the same one. */
void coverage_report_add(struct coverage_report *report, struct coverage_file *file);

/* coverage-reasons.c */
void coverage_reasons_free(struct coverage_reasons *reasons);

#endif
