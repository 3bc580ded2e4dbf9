// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine is: its architecture by messages that only one has, its name, its processors. */
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "lib/array.h"

enum log_verdict log_arch_clue(struct log *log, const char *text)
{
	(void)text;
	if (!log->boot->l->arch)
		log->boot->l->arch = log->which;
	return LOG_SKIP;
}

static enum log_verdict set_model(struct log *log, const char *text, size_t len)
{
	char **model = &log->boot->l->model;

	if (*model || !len)
		return LOG_SKIP;
	*model = strndup(text, len);
	if (!*model)
		array_die();
	return LOG_USED;
}

/* "Machine model: Raspberry Pi 4 Model B Rev 1.1" */
static enum log_verdict model(struct log *log, const char *text)
{
	text += strspn(text, " ");
	return set_model(log, text, strlen(text));
}

/* "DMI: Dell Inc. PowerEdge R7425/08V001, BIOS 1.9.3 06/25/2019" */
static enum log_verdict dmi(struct log *log, const char *text)
{
	const char *bios = strstr(text, ", BIOS ");

	text += strspn(text, " ");
	return bios && bios > text ? set_model(log, text, bios - text) : LOG_SKIP;
}

/* "SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=4, Nodes=1": all that there can ever be */
static enum log_verdict slub(struct log *log, const char *text)
{
	const char *p = strstr(text, " CPUs=");
	uint64_t cpus;

	if (!p || log->boot->l->cpus)
		return LOG_SKIP;
	p += strlen(" CPUs=");
	if (!scan_number(&p, &cpus) || !cpus || cpus > LAYOUT_MAX_CPUS)
		return LOG_SKIP;
	log->boot->l->cpus = cpus;
	return LOG_USED;
}

/* "Brought up 4 CPUs", "Brought up 1 node, 4 CPUs", "Total of 4 processors activated" */
static enum log_verdict brought_up(struct log *log, const char *p)
{
	uint64_t number, cpus;

	if (log->boot->l->cpus || !scan_number(&p, &cpus))
		return LOG_SKIP;
	if (scan_word(&p, "node")) {
		p += *p == 's';
		if (!scan_word(&p, ",") || !scan_number(&p, &number))
			return LOG_SKIP;
		cpus = number;
	}
	if ((!scan_word(&p, "CPU") && !scan_word(&p, "processor")) || !cpus ||
	    cpus > LAYOUT_MAX_CPUS)
		return LOG_SKIP;
	log->boot->l->cpus = cpus;
	return LOG_USED;
}

const struct log_key log_machine_keys[] = {
	{ "Machine model:", model, 0, true },
	{ "OF: fdt: Machine model:", model, 0, true },
	{ "OF: fdt:Machine model:", model, 0, true },
	{ "DMI:", dmi, 0, false },
	{ "SLUB:", slub, 0, false },
	{ "Brought up", brought_up, 0, false },
	{ "smp: Brought up", brought_up, 0, false },
	{ "Total of", brought_up, 0, false },
	{ "SMP: Total of", brought_up, 0, false },
	{ "riscv", log_arch_clue, LAYOUT_RISCV, true },
	{ "elf_hwcap is 0x", log_arch_clue, LAYOUT_RISCV, true },
	{ "SBI specification", log_arch_clue, LAYOUT_RISCV, true },
	{ "setup: Linux is running", log_arch_clue, LAYOUT_S390, true },
	{ "Linux is running as a z/VM", log_arch_clue, LAYOUT_S390, true },
	{ "Linux is running natively", log_arch_clue, LAYOUT_S390, true },
	{ "We are running native", log_arch_clue, LAYOUT_S390, true },
	{ "We are running under VM", log_arch_clue, LAYOUT_S390, true },
	{ "ARCH: SUN4", log_arch_clue, LAYOUT_ARCH_OTHER, true },
	{ "PROMLIB:", log_arch_clue, LAYOUT_ARCH_OTHER, true },
	{ "SAL ", log_arch_clue, LAYOUT_ARCH_OTHER, true },
	{ 0 },
};
