// SPDX-License-Identifier: GPL-2.0-or-later
/* The hand-over to the page allocator. */
#include "model/internal.h"

const struct model_call handover_calls[] = {
	{ NULL, NULL, NULL },
};
