// SPDX-License-Identifier: GPL-2.0-or-later
/* Ranges as memblock prints them. */
#include "replay/internal.h"

bool scan_range(const char **p, struct range *range)
{
	const char *q = *p;
	uint64_t first, last;

	if (!scan_word(&q, "[") || !scan_hex(&q, &first) || !scan_word(&q, "-") ||
	    !scan_hex(&q, &last)) {
		*p = q;
		return false;
	}
	if (scan_word(&q, "]")) {
		/* [a, a - 1] is empty; so is what ends before it, which kernels print, too */
		last = last == UINT64_MAX ? last : last + 1;
	} else if (!scan_word(&q, ")")) {
		*p = q;
		return false;
	}
	if (last < first)
		last = first;
	*range = (struct range){ first, last };
	*p = q;
	return true;
}
