// SPDX-License-Identifier: GPL-2.0-or-later
/* The questions that there are, and how one is answered. */
#include <errno.h>
#include <string.h>

#include "explain/internal.h"

const struct explain_question explain_questions[] = {
	{ "where-did-my-memory-go", "",
	  "from what the firmware shows to what the page allocator has, to the byte",
	  explain_where },
	{ "who", "ADDRESS|RANGE", "every call that touched it, in order, with caller and effect",
	  explain_who },
	{ "alloc", "SIZE ALIGN [node N] [below ADDRESS] [from ADDRESS]",
	  "where memblock puts it, what bounds it there, how many fit; or why it cannot",
	  explain_alloc },
	{ "hugepages", "SIZE [per node]",
	  "how many such pages there are on each node, and what is inside the frames that are lost",
	  explain_hugepages },
	{ "keep", "RANGE", "whether it is left alone through the whole boot; exit status 1 if not",
	  explain_keep },
	{ "numa", "",
	  "RAM without a node, nodes without RAM, what the kernel makes of it; exit "
	  "status 1 if it refuses the nodes",
	  explain_numa },
	{ "crashkernel=", "", "where it goes or why not, the largest that fits; --kaslr-sweep",
	  explain_crashkernel },
	{ "cma=", "", "where the area goes or why not, and the largest that fits", explain_cma },
	{ "hugetlb_cma=", "", "the same for gigantic pages, on each node", explain_cma },
	{ "memmap=", "", "what it does, what it costs, what it collides with, where there is room",
	  explain_memmap },
	{ "mem=", "", "what remains, and what is lost", explain_memmap },
	{ "reserved-memory", "",
	  "where nodes of a device tree's /reserved-memory go, what they collide with; exit status "
	  "1 if one does or has no place",
	  explain_reserved_memory },
	{ NULL, NULL, NULL, NULL },
};

const struct explain_question *explain_find(const char *word)
{
	for (const struct explain_question *q = explain_questions; q->name; q++) {
		size_t len = strlen(q->name);

		if (!strcmp(q->name, word) ||
		    (q->name[len - 1] == '=' && !strncmp(q->name, word, len)))
			return q;
	}
	return NULL;
}

int explain_ask(const struct explain *x, struct explain_answer *a, struct error *err)
{
	const struct explain_question *q = x->nr_words ? explain_find(x->words[0]) : NULL;

	*a = (struct explain_answer){ .kernel = engine_info(x->engine) };
	if (!q)
		return error_set(
			err, EINVAL,
			"explain: there is no question '%s'; `mbsim explain --help` lists them",
			x->nr_words ? x->words[0] : "");
	return q->answer(x, a, err);
}
