// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot of a machine or the replay of its log, as questions need it. */
#include <errno.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "replay/handover.h"

static int run_boot(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		    struct error *err)
{
	const struct boot_options o = {
		.layout = x->layout,
		.cmdline = x->cmdline,
		.timeout_ms = x->timeout_ms,
	};
	int ret = record_boot(x->engine, &o, &run->record, &run->boot, err);

	if (!ret && run->record.nr_refusals)
		ret = error_set(err, ENOSYS, "%s", run->record.refusals[0].text);
	if (ret)
		return ret;
	run->booted = true;
	a->cmdline = array_strdup(run->boot.cmdline);
	a->from = array_strdup("a boot of the machine");
	for (size_t i = 0; i < run->boot.nr_notes; i++)
		explain_note(a, "%s", run->boot.notes[i]);
	return 0;
}

static void run_replay(const struct explain *x, struct explain_run *run, struct explain_answer *a)
{
	const struct replay_options o = { .layout = x->layout, .timeout_ms = x->timeout_ms };

	record_replay(x->engine, x->log, &o, &run->record, &run->replay);
	run->replayed = true;
	if (x->layout && x->layout->cmdline)
		a->cmdline = array_strdup(x->layout->cmdline);
	a->from = array_strdup("the calls that the log tells, made again");
	if (run->replay.different)
		explain_note(
			a,
			"%zu of %zu allocations came out differently than in the log, and were "
			"put where it has them; `mbsim replay` shows them",
			run->replay.different, run->replay.allocations);
}

int explain_run(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		struct error *err)
{
	*run = (struct explain_run){ 0 };
	if (!x->log)
		return run_boot(x, run, a, err);
	run_replay(x, run, a);
	return 0;
}

void explain_run_release(struct explain_run *run)
{
	record_release(&run->record);
	if (run->booted)
		boot_result_release(&run->boot);
	if (run->replayed)
		replay_result_release(&run->replay);
}

const char *explain_purpose_at(const struct explain_run *run, uint64_t address)
{
	for (size_t i = 0; run->booted && i < run->boot.nr_map; i++)
		if (range_contains(run->boot.map[i].range, address))
			return run->boot.map[i].purpose;
	for (size_t i = run->replayed ? run->replay.nr_owners : 0; i--;) {
		const struct replay_owner *o = &run->replay.owners[i];

		if (!o->freed && range_contains(o->range, address))
			return replay_purpose(o->caller);
	}
	return NULL;
}

struct mm *explain_mm(const struct explain_run *run)
{
	const struct replay_handover *h = run->replayed ? run->replay.handover : NULL;

	if (run->booted)
		return run->boot.finished ? run->boot.mm : NULL;
	return h && h->made ? h->boot.mm : NULL;
}
