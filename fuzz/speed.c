// SPDX-License-Identifier: GPL-2.0-or-later
/* How fast it is, beside the bare kernel on the same sequences. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz/internal.h"
#include "lib/array.h"

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void fuzz_measure(struct engine *e, size_t sequences, double *compared, double *bare)
{
	struct rig *r = array_resize(NULL, 1, sizeof(*r));
	struct generator *g = array_resize(NULL, 1, sizeof(*g));
	struct outcome *o = array_resize(NULL, 1, sizeof(*o));
	struct sequence *made = array_resize(NULL, sequences, sizeof(*made));
	double start, calls = 0;

	rig_init(r, e, true);
	start = cpu_seconds();
	for (size_t i = 0; i < sequences; i++) {
		struct prng prng;
		struct source source = { .prng = &prng };

		prng_seed(&prng, i, "speed");
		made[i].nr = 0;
		generator_begin(g, r, &source);
		rig_run(r, &made[i], g, o);
		calls += (double)r->nr_calls;
	}
	*compared = calls / (cpu_seconds() - start);
	rig_release(r);

	/* without a model nothing is compared, and the calls are there already */
	rig_init(r, e, false);
	calls = 0;
	start = cpu_seconds();
	for (size_t i = 0; i < sequences; i++) {
		rig_run(r, &made[i], NULL, o);
		calls += (double)r->nr_calls;
	}
	*bare = calls / (cpu_seconds() - start);
	rig_release(r);
	free(made);
	free(o);
	free(g);
	free(r);
}
