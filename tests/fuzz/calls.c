// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's entry to calls of memblock (AFL++ takes it as well): the bytes are the choices that
 * `mbsim fuzz` draws at random. MBSIM_FUZZ_KERNEL and MBSIM_FUZZ_MEMBLOCK say of which kernel, as -k
 * and -m do.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fuzz_bytes *fuzzing;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct engine_request request = {
		.kernel = getenv("MBSIM_FUZZ_KERNEL"),
		.memblock = getenv("MBSIM_FUZZ_MEMBLOCK"),
	};
	struct error err = { 0 };
	struct engine *e = engine_open(&request, &err);

	(void)argc, (void)argv;
	if (!e) {
		fprintf(stderr, "%s\n", err.text);
		exit(2);
	}
	fuzzing = fuzz_bytes_new(e);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *script = fuzz_bytes_run(fuzzing, data, size);

	if (script) {
		fputs(script, stderr);
		abort();
	}
	return 0;
}
