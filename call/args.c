// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments by name: kernels have them in different orders and numbers. */
#include <string.h>

#include "call/call.h"
#include "lib/array.h"

static const struct {
	const char *name;
	enum call_arg which;
} known[] = {
	{ "base", CALL_BASE },	   { "ptr", CALL_BASE },
	{ "addr", CALL_BASE },	   { "size", CALL_SIZE },
	{ "align", CALL_ALIGN },   { "start", CALL_MIN },
	{ "min_addr", CALL_MIN },  { "end", CALL_MAX },
	{ "max_addr", CALL_MAX },  { "nid", CALL_NID },
	{ "type", CALL_TYPE },	   { "flags", CALL_FLAGS },
	{ "limit", CALL_LIMIT },   { "memory_limit", CALL_LIMIT },
	{ "enable", CALL_ENABLE }, { "exact_nid", CALL_EXACT },
};

bool call_find_arg(const char *name, enum call_arg *which)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(known[i].name, name))
			continue;
		*which = known[i].which;
		return true;
	}
	return false;
}

uint64_t call_get_arg(const struct call_args *args, enum call_arg which)
{
	switch (which) {
	case CALL_BASE:
		return args->base;
	case CALL_SIZE:
		return args->size;
	case CALL_ALIGN:
		return args->align;
	case CALL_MIN:
		return args->min;
	case CALL_MAX:
		return args->max;
	case CALL_NID:
		return (uint64_t)(int64_t)args->nid;
	case CALL_TYPE:
		return args->type;
	case CALL_FLAGS:
		return args->flags;
	case CALL_LIMIT:
		return args->limit;
	case CALL_ENABLE:
		return args->enable;
	case CALL_EXACT:
		return args->exact;
	}
	return 0;
}

bool call_named_arg(const struct call_args *args, const char *name, uint64_t *value)
{
	enum call_arg which;

	if (!call_find_arg(name, &which))
		return false;
	*value = call_get_arg(args, which);
	return true;
}
