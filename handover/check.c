// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts: the statement `check`. */
#include <stdio.h>
#include <string.h>

#include "handover/internal.h"

struct run {
	struct handover_script *hs;
	struct check_findings found;
};

static void run_checks(void *data)
{
	struct run *r = data;

	check_arrays(&r->hs->state, engine_ops(r->hs->e), &r->found);
}

/* What did not hold of one check; only the first finding counts. */
static void print_findings(struct script *s, const struct check *c, const struct check_findings *f)
{
	bool first = true;

	for (size_t i = 0; i < f->nr; i++) {
		if (f->v[i].check != c)
			continue;
		if (first)
			script_failed(s);
		else
			fprintf(s->out, "%s:%u: ", s->name, s->line);
		fprintf(s->out, "check %s (%s): %s\n", c->name, c->meaning, f->v[i].text);
		first = false;
	}
}

/* Those that were asked for; all are if @wanted is 0. */
static void report(struct script *s, uint32_t wanted, const struct check_findings *f)
{
	uint32_t silenced = wanted ? 0 : f->silenced;

	for (const struct check *c = checks; c->name; c++) {
		if (wanted && !(wanted & check_bit(c)))
			continue;
		s->result->expectations++;
		print_findings(s, c, f);
		if (!wanted || !(f->silenced & check_bit(c)))
			continue;
		script_failed(s);
		fprintf(s->out, "check %s was not made, as a check that it needs does not hold\n",
			c->name);
	}
	if (!silenced)
		return;
	fprintf(s->out, "%s:%u: not made, as those did not hold:", s->name, s->line);
	for (const struct check *c = checks; c->name; c++)
		if (silenced & check_bit(c))
			fprintf(s->out, " %s", c->name);
	fputc('\n', s->out);
}

/* check [NAME...] */
int handover_script_check(struct script *s, size_t first, void *data)
{
	struct handover_script *hs = data;
	struct run r = { .hs = hs };
	uint32_t wanted = 0;

	for (size_t i = first; i < s->nr_tokens; i++) {
		const struct check *c = check_find(s->tokens[i].text);

		if (!c)
			return script_error(s, i, "there is no check '%s'; mbsim(1) lists them",
					    s->tokens[i].text);
		if (c->when == CHECK_HANDOVER && !hs->done)
			return script_error(s, i, "%s is of pages: write `handover` first",
					    c->name);
		wanted |= check_bit(c);
	}
	if (!script_guarded(s, run_checks, &r)) {
		s->ended = true;
	} else {
		if (hs->done) {
			mm_settle(hs->mm);
			check_after_handover(&hs->state, &r.found);
		}
		report(s, wanted, &r.found);
	}
	check_findings_release(&r.found);
	return 0;
}
