/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_BUGS_H
#define ENGINE_BUGS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/engine.h"

/* A bug of memblock's that is known, and how it shows in the text of a memblock.c. */
struct engine_bug {
	const char *name;  /* "cap-wraps" */
	const char *tests; /* globs of the tests of suite/ that fail by it, with spaces between */
	const char *function; /* of memblock.c, that has it */
	const char *has;      /* what is in its text where the bug is; white space does not count */
	const char *lacks;    /* and what is not, once it is mended; or NULL */
	const char *later; /* somewhere in a memblock.c that had been mended: there the bug is back,
				 and news; or NULL */
	const char *what;  /* in a sentence */
	const char *fix;   /* upstream: "commit (release)"; NULL: there is none */
};

/* The @i-th, or NULL behind the last one. */
const struct engine_bug *engine_bug(size_t i);

/* Which of them an engine's sources have, in that order; none if they cannot be read. The caller frees. */
bool *engine_find_bugs(const struct engine_info *info);

#endif
