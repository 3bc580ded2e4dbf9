// SPDX-License-Identifier: GPL-2.0-or-later
/* What memblock has: its dumps, the files of debugfs behind a log, and the nodes' memory. */
#include <ctype.h>
#include <string.h>

#include "lib/array.h"
#include "replay/internal.h"

void rows_add(struct replay_rows *rows, struct replay_row row)
{
	ARRAY_APPEND(rows->v, rows->nr, rows->room) = row;
}

static struct replay_event *begin_dump(struct reader *r, const char *place)
{
	struct replay_log *log = r->log;

	r->dump = log->nr;
	ARRAY_APPEND(log->v, log->nr, log->room) = (struct replay_event){
		.kind = REPLAY_DUMP,
		.line = r->line,
		.nid = -1,
		.function = place,
		.caller = "",
		.dump = array_resize(NULL, 1, sizeof(struct replay_dump)),
	};
	*log->v[r->dump].dump = (struct replay_dump){ 0 };
	return &log->v[r->dump];
}

/* Flags are a number, or names that are separated by '|'. */
static uint64_t read_flags(const char *p)
{
	static const struct {
		const char *name;
		uint64_t flag;
	} names[] = {
		{ "HOTPLUG", 0x1 },	 { "MIRROR", 0x2 },    { "NOMAP", 0x4 },
		{ "DRV_MNG", 0x8 },	 { "DRIVER", 0x8 },    { "RSV_NOINIT", 0x10 },
		{ "RSRV_NOINIT", 0x10 }, { "RSV_KERN", 0x20 }, { "RSRV_KERN", 0x20 },
		{ "KHO_SCRATCH", 0x40 },
	};
	uint64_t flags = 0;

	p += strspn(p, " \t");
	if (isdigit((unsigned char)*p))
		return scan_hex(&p, &flags) ? flags : 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strstr(p, names[i].name))
			flags |= names[i].flag;
	return flags;
}

/* "0x1]	[0xa-0xb], 0xc bytes on node 0 flags: 0x4" */
static enum read_verdict read_row(struct reader *r, const char *p, bool memory)
{
	struct replay_row row = { .nid = -1 };
	struct replay_rows *rows;
	const char *at;
	uint64_t index;

	if (!scan_hex(&p, &index) || !scan_word(&p, "]") || !scan_range(&p, &row.range))
		return scan_ended(p) ? READ_CUT : READ_BAD;
	if (!scan_word(&p, ",") || !scan_hex(&p, &index) || !scan_word(&p, "bytes"))
		return scan_ended(p) ? READ_CUT : READ_BAD;
	at = strstr(p, "on node ");
	if (at) {
		at += strlen("on node ");
		if (!scan_signed(&at, &row.nid) || row.nid >= 1024)
			row.nid = -1;
	}
	at = strstr(p, "flags: ");
	if (at)
		row.flags = read_flags(at + strlen("flags: "));
	if (r->dump == NULL_EVENT)
		begin_dump(r, "");
	rows = memory ? &r->log->v[r->dump].dump->memory : &r->log->v[r->dump].dump->reserved;
	rows->told = true;
	/* older kernels print the one empty region that an empty array has */
	if (!range_is_empty(row.range) && row.range.end != UINT64_MAX)
		rows_add(rows, row);
	return READ_USED;
}

enum read_verdict read_dump(struct reader *r, const char *text)
{
	const char *p = text;

	if (scan_word(&p, "MEMBLOCK configuration")) {
		begin_dump(r, "");
		return READ_USED;
	}
	if (scan_word(&p, "memory[") && isxdigit((unsigned char)*p))
		return read_row(r, p, true);
	if (scan_word(&p, "reserved[") && isxdigit((unsigned char)*p))
		return read_row(r, p, false);
	if (r->dump != NULL_EVENT &&
	    (scan_word(&p, "memory.cnt") || scan_word(&p, "reserved.cnt"))) {
		struct replay_event *e = &r->log->v[r->dump];

		if (strstr(text, "memory"))
			e->dump->memory.told = true;
		else
			e->dump->reserved.told = true;
		return READ_USED;
	}
	return READ_NONE;
}

/* "   0: 0x0000000040000000..0x000000007fffffff    0 NONE" */
static bool read_debugfs_row(struct reader *r, const char *text)
{
	struct replay_row row = { .nid = -1 };
	struct replay_rows *rows;
	const char *p = text;
	uint64_t index;

	if (!scan_number(&p, &index) || !scan_word(&p, ":") || !scan_hex(&p, &row.range.start) ||
	    !scan_word(&p, "..") || !scan_hex(&p, &row.range.end) || r->dump == NULL_EVENT)
		return false;
	row.range.end += row.range.end != UINT64_MAX;
	if (scan_signed(&p, &row.nid) || scan_word(&p, "x"))
		row.flags = read_flags(p);
	rows = r->debugfs == 'm' ? &r->log->v[r->dump].dump->memory
				 : &r->log->v[r->dump].dump->reserved;
	if (range_is_empty(row.range))
		return true;
	rows_add(rows, row);
	return true;
}

/* "@@@@ /sys/kernel/debug/memblock/memory", "# cat /sys/...", "==> /sys/... <==" */
static void begin_file(struct reader *r, const char *text)
{
	static const char *const paths[] = { "/memblock/memory", "/memblock/reserved" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct replay_event *e;

		if (!strstr(text, paths[i]))
			continue;
		r->debugfs = i ? 'r' : 'm';
		if (r->dump == NULL_EVENT || !r->log->v[r->dump].debugfs)
			begin_dump(r, "debugfs")->debugfs = true;
		e = &r->log->v[r->dump];
		*(i ? &e->dump->reserved.told : &e->dump->memory.told) = true;
	}
}

/*
 * Files of debugfs can follow a log, each behind a line with its path. What stands in other files that were
 * captured behind "@@@@ PATH", such as /proc/version, is no message of the kernel's.
 */
bool read_debugfs(struct reader *r, const char *line, size_t len)
{
	bool marked = len > 4 && !memcmp(line, "@@@@", 4);
	char text[256];
	size_t n = len < sizeof(text) ? len : sizeof(text) - 1;

	if (*line == '[') {
		r->debugfs = 0;
		return false;
	}
	memcpy(text, line, n);
	text[n] = '\0';
	text[strcspn(text, "\r")] = '\0';
	if (r->debugfs && !marked) {
		if (read_debugfs_row(r, text))
			return true;
		r->debugfs = 0;
	}
	if (marked) {
		r->debugfs = 0;
		r->in_file = !strstr(text, "@@@@ end") && !strstr(text, "absent");
	}
	if (*text != '[' && *text != '<' && strstr(text, "/memblock/") && !strstr(text, "absent"))
		begin_file(r, text);
	return marked || r->debugfs || (r->in_file && *text != '[');
}

/* "  node   0: [mem 0x0000000000001000-0x000000000009efff]" */
bool read_node_range(struct reader *r, const char *text)
{
	struct replay_row row = { 0 };
	const char *p = text;
	uint64_t nid;

	if (!scan_word(&p, "node") || !scan_number(&p, &nid) || nid >= 1024 ||
	    !scan_word(&p, ":") || !scan_word(&p, "[mem") || !scan_hex(&p, &row.range.start) ||
	    !scan_word(&p, "-") || !scan_hex(&p, &row.range.end))
		return false;
	row.nid = nid;
	row.range.end += row.range.end != UINT64_MAX;
	if (!range_is_empty(row.range))
		rows_add(&r->log->nodes, row);
	return true;
}
