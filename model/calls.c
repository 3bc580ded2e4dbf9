// SPDX-License-Identifier: GPL-2.0-or-later
/* Which calls the model knows: by name, and by what they take and return in this kernel. */
#include <string.h>

#include "lib/array.h"
#include "model/internal.h"

static const struct model_call *const tables[] = {
	change_calls, alloc_calls, bootmem_calls,  question_calls,
	limit_calls,  walk_calls,  handover_calls,
};

/* A letter for each kind. */
static const char letters[] = {
	[RT_VOID] = 'v', [RT_NUMBER] = 'U', [RT_INT] = 'I',    [RT_BOOL] = 'B',
	[RT_PHYS] = 'P', [RT_FLAGS] = 'F',  [RT_NID] = 'N',    [RT_POINTER] = '*',
	[RT_TYPE] = 'T', [RT_REGION] = 'R', [RT_STRING] = 'S', [RT_OUT] = 'O',
};

static bool has_kinds(const struct rt_call *call, const char *kinds)
{
	for (int i = 0; i < call->nr_args; i++)
		if (*kinds++ != letters[call->args[i].kind])
			return false;
	return kinds[0] == '>' && kinds[1] == letters[call->result];
}

model_fn calls_find(const struct rt_call *call)
{
	if (!call->run)
		return NULL;
	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (const struct model_call *c = tables[t]; c->name; c++)
			if (!strcmp(c->name, call->name) && has_kinds(call, c->kinds))
				return c->fn;
	return NULL;
}
