// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot of a machine or the replay of its log, as questions need it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "explain/internal.h"
#include "lib/array.h"
#include "replay/handover.h"

/* There is no step of that name, or the boot ended before. */
static int tell_steps(const struct explain *x, const struct boot_result *r, struct error *err)
{
	char *names = NULL;
	size_t len;
	FILE *out;

	if (!r->finished)
		return error_set(err, EINVAL, "explain: the boot ended before the step %s: %s",
				 x->at, r->exit.text);
	out = open_memstream(&names, &len);
	if (!out)
		array_die();
	for (size_t i = 0; i < r->nr_steps; i++)
		fprintf(out, "%s%s", i ? ", " : "", r->steps[i].function);
	if (fclose(out))
		array_die();
	error_set(err, EINVAL, "--at: the boot has no step '%s'; it has %s", x->at, names);
	free(names);
	return -EINVAL;
}

/* What a boot is a model of. */
static const char *setup_file(enum layout_arch arch)
{
	switch (arch) {
	case LAYOUT_ARM64:
		return "arch/arm64/kernel/setup.c and what it calls";
	case LAYOUT_RISCV:
		return "arch/riscv/kernel/setup.c and what it calls";
	case LAYOUT_PPC64:
		return "arch/powerpc/kernel/setup-common.c and what it calls";
	case LAYOUT_S390:
		return "arch/s390/kernel/setup.c and what it calls";
	default:
		return "arch/x86/kernel/setup.c and what it calls";
	}
}

void explain_tell_boot(struct explain_answer *a, const struct boot_result *r)
{
	a->cmdline = array_strdup(r->cmdline);
	a->from = array_strdup("a boot of the machine");
	for (size_t i = 0; i < r->nr_notes; i++)
		explain_note(a, "%s", r->notes[i]);
	if (!r->finished && !r->stopped)
		explain_say(a, "The machine does not boot: %s", r->exit.text);
}

static int run_boot(const struct explain *x, const char *until, struct explain_run *run,
		    struct explain_answer *a, struct error *err)
{
	const struct boot_options o = {
		.layout = x->layout,
		.cmdline = x->cmdline,
		.timeout_ms = x->timeout_ms,
		.until = until,
	};
	int ret = record_boot(x->engine, &o, &run->record, &run->boot, err);

	if (!ret && run->record.nr_refusals)
		ret = error_set(err, ENOSYS, "%s", run->record.refusals[0].text);
	if (ret)
		return ret;
	run->booted = true;
	if (until && x->at && !run->boot.stopped)
		return tell_steps(x, &run->boot, err);
	explain_tell_boot(a, &run->boot);
	explain_model(a, setup_file(x->layout->arch), "6.12",
		      "Which calls of memblock a boot makes, and in which order,");
	return 0;
}

static void run_replay(const struct explain *x, unsigned int until, struct explain_run *run)
{
	const struct replay_options o = {
		.layout = x->layout,
		.timeout_ms = x->timeout_ms,
		.until = until,
		.no_handover = until,
	};

	record_replay(x->engine, x->log, &o, &run->record, &run->replay);
	run->replayed = true;
}

static void tell_replay(const struct explain *x, const struct explain_run *run,
			struct explain_answer *a)
{
	if (x->layout && x->layout->cmdline)
		a->cmdline = array_strdup(x->layout->cmdline);
	a->from = array_strdup("the calls that the log tells, made again");
	if (run->replay.different)
		explain_note(
			a,
			"%zu of %zu allocations came out differently than in the log, and were "
			"put where it has them; `mbsim replay` shows them",
			run->replay.different, run->replay.allocations);
	if (run->replay.handover && run->replay.handover->why_not)
		explain_note(a, "memblock does not hand over in the replay: %s",
			     run->replay.handover->why_not);
}

int explain_run(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		struct error *err)
{
	*run = (struct explain_run){ 0 };
	if (!x->log)
		return run_boot(x, NULL, run, a, err);
	run_replay(x, 0, run);
	tell_replay(x, run, a);
	return 0;
}

int explain_run_boot(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		     struct error *err)
{
	*run = (struct explain_run){ 0 };
	return run_boot(x, NULL, run, a, err);
}

int explain_run_early(const struct explain *x, struct explain_run *run, struct explain_answer *a,
		      struct error *err)
{
	unsigned int line;

	*run = (struct explain_run){ 0 };
	if (!x->log)
		return run_boot(x, x->at ? x->at : BOOT_HANDOVER, run, a, err);
	/* once to know where it hands over, once up to there */
	run_replay(x, 0, run);
	line = run->replay.handover && run->replay.handover->made ? run->replay.handover->line : 0;
	tell_replay(x, run, a);
	if (line) {
		explain_run_release(run);
		run_replay(x, line, run);
	}
	run->line = line;
	return 0;
}

void explain_run_release(struct explain_run *run)
{
	record_release(&run->record);
	if (run->booted)
		boot_result_release(&run->boot);
	if (run->replayed)
		replay_result_release(&run->replay);
	*run = (struct explain_run){ 0 };
}

struct mm *explain_mm(const struct explain_run *run)
{
	const struct replay_handover *h = run->replayed ? run->replay.handover : NULL;

	if (run->booted)
		return run->boot.finished ? run->boot.mm : NULL;
	return h && h->made ? h->boot.mm : NULL;
}
