// SPDX-License-Identifier: GPL-2.0-or-later
/* --html: a page of HTML beside what is printed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/inputs.h"
#include "report/page.h"

static FILE *open_page(const char *path, struct error *err)
{
	FILE *out = fopen(path, "w");

	if (!out)
		error_set(err, errno, "cannot write %s: %s", path, strerror(errno));
	return out;
}

static int close_page(FILE *out, const char *path, struct error *err)
{
	bool failed = ferror(out);

	if (!fclose(out) && !failed)
		return CMD_HOLDS;
	error_set(err, errno ? errno : EIO, "cannot write %s: %s", path,
		  strerror(errno ? errno : EIO));
	return CMD_WRONG;
}

int cmd_page_boot(const char *path, const struct boot_result *r, const struct record *run,
		  const struct layout *l, struct error *err)
{
	FILE *out = open_page(path, err);

	if (!out)
		return CMD_WRONG;
	report_page_boot(r, run, l, out);
	return close_page(out, path, err);
}

int cmd_page_replay(const char *path, const struct replay_result *r, const struct record *run,
		    const struct replay_call *o, struct error *err)
{
	FILE *out = open_page(path, err);

	if (!out)
		return CMD_WRONG;
	report_page_replay(r, run, &o->what, o->how.layout, out);
	return close_page(out, path, err);
}

int cmd_page_diff(const char *path, const struct diff *d, const struct layout *l, struct error *err)
{
	FILE *out = open_page(path, err);

	if (!out)
		return CMD_WRONG;
	report_page_diff(d, l, out);
	return close_page(out, path, err);
}
