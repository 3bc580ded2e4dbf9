// SPDX-License-Identifier: GPL-2.0-or-later
/* The files that --coverage writes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "report/internal.h"

int report_coverage_prepare(const char *dir, struct error *err)
{
	char *inside = file_path("%s/.", dir);
	int ret = file_mkdirs(dir, err);

	if (!ret && access(inside, W_OK | X_OK))
		ret = error_set(err, errno, "%s: %s; name a directory that can be written", dir,
				strerror(errno));
	free(inside);
	return ret;
}

/* What is written to memory first, so that a file is there whole or not at all. */
struct page {
	char *text;
	size_t len;
	FILE *out;
};

static void page_open(struct page *p)
{
	p->out = open_memstream(&p->text, &p->len);
	if (!p->out)
		array_die();
}

static int page_close(struct page *p, const char *dir, const char *name, struct error *err)
{
	char *path = file_path("%s/%s", dir, name);
	int ret;

	if (fclose(p->out))
		array_die();
	ret = file_write(path, p->text, p->len, err);
	free(p->text);
	free(path);
	return ret;
}

/* One page of its own for each of several files, "memblock-1f2e3d4c.html". */
static int write_pages(const struct coverage_report *report, const char *dir, char **names,
		       struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < report->nr && !ret; i++) {
		const struct coverage_file *file = &report->files[i];
		const char *base = strrchr(file->path, '/');
		struct page p;

		base = base ? base + 1 : file->path;
		names[i] = file_path("%.*s-%.8s.html", (int)strcspn(base, "."), base, file->hash);
		page_open(&p);
		report_coverage_page(file, p.out);
		ret = page_close(&p, dir, names[i], err);
	}
	return ret;
}

int report_coverage_write(const struct coverage_report *report, const char *dir, struct error *err)
{
	char **names = array_resize(NULL, report->nr + 1, sizeof(*names));
	struct page p;
	int ret;

	memset(names, 0, (report->nr + 1) * sizeof(*names));
	page_open(&p);
	report_coverage_lcov(report, p.out);
	ret = page_close(&p, dir, "memblock.info", err);
	if (!ret && report->nr > 1)
		ret = write_pages(report, dir, names, err);
	if (!ret) {
		page_open(&p);
		if (report->nr > 1)
			report_coverage_list(report, names, p.out);
		else
			report_coverage_page(&report->files[0], p.out);
		ret = page_close(&p, dir, "index.html", err);
	}
	for (size_t i = 0; i < report->nr; i++)
		free(names[i]);
	free(names);
	return ret;
}
