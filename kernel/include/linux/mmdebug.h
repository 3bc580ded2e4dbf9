/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: see <linux/bug.h> */
#ifndef RT_LINUX_MMDEBUG_H
#define RT_LINUX_MMDEBUG_H

#include <linux/bug.h>

#endif
