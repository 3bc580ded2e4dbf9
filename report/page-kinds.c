// SPDX-License-Identifier: GPL-2.0-or-later
/* The pages there are: of a boot, of a replay, of a comparison. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "replay/handover.h"
#include "report/internal.h"
#include "report/json.h"
#include "report/page.h"

/* Raised when what is there changes its meaning, or goes; more may come without. Also in docs/page.schema.json. */
#define PAGE_VERSION 1

static json_t *names(const char *const *v, size_t nr)
{
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(list, json_string(v[i]));
	return list;
}

static void begin(struct report_page *p, const char *kind, const char *what, FILE *out)
{
	char *title = array_format("mbsim %s: %s", kind, what);

	page_begin(p, title, out);
	page_value(p, "version", json_integer(PAGE_VERSION));
	page_value(p, "kind", report_json_text(kind));
	page_value(p, "title", report_json_text(title));
	page_value(p, "passes", names(record_pass_names, RECORD_NR_PASSES));
	page_value(p, "refused", names(record_refused_names, RECORD_NR_REFUSED));
	free(title);
}

/* What the firmware says is where. */
static void firmware(struct report_page *p, const struct layout *l)
{
	json_t *list = json_array();

	for (size_t i = 0; l && i < l->nr_ranges; i++)
		json_array_append_new(list,
				      json_pack("[o, o, s, o]",
						report_json_number(l->ranges[i].range.start),
						report_json_number(range_size(l->ranges[i].range)),
						layout_type_name(l->ranges[i].type),
						report_json_text(l->ranges[i].words)));
	page_value(p, "firmware", list);
}

/* Who has memory, with texts that many share in a list of their own. */
struct owners {
	const char **texts;
	size_t nr_texts, room_texts;
	json_t *list;
};

/* Place of @text in the list; -1 for NULL. */
static int owner_text(struct owners *o, const char *text)
{
	if (!text)
		return -1;
	for (size_t i = o->nr_texts; i--;)
		if (o->texts[i] == text || !strcmp(o->texts[i], text))
			return (int)i;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(o->texts, o->nr_texts, o->room_texts) = text;
	return (int)o->nr_texts - 1;
}

/* Range, what for, the kernel's function, lines of the log from which and up to which, node. */
static void owner(struct owners *o, struct range range, const char *purpose, const char *function,
		  unsigned int from, unsigned int freed, int nid)
{
	json_array_append_new(
		o->list, json_pack("[o, o, i, i, i, i, i]", report_json_number(range.start),
				   report_json_number(range_size(range)), owner_text(o, purpose),
				   owner_text(o, function), (int)from, (int)freed, nid));
}

static void owners_end(struct report_page *p, struct owners *o)
{
	json_t *texts = json_array();

	for (size_t i = 0; i < o->nr_texts; i++)
		json_array_append_new(texts, report_json_text(o->texts[i]));
	page_value(p, "owner_texts", texts);
	page_value(p, "owners", o->list);
	free(o->texts);
}

static void boot_owners(struct report_page *p, const struct boot_result *r)
{
	struct owners all = { .list = json_array() };

	for (size_t i = 0; i < r->nr_map; i++)
		if (r->map[i].use == BOOT_RESERVED)
			owner(&all, r->map[i].range, r->map[i].purpose, r->map[i].function, 0, 0,
			      r->map[i].nid);
	owners_end(p, &all);
}

static void replay_owners(struct report_page *p, const struct replay_result *r)
{
	struct owners all = { .list = json_array() };

	for (size_t i = 0; i < r->nr_owners; i++) {
		const struct replay_owner *o = &r->owners[i];

		owner(&all, o->range, replay_purpose(o->caller), o->caller, o->line, o->freed,
		      o->nid);
	}
	owners_end(p, &all);
}

static void run(struct report_page *p, const struct record *first, const struct record *second)
{
	page_key(p, "runs");
	putc('[', p->out);
	page_run(p, first);
	if (second) {
		putc(',', p->out);
		page_run(p, second);
	}
	putc(']', p->out);
}

void report_page_boot(const struct boot_result *r, const struct record *record,
		      const struct layout *layout, FILE *out)
{
	json_t *boot = report_boot_object(r, NULL);
	struct report_page p;

	/* both are in the run */
	json_object_del(boot, "calls");
	json_object_del(boot, "log");
	begin(&p, "boot", r->layout_name, out);
	page_value(&p, "boot", boot);
	firmware(&p, layout);
	boot_owners(&p, r);
	run(&p, record, NULL);
	page_end(&p);
}

void report_page_replay(const struct replay_result *r, const struct record *record,
			const struct report_replay *what, const struct layout *layout, FILE *out)
{
	const struct report_replay groups = { .config_why = what->config_why,
					      .has_by = true,
					      .by = REPLAY_BY_PURPOSE };
	json_t *replay = report_replay_object(r, &groups);
	struct report_page p;

	begin(&p, "replay", r->log->name, out);
	page_value(&p, "replay", replay);
	page_value(&p, "zones",
		   r->handover && r->handover->made ? report_boot_zones(&r->handover->boot)
						    : json_array());
	page_value(&p, "page_size",
		   r->handover && r->handover->made
			   ? report_json_number(1ULL << r->handover->boot.page_shift)
			   : json_null());
	firmware(&p, layout);
	replay_owners(&p, r);
	run(&p, record, NULL);
	page_end(&p);
}

/* The calls of both, aligned: index of each, -1 where it makes none, and what differs, as bits. */
static void pairs(struct report_page *p, const struct diff *d)
{
	page_value(p, "kinds", names(diff_kind_names, DIFF_NR_KINDS));
	page_key(p, "pairs");
	putc('[', p->out);
	for (size_t i = 0; i < d->nr_pairs; i++) {
		const struct diff_pair *v = &d->pairs[i];

		if (i)
			putc(',', p->out);
		for (int side = 0; side < 2; side++) {
			if (v->call[side] == DIFF_NONE)
				fputs("-1,", p->out);
			else
				fprintf(p->out, "%zu,", v->call[side]);
		}
		fprintf(p->out, "%u", v->kinds);
	}
	putc(']', p->out);
}

void report_page_diff(const struct diff *d, const struct layout *layout, FILE *out)
{
	char *what = array_format("%s and %s%s%s", d->run[0]->version, d->run[1]->version,
				  layout ? " on " : "", layout ? layout->name : "");
	struct report_page p;

	begin(&p, "diff", what, out);
	page_value(&p, "diff", report_diff_object(d, false));
	firmware(&p, layout);
	owners_end(&p, &(struct owners){ .list = json_array() });
	pairs(&p, d);
	run(&p, d->run[0], d->run[1]);
	page_end(&p);
	free(what);
}
