// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments by name: kernels have them in different orders and numbers. */
#include <string.h>

#include "call/call.h"
#include "lib/array.h"

bool call_named_arg(const struct call_args *args, const char *name, uint64_t *value)
{
	const struct {
		const char *name;
		uint64_t value;
	} known[] = {
		{ "base", args->base },	      { "ptr", args->base },
		{ "addr", args->base },	      { "size", args->size },
		{ "align", args->align },     { "start", args->min },
		{ "min_addr", args->min },    { "end", args->max },
		{ "max_addr", args->max },    { "nid", (uint64_t)(int64_t)args->nid },
		{ "type", args->type },	      { "flags", args->flags },
		{ "limit", args->limit },     { "enable", args->enable },
		{ "exact_nid", args->exact },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].name, name))
			continue;
		*value = known[i].value;
		return true;
	}
	return false;
}
