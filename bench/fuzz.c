// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What fuzzing costs beside the kernel's own code: sequences that are made, run and compared with the
 * model, and the same sequences with nothing but the kernel, resets included. Processor time; the best
 * of several rounds.
 */
#include <stdio.h>

#include "fuzz/fuzz.h"

#define ROUNDS 5
#define SEQUENCES 2000

int main(int argc, char **argv)
{
	struct engine_request request = { .kernel = argc > 1 ? argv[1] : NULL };
	struct error err = { 0 };
	struct engine *e = engine_open(&request, &err);
	double compared = 0, bare = 0;

	if (!e) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	for (int i = 0; i < ROUNDS; i++) {
		double c, b;

		fuzz_measure(e, SEQUENCES, &c, &b);
		compared = c > compared ? c : compared;
		bare = b > bare ? b : bare;
	}
	printf("fuzzing: calls compared, a second and processor  %8.0f\n", compared);
	printf("to compare: the same calls, bare                 %8.0f, ratio %.2f\n", bare,
	       bare / compared);
	engine_close(e);
	return 0;
}
