// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads kernel logs: dmesg, serial consoles, journals, and what is left of them in mail. Each
 * line is stripped to the kernel's message, and the function that its first words stand for
 * takes the facts from it. Nothing that is read is trusted; all lines cost the same, whatever
 * is in them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"
#include "lib/filemap.h"

/* So much of a line that was not understood is noted. */
#define NOTED_MAX 120

/* Wrapped messages are joined up to this length. */
#define JOINED_MAX 1024

/* Pages of the text that were read are given back this many bytes at a time. */
#define FORGET_BYTES (1 << 20)

static const struct log_key *const tables[] = {
	log_x86_keys,  log_efi_keys,	log_memblock_keys, log_reserved_keys, log_nodes_keys,
	log_acpi_keys, log_common_keys, log_machine_keys,  log_outcome_keys,  log_image_keys,
	log_arm_keys,  log_mips_keys,	log_ppc_keys,
};

static const struct log_key *find_key(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct log_key *key = tables[i]; key->words; key++)
			if (*text == *key->words && !strncmp(text, key->words, strlen(key->words)))
				return key;
	return NULL;
}

static void fill_filter(struct log_filter *filter)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct log_key *key = tables[i]; key->words; key++)
			log_filter_add(filter, key->words);
	for (const char *const *words = log_other_words; *words; words++)
		log_filter_add(filter, *words);
}

void log_new_boot(struct log *log)
{
	if (log_boot_has_memory(log->boot)) {
		log_boot_free(log->best);
		log->best = log->boot;
		log->boots++;
	} else {
		log_boot_free(log->boot);
	}
	log->boot = log_boot_new(log->name);
}

/* The boot whose banner was seen begins. */
static void begin_boot(struct log *log)
{
	/* some messages come before the banner */
	if (log->boot->l->kernel_version || log_boot_has_memory(log->boot))
		log_new_boot(log);
	log_guess_arch(log->boot, log->banner);
	log->banner[strcspn(log->banner, " ")] = '\0';
	log->boot->l->kernel_version = log->banner;
	log->banner = NULL;
}

static enum log_verdict read_message(struct log *log, const struct log_key *key, const char *text)
{
	if (!key)
		return log_read_other(log, text);
	if (key->begins && log->banner)
		begin_boot(log);
	log->which = key->which;
	return key->read(log, text + strlen(key->words));
}

enum log_verdict log_added(struct log *log, int ret)
{
	if (ret == -ENOSPC)
		return log_bad(log, "there are too many of these");
	return ret ? log_bad(log, "the range is empty") : LOG_USED;
}

enum log_verdict log_reserve(struct log *log, struct range range, enum layout_kind kind,
			     const char *name)
{
	struct layout *l = log->boot->l;
	struct layout_reservation r = {
		.range = range,
		.kind = kind,
		.name = (char *)(name ? name : layout_kind_name(kind)),
		.pos.line = log->line,
	};

	for (size_t i = 0; i < l->nr_reservations && l->nr_reservations < 4096; i++) {
		const struct layout_reservation *old = &l->reservations[i];

		if (old->kind == kind && old->range.start == range.start &&
		    old->range.end == range.end && !strcmp(old->name, r.name))
			return LOG_USED;
	}
	return log_added(log, layout_add_reservation(l, r));
}

static void count(struct log *log, enum log_verdict v, const char *text, unsigned int line,
		  unsigned int nr)
{
	struct layout *l = log->boot->l;

	if (v == LOG_USED)
		l->lines_used += nr;
	if (v != LOG_BAD && v != LOG_MORE)
		return;
	l->lines_bad++;
	layout_note(l, line, "not understood: %s: %.*s", log->why, NOTED_MAX, text);
}

/* A message whose end was not in its line. */
struct pending {
	char text[JOINED_MAX];
	unsigned int line, nr;
	const char *why;
};

static void give_up(struct log *log, struct pending *pending)
{
	if (!pending->nr)
		return;
	log->why = pending->why;
	count(log, LOG_BAD, pending->text, pending->line, 1);
	pending->nr = 0;
}

static void keep(struct log *log, struct pending *pending, const char *text)
{
	size_t len = strlen(text);

	pending->why = log->why;
	if (!pending->nr)
		pending->line = log->line;
	pending->nr++;
	if (len < JOINED_MAX)
		memcpy(pending->text, text, len + 1);
	else
		give_up(log, pending);
}

/* True if @text was the rest of what is pending, or may be a part of it. */
static bool complete(struct log *log, struct pending *pending, const char *text)
{
	char joined[2 * JOINED_MAX];
	unsigned int line = log->line;
	enum log_verdict v;

	if (!*text || strlen(text) >= JOINED_MAX || pending->nr > 4)
		return false;
	snprintf(joined, sizeof(joined), "%s %s", pending->text, text);
	log->joined = true;
	log->line = pending->line;
	v = read_message(log, find_key(joined), joined);
	log->joined = false;
	log->line = line;
	if (v == LOG_MORE)
		keep(log, pending, joined);
	if (v != LOG_USED)
		return v == LOG_MORE;
	count(log, v, joined, pending->line, pending->nr + 1);
	pending->nr = 0;
	return true;
}

/* Of a line that holds several messages, all but the @last may be mere noise. */
static void take_message(struct log *log, struct pending *pending, const char *text, bool last)
{
	const struct log_key *key = find_key(text);
	enum log_verdict v;

	if (pending->nr) {
		if (!key && (complete(log, pending, text) || !last))
			return;
		give_up(log, pending);
	}
	v = read_message(log, key, text);
	if (v == LOG_MORE)
		keep(log, pending, text);
	else
		count(log, v, text, log->line, 1);
}

static void read_line(struct log *log, struct pending *pending, const char *line, size_t len)
{
	char buf[LOG_LINE_MAX], *next;

	for (char *p = log_clean(buf, line, len); p; p = next) {
		char first = '\0';

		next = log_next_message(p);
		if (next) {
			first = *next;
			*next = '\0';
		}
		take_message(log, pending, log_message(p), !next);
		if (next)
			*next = first;
	}
}

/* A text's lines, one after the other. */
struct lines {
	const char *next, *end;
	const char *kept; /* what is before it was given back */
};

static bool next_line(struct lines *lines, const char **line, size_t *len)
{
	const char *stop;

	if (lines->next - lines->kept >= FORGET_BYTES) {
		filemap_forget(lines->kept, lines->next - lines->kept);
		lines->kept = lines->next;
	}
	if (lines->next >= lines->end)
		return false;
	stop = memchr(lines->next, '\n', lines->end - lines->next);
	if (!stop)
		stop = lines->end;
	*line = lines->next;
	*len = stop - *line;
	lines->next = stop < lines->end ? stop + 1 : stop;
	return true;
}

/* More of a log than any kernel's: its beginning is what matters. */
#define KEPT_MAX (16 << 20)

/* For layout's ->log. */
static void keep_line(struct log *log, const char *line, size_t len)
{
	struct layout *l = log->boot->l;

	if (memmem(line, len, "memblock_", strlen("memblock_")))
		len = 0;
	if (l->log_len + len + 1 > KEPT_MAX)
		return;
	while (l->log_len + len + 1 > l->log_room) {
		l->log_room = l->log_room ? 2 * l->log_room : 4096;
		l->log = array_resize(l->log, l->log_room, 1);
	}
	if (!l->log_len)
		l->log_line = log->line;
	memcpy(l->log + l->log_len, line, len);
	l->log[l->log_len + len] = '\n';
	l->log_len += len + 1;
}

static void read_lines(struct log *log, const char *text, size_t len)
{
	struct lines lines = { text, text + len, text };
	struct pending pending = { .nr = 0 };
	struct log_filter filter = { 0 };
	const char *line;

	fill_filter(&filter);
	while (next_line(&lines, &line, &len)) {
		log->line++;
		log->cut = line + len == lines.end;
		if (pending.nr || log->boot->slit_left || log_filter_passes(&filter, line, len))
			read_line(log, &pending, line, len);
		keep_line(log, line, len);
	}
	give_up(log, &pending);
}

static int log_read(struct layout *l, const char *text, size_t len, struct error *err)
{
	struct log log = { .name = l->name, .boot = log_boot_new(l->name) };
	struct layout *found;

	read_lines(&log, text, len);
	log_new_boot(&log); /* the last one is over */
	log_boot_free(log.boot);
	free(log.banner);
	if (!log.best)
		return error_set(
			err, EINVAL,
			"%s: a kernel log without any memory in it: mbsim looks for lines "
			"such as \"BIOS-e820: [mem 0x0-0x9fbff] usable\" or \"node 0: [mem "
			"0x40000000-0xbfffffff]\", which come within the first second of a "
			"boot",
			l->name);
	found = log_boot_finish(log.best);
	found->lines = log.line;
	if (log.boots > 1)
		layout_note(found, 0, "%u boots are in the log; this is the last of them",
			    log.boots);
	layout_move(l, found);
	if (!layout_has_ram(l))
		return error_set(err, EINVAL,
				 "%s: no row of the firmware's map is of usable memory", l->name);
	return 0;
}

/* Whether one of the marks is in a line. */
static bool has_mark(const char *line, size_t len, const char *const *marks)
{
	char buf[LOG_LINE_MAX];
	const char *text = log_clean(buf, line, len);

	for (; *marks; marks++)
		if (strstr(text, *marks))
			return true;
	return false;
}

static bool log_sniff(const char *text, size_t len)
{
	static const char *const marks[] = { "physical RAM map:",
					     "BIOS-e820:",
					     "Linux version ",
					     "Early memory node ranges",
					     "reserve setup_data:",
					     "user: [mem ",
					     "modified: [mem ",
					     "extended: [mem ",
					     "MEMBLOCK configuration:",
					     "early_node_map[",
					     NULL };
	struct lines lines = { text, text + len, text };
	struct log_filter filter = { 0 };
	const char *line;

	for (size_t i = 0; marks[i]; i++)
		log_filter_add(&filter, marks[i]);
	while (next_line(&lines, &line, &len))
		if (log_filter_passes(&filter, line, len) && has_mark(line, len, marks))
			return true;
	return false;
}

const struct layout_reader layout_log = {
	.name = "log",
	.title = "a kernel log",
	.marks = "with \"Linux version\" or a \"physical RAM map\" in it",
	.sniff = log_sniff,
	.read = log_read,
};
