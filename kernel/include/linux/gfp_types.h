/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: see <linux/gfp.h> */
#ifndef RT_LINUX_GFP_TYPES_H
#define RT_LINUX_GFP_TYPES_H

#include <linux/gfp.h>

#endif
