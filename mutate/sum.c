// SPDX-License-Identifier: GPL-2.0-or-later
/* Sums of what became of mutants. */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"

static struct mutate_function *function_of(struct mutate_sum *sum, const char *name)
{
	for (size_t i = sum->nr_functions; i--;)
		if (!strcmp(sum->functions[i].name, name))
			return &sum->functions[i];
	ARRAY_APPEND(sum->functions, sum->nr_functions, sum->room_functions) =
		(struct mutate_function){ .name = name };
	return &sum->functions[sum->nr_functions - 1];
}

void mutate_sum(const struct mutants *m, struct mutate_sum *sum)
{
	*sum = (struct mutate_sum){ 0 };
	for (size_t i = 0; i < m->nr; i++) {
		const struct mutant *t = &m->v[i];
		struct mutate_function *f;

		sum->fates[t->fate]++;
		if (t->fate != MUTANT_KILLED && t->fate != MUTANT_SURVIVED)
			continue;
		f = function_of(sum, t->function);
		sum->total++;
		sum->killers[t->killer]++;
		f->total++;
		f->killers[t->killer]++;
	}
	sum->tenths = sum->total ? 1000 * sum->fates[MUTANT_KILLED] / sum->total : 1000;
}

void mutate_sum_release(struct mutate_sum *sum)
{
	free(sum->functions);
	*sum = (struct mutate_sum){ 0 };
}
