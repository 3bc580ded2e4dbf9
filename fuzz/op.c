// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations: the calls there are, and what is known of each from its prototype. */
#include "fuzz/op.h"

#include <stdio.h>
#include <string.h>

const struct op_setting op_settings[OP_NR_SETTINGS] = {
	{ "movable_node", "movable_node_enabled" },
	{ "mirrored_kernelcore", "mirrored_kernelcore" },
	[OP_MAX_LOW_PFN] = { "max_low_pfn", "max_low_pfn" },
};

const char *const op_strings[OP_NR_STRINGS] = { "", "fuzz", "a name that is longer than most" };

void op_table_fill(struct op_table *t, const struct rt_engine *ops)
{
	t->nr = 0;
	for (int i = 0; i < ops->nr_calls && t->nr < OP_MAX_CALLS; i++)
		if (ops->calls[i].run)
			t->calls[t->nr++] = &ops->calls[i];
}

void op_signature(const struct rt_call *call, char text[OP_SIGNATURE_MAX])
{
	int n = snprintf(text, OP_SIGNATURE_MAX, "%d %s", call->result, call->name);

	for (int i = 0; i < call->nr_args && n > 0 && n < OP_SIGNATURE_MAX; i++)
		n += snprintf(text + n, OP_SIGNATURE_MAX - n, " %d", call->args[i].kind);
}

int op_argument(const struct rt_call *call, const char *name)
{
	for (int i = 0; i < call->nr_args; i++)
		if (!strcmp(call->args[i].name, name))
			return i;
	return -1;
}

bool op_adds_ram(const struct rt_call *call, const uint64_t *args, struct range *ram)
{
	int base, size;

	if (strncmp(call->name, "memblock_add", 12) && strcmp(call->name, "memblock_physmem_add"))
		return false;
	base = op_argument(call, "base");
	size = op_argument(call, "size");
	if (base < 0 || size < 0)
		return false;
	*ram = (struct range){ args[base], args[base] + args[size] };
	if (ram->end < ram->start)
		ram->end = UINT64_MAX;
	return true;
}
