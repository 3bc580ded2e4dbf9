// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads memblock's messages out of a log. Wordings from 3.x on are known by their shape and not by
 * their words alone: a function's name that begins with memblock, a colon, and a range or a request.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout/message.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/filemap.h"
#include "replay/internal.h"

static void add_unread(struct reader *r, unsigned int line, const char *text)
{
	struct replay_log *log = r->log;

	ARRAY_APPEND(log->unread, log->nr_unread, log->room_unread) =
		(struct replay_unread){ line, array_strdup(text) };
}

static void event_release(struct replay_event *e)
{
	if (!e->dump)
		return;
	free(e->dump->memory.v);
	free(e->dump->reserved.v);
	free(e->dump);
}

static void close_map(struct filemap *map)
{
	if (map)
		filemap_close(map);
	free(map);
}

static void log_clear(struct replay_log *log)
{
	for (size_t i = 0; i < log->nr; i++)
		event_release(&log->v[i]);
	for (size_t i = 0; i < log->nr_unread; i++)
		free(log->unread[i].text);
	free(log->v);
	free(log->unread);
	free(log->nodes.v);
	free(log->version);
	free(log->copy);
	close_map(log->map);
	free(log->name);
}

void replay_log_free(struct replay_log *log)
{
	if (!log)
		return;
	log_clear(log);
	if (log->words) {
		words_release(log->words);
		free(log->words);
	}
	free(log);
}

static struct replay_log *new_log(const char *name)
{
	struct replay_log *log = array_resize(NULL, 1, sizeof(*log));

	*log = (struct replay_log){
		.name = array_strdup(name),
		.version = array_strdup(""),
		.first_line = 1,
	};
	return log;
}

/* Dumps alone, such as a running kernel gives, are nothing to replay. */
static bool has_calls(const struct replay_log *log)
{
	for (size_t i = 0; i < log->nr; i++)
		if (log->v[i].kind != REPLAY_DUMP && log->v[i].kind != REPLAY_OVER)
			return true;
	return false;
}

/* A boot is over: it stays if it is the one that is wanted. */
static void end_boot(struct reader *r)
{
	r->dump = NULL_EVENT;
	r->log->text_len = r->at - r->log->text_from;
	if (has_calls(r->log)) {
		read_finish(r->log);
		r->log->boot = ++r->boots;
		if (!r->wanted || r->wanted == r->boots) {
			replay_log_free(r->best);
			r->best = r->log;
			r->log = NULL;
		}
	}
	if (r->log)
		replay_log_free(r->log);
	r->log = new_log(r->name);
	r->log->text_from = r->at;
	r->log->first_line = r->line;
	r->late = false;
	r->caught_up = r->first = 0;
	rangeset_clear(&r->taken);
}

static struct replay_event *first_request(struct reader *r)
{
	struct replay_log *log = r->log;

	while (r->first < log->nr && log->v[r->first].kind != REPLAY_REQUEST)
		r->first++;
	return r->first < log->nr ? &log->v[r->first] : NULL;
}

static bool is_same_request(const struct replay_event *a, const struct replay_event *b)
{
	return a != b && a->size == b->size && a->align == b->align && a->min == b->min &&
	       a->function == b->function && a->caller == b->caller;
}

/* What is taken before event @end, which few have to know. */
static void catch_up(struct reader *r, size_t end)
{
	for (; r->caught_up < end; r->caught_up++) {
		const struct replay_event *e = &r->log->v[r->caught_up];

		if (e->kind == REPLAY_FREE)
			rangeset_remove(&r->taken, e->range);
		else if (e->kind == REPLAY_RESERVE && r->caught_up &&
			 e[-1].kind == REPLAY_REQUEST && (e->internal || e->size == e[-1].size))
			rangeset_add(&r->taken, e->range);
	}
}

/*
 * A boot without a banner begins where, after the command line, the first request of all is made again, and is
 * given memory that is taken.
 */
static void find_restart(struct reader *r)
{
	struct replay_log *log = r->log;
	struct replay_event *last = log->nr ? &log->v[log->nr - 1] : NULL;
	struct replay_event *request = log->nr > 1 ? last - 1 : last;
	struct replay_event again[2];
	size_t at;

	if (!last || last->line != r->line)
		return;
	/* whose answer it is, its size tells where callers have no names */
	if (!r->late || last->kind != REPLAY_RESERVE || log->nr < 2 ||
	    request->kind != REPLAY_REQUEST || (!last->internal && last->size != request->size) ||
	    !is_same_request(request, first_request(r)))
		return;
	catch_up(r, log->nr - 2);
	at = rangeset_after(&r->taken, last->range.start);
	if (at < r->taken.nr && range_overlaps(r->taken.v[at], last->range)) {
		memcpy(again, request, sizeof(again));
		log->nr -= 2;
		end_boot(r);
		for (size_t i = 0; i < ARRAY_LEN(again); i++)
			ARRAY_APPEND(r->log->v, r->log->nr, r->log->room) = again[i];
	}
}

/* The beginning of another boot: its banner, when there has been one or calls before. */
static void take_banner(struct reader *r, const char *text)
{
	static const char banner[] = "Linux version ";
	size_t n;

	if (r->log->nr || *r->log->version)
		end_boot(r);
	text += strlen(banner);
	n = strcspn(text, " ");
	free(r->log->version);
	r->log->version = array_resize(NULL, n + 1, 1);
	memcpy(r->log->version, text, n);
	r->log->version[n] = '\0';
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
		if ((p == text || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

/* What is no call of memblock and yet says something. */
static bool take_other(struct reader *r, const char *text)
{
	if (!strncmp(text, "Linux version ", 14)) {
		take_banner(r, text);
		return true;
	}
	if (!strncasecmp(text, "Command line:", 13) ||
	    !strncasecmp(text, "Kernel command line:", 20)) {
		r->log->movable_node |= has_word(text, "movable_node");
		r->late |= *text == 'K' || *text == 'k';
		if (*text == 'K' || *text == 'k')
			r->log->cmdline_line = r->line;
		return true;
	}
	if (!strncmp(text, "Memory: ", 8) && strstr(text, " available")) {
		ARRAY_APPEND(r->log->v, r->log->nr, r->log->room) = (struct replay_event){
			.kind = REPLAY_OVER,
			.line = r->line,
			.nid = -1,
			.function = "memblock_free_all",
			.caller = "",
		};
		return true;
	}
	return read_node_range(r, text);
}

/* Reads one message; false if its end is missing, which may be in the next line. */
static bool take_message(struct reader *r, const char *text, bool last)
{
	/* of most lines the first character tells that they are none of these */
	bool call = *text == 'm' || *text == '_' || *text == 'r';
	enum read_verdict v;

	if (!call && take_other(r, text))
		return true;
	if (strstr(text, "printk messages dropped")) {
		add_unread(r, r->line, text);
		return true;
	}
	v = read_call(r, text);
	if (v == READ_USED)
		find_restart(r);
	if (v == READ_NONE)
		v = read_dump(r, text);
	if (v == READ_CUT && last)
		return false;
	if (v == READ_CUT || v == READ_BAD)
		add_unread(r, r->line, text);
	return true;
}

/* Mail wraps lines: what was cut is tried with what comes next, unless that stands for itself. */
static void take_line(struct reader *r, const char *text)
{
	char *joined;

	if (!r->pending) {
		if (!take_message(r, text, true)) {
			r->pending = array_strdup(text);
			r->pending_line = r->line;
		}
		return;
	}
	if (strncmp(text, "memblock", 8) && *text && strlen(text) < 200) {
		unsigned int line = r->line;
		bool whole;

		joined = file_path("%s %s", r->pending, text);
		r->line = r->pending_line;
		whole = read_call(r, joined) == READ_USED || read_dump(r, joined) == READ_USED;
		r->line = line;
		free(joined);
		if (whole) {
			free(r->pending);
			r->pending = NULL;
			return;
		}
	}
	add_unread(r, r->pending_line, r->pending);
	free(r->pending);
	r->pending = NULL;
	take_line(r, text);
}

static void read_lines(struct reader *r, const char *text, size_t len)
{
	struct layout_messages *m = array_resize(NULL, 1, sizeof(*m));
	const char *start = text, *end = text + len;

	while (text < end) {
		const char *eol = memchr(text, '\n', end - text);
		size_t n = (eol ? eol : end) - text;

		r->line++;
		r->at = text - start;
		if (n && !read_debugfs(r, text, n))
			for (char *p = layout_message_first(m, text, n); p;
			     p = layout_message_next(m))
				take_line(r, p);
		text += n + 1;
	}
	if (r->pending)
		add_unread(r, r->pending_line, r->pending);
	free(r->pending);
	free(m);
}

/* The text of the boot; it stays in @map, if there is one and its end is the boot's. */
static void keep_text(struct replay_log *log, const char *text, size_t len, struct filemap *map)
{
	if (map && log->text_from + log->text_len == len) {
		log->map = map;
		log->text = text + log->text_from;
		return;
	}
	log->copy = array_resize(NULL, log->text_len + 1, 1);
	memcpy(log->copy, text + log->text_from, log->text_len);
	log->copy[log->text_len] = '\0';
	log->text = log->copy;
}

static struct replay_log *parse(const char *name, const char *text, size_t len, struct filemap *map,
				unsigned int boot, struct error *err)
{
	struct reader r = { .name = name, .log = new_log(name), .wanted = boot, .dump = NULL_EVENT };

	r.words = array_resize(NULL, 1, sizeof(*r.words));
	*r.words = (struct words){ 0 };
	read_lines(&r, text, len);
	r.at = len;
	end_boot(&r);
	replay_log_free(r.log);
	rangeset_release(&r.taken);
	if (r.best) {
		r.best->words = r.words;
		r.best->boots = r.boots;
		r.best->lines = r.line;
		keep_text(r.best, text, len, map);
		return r.best;
	}
	words_release(r.words);
	free(r.words);
	if (r.boots)
		error_set(err, EINVAL, "%s: there is no boot %u with calls of memblock, only %u",
			  name, boot, r.boots);
	else
		error_set(
			err, EINVAL,
			"%s: no call of memblock is in there; boot the kernel with memblock=debug, "
			"and keep the log from its beginning",
			name);
	return NULL;
}

struct replay_log *replay_parse(const char *name, const char *text, size_t len, unsigned int boot,
				struct error *err)
{
	return parse(name, text, len, NULL, boot, err);
}

struct replay_log *replay_read(const char *path, unsigned int boot, struct error *err)
{
	struct filemap *map = array_resize(NULL, 1, sizeof(*map));
	struct replay_log *log;

	if (filemap_open(map, path, err)) {
		free(map);
		return NULL;
	}
	log = parse(strcmp(path, "-") ? path : "standard input", map->text, map->len, map, boot,
		    err);
	if (!log || log->map != map)
		close_map(map);
	return log;
}
