// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes two engines against each other. */
#include <errno.h>

#include "fuzz/internal.h"

int fuzz_pair(const struct engine_request requests[2], const struct fuzz_options *options,
	      struct fuzz_report *report, struct error *err)
{
	(void)requests, (void)options, (void)report;
	return error_set(err, ENOTSUP, "two kernels cannot be compared yet; give one -k");
}
