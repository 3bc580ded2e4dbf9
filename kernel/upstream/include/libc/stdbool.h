/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: bool is the kernel's */
#ifndef _STDBOOL_H
#define _STDBOOL_H

#include <linux/types.h>

#endif
