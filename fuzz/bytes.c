// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sequences out of bytes that others make, such as libFuzzer. The generator is the same; its choices
 * are the bytes. Who makes them is guided by what they reach in the model: it has a branch for
 * everything that memblock does.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/internal.h"
#include "lib/array.h"

struct fuzz_bytes {
	struct rig rig;
	struct generator generator;
	struct sequence sequence;
	struct outcome outcome;
};

struct fuzz_bytes *fuzz_bytes_new(struct engine *e)
{
	struct fuzz_bytes *b = array_resize(NULL, 1, sizeof(*b));

	memset(b, 0, sizeof(*b));
	rig_init(&b->rig, e, true);
	b->rig.wants_check = true;
	return b;
}

void fuzz_bytes_free(struct fuzz_bytes *b)
{
	rig_release(&b->rig);
	free(b);
}

char *fuzz_bytes_run(struct fuzz_bytes *b, const uint8_t *data, size_t size)
{
	struct source source = { .bytes = data, .left = size };
	const struct emitter em = {
		.e = b->rig.e,
		.table = &b->rig.table,
		.s = &b->sequence,
		.o = &b->outcome,
	};

	b->sequence.nr = 0;
	generator_begin(&b->generator, &b->rig, &source);
	rig_run(&b->rig, &b->sequence, &b->generator, &b->outcome);
	return b->outcome.aspect == ASPECT_NONE || b->outcome.known ? NULL : emit_script(&em);
}
