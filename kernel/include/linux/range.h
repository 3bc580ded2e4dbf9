/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: a range, end included */
#ifndef RT_LINUX_RANGE_H
#define RT_LINUX_RANGE_H

#include <linux/types.h>

struct range {
	u64 start;
	u64 end;
};

#endif
