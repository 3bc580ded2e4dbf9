// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's entry to the readers of layouts (AFL++ takes it as well). Which format is fuzzed is
 * the name of the program: layout-FORMAT, and layout-any for the finding out.
 */
#include <stdio.h>

#include "tests/fuzz/layout.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *format = "any";

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = strrchr((*argv)[0], '/');
	const char *dash = strchr(name ? name : (*argv)[0], '-');

	(void)argc;
	if (dash)
		format = dash + 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *wrong = fuzz_layout(format, data, size);

	if (wrong) {
		fprintf(stderr, "%s: %s\n", format, wrong);
		abort();
	}
	return 0;
}
