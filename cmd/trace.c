// SPDX-License-Identifier: GPL-2.0-or-later
/* --trace-event, of boot and replay. */
#include "report/trace.h"

#include <stdlib.h>

#include "cmd/inputs.h"
#include "lib/array.h"
#include "lib/file.h"

int cmd_write_trace(const char *path, const struct record *run, const struct replay_log *log,
		    struct error *err)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	if (!out)
		array_die();
	report_trace(run, log, out);
	if (fclose(out))
		array_die();
	ret = file_write(path, text, len, err);
	free(text);
	return ret;
}
