// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a question. */
#include <errno.h>

#include "explain/internal.h"
#include "lib/size.h"

int explain_read_range(const char *word, struct range *range, struct error *err)
{
	uint64_t address;

	/* a sole size would be a range from 0 */
	if (!size_parse(word, NULL, &address) && address < UINT64_MAX) {
		*range = (struct range){ address, address + 1 };
		return 0;
	}
	if (size_parse_range(word, NULL, range) || range_is_empty(*range))
		return error_set(
			err, EINVAL,
			"explain: '%s' is no address, and no range as START-LAST or START+SIZE",
			word);
	return 0;
}

int explain_read_size(const char *word, const char *what, uint64_t *size, struct error *err)
{
	if (size_parse(word, NULL, size))
		return error_set(err, EINVAL,
				 "explain: %s: '%s' is no number, as 4096, 0x1000 or 4K", what,
				 word);
	return 0;
}

int explain_check_words(const struct explain *x, size_t least, size_t most, struct error *err)
{
	const struct explain_question *q = explain_find(x->words[0]);
	size_t nr = x->nr_words - 1;

	if (nr < least || nr > most)
		return error_set(err, EINVAL, "explain: the question is '%s %s'%s%s%s", q->name,
				 q->arguments, nr > most ? "; '" : "",
				 nr > most ? x->words[most + 1] : "",
				 nr > most ? "' is one word too many" : "");
	return 0;
}
