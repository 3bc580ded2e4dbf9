// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls of memblock: "memblock_reserve: [0xa-0xb] caller", "memblock_alloc_x: N bytes align=..." */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/internal.h"

static const struct {
	const char *function;
	enum replay_kind kind;
} functions[] = {
	{ "memblock_add", REPLAY_ADD },
	{ "memblock_add_node", REPLAY_ADD },
	{ "memblock_remove", REPLAY_REMOVE },
	{ "memblock_reserve", REPLAY_RESERVE },
	{ "memblock_reserve_kern", REPLAY_RESERVE },
	{ "__memblock_reserve", REPLAY_RESERVE },
	{ "memblock_free", REPLAY_FREE },
	{ "memblock_phys_free", REPLAY_FREE },
	{ "memblock_free_late", REPLAY_LATE },
	{ "__memblock_free_late", REPLAY_LATE },
	{ "__memblock_free_early", REPLAY_FREE },
	{ "memblock_free_early", REPLAY_FREE },
};

/* By whom memblock reserves for itself what was asked of it. */
static const char *const allocators[] = {
	"memblock_alloc",      "__memblock_alloc",  "memblock_virt_alloc",
	"memblock_phys_alloc", "memblock_internal", "memblock_double_array",
};

static bool is_internal(const char *caller)
{
	for (size_t i = 0; i < ARRAY_LEN(allocators); i++)
		if (!strncmp(caller, allocators[i], strlen(allocators[i])))
			return true;
	return false;
}

void read_meaning(struct word *w)
{
	w->internal = is_internal(w->text);
	w->kind = strstr(w->text, "alloc") ? REPLAY_REQUEST : REPLAY_NR_KINDS;
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (!strcmp(functions[i].function, w->text))
			w->kind = functions[i].kind;
}

static enum read_verdict cut_or_bad(const char *p)
{
	return scan_ended(p) ? READ_CUT : READ_BAD;
}

/* "nid=0", "flags=0" or "flags 0x0", whatever order they are in; the rest is the caller. */
static const struct word *read_words(struct reader *r, struct replay_event *e, const char *p)
{
	for (;;) {
		uint64_t value;
		int nid;

		if ((scan_word(&p, "nid=")) && scan_signed(&p, &nid))
			e->nid = nid < 0 || nid >= 1024 ? -1 : nid;
		else if ((scan_word(&p, "flags=") || scan_word(&p, "flags:") ||
			  scan_word(&p, "flags ")) &&
			 scan_hex(&p, &value))
			e->flags = value;
		else
			break;
	}
	p += strspn(p, " \t");
	return words_add(r->words, p, strcspn(p, " \t"));
}

static enum read_verdict read_about_range(struct reader *r, struct replay_event *e, const char *p)
{
	const struct word *caller;
	const char *digits = p;

	if (!scan_range(&p, &e->range))
		return cut_or_bad(p);
	read_digits(r->log, digits);
	e->size = range_size(e->range);
	caller = read_words(r, e, p);
	e->caller = caller->text;
	e->internal = e->kind == REPLAY_RESERVE && caller->internal;
	ARRAY_APPEND(r->log->v, r->log->nr, r->log->room) = *e;
	return READ_USED;
}

/* "4096 bytes align=0x1000 nid=0 from=0x0 max_addr=0x1 caller" */
static enum read_verdict read_request(struct reader *r, struct replay_event *e, const char *p)
{
	if (!scan_number(&p, &e->size) || !scan_word(&p, "bytes"))
		return cut_or_bad(p);
	if (!scan_word(&p, "align=") || !scan_hex(&p, &e->align))
		return cut_or_bad(p);
	if (scan_word(&p, "nid=") && !scan_signed(&p, &e->nid))
		return cut_or_bad(p);
	if (!scan_word(&p, "from=") || !scan_hex(&p, &e->min) || !scan_word(&p, "max_addr=") ||
	    !scan_hex(&p, &e->max))
		return cut_or_bad(p);
	if (e->align & (e->align - 1))
		return READ_BAD;
	if (e->nid < 0 || e->nid >= 1024)
		e->nid = -1;
	p += strspn(p, " \t");
	e->caller = words_add(r->words, p, strcspn(p, " \t"))->text;
	ARRAY_APPEND(r->log->v, r->log->nr, r->log->room) = *e;
	return READ_USED;
}

/* "reserved is doubled to 256 at [0xa-0xb]"; before 3.6 with the array's own name only */
static enum read_verdict read_double(struct reader *r, const char *text)
{
	struct replay_event e = { .kind = REPLAY_DOUBLE, .line = r->line, .nid = -1 };
	const char *p = text;
	uint64_t count;

	e.array = scan_word(&p, "memory") ? 'm' : scan_word(&p, "reserved") ? 'r' : 0;
	if (!e.array)
		return READ_NONE;
	if (!scan_word(&p, "is doubled to") && !scan_word(&p, "array is doubled to"))
		return scan_ended(p) ? READ_CUT : READ_NONE;
	if (!scan_number(&p, &count) || !scan_word(&p, "at") || !scan_range(&p, &e.range))
		return cut_or_bad(p);
	e.size = count;
	e.function = "memblock_double_array";
	e.caller = "";
	ARRAY_APPEND(r->log->v, r->log->nr, r->log->room) = e;
	return READ_USED;
}

enum read_verdict read_call(struct reader *r, const char *text)
{
	struct replay_event e = { .line = r->line, .nid = -1 };
	const struct word *function;
	enum read_verdict v;
	size_t n = 0;

	text += strspn(text, " \t");
	if (strncmp(text, "memblock", 8) && strncmp(text, "__memblock", 10))
		return READ_NONE;
	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	if (text[n] != ':')
		return READ_NONE;
	if (n == 8 || (n == 21 && !strncmp(text, "memblock_double_array", 21)))
		return read_double(r, text + n + 1);
	function = words_add(r->words, text, n);
	e.function = function->text;
	e.kind = function->kind;
	text += n + 1;
	if (e.kind == REPLAY_NR_KINDS)
		return READ_NONE;
	v = e.kind == REPLAY_REQUEST ? read_request(r, &e, text) : read_about_range(r, &e, text);
	if (v == READ_USED)
		r->dump = NULL_EVENT;
	return v;
}
