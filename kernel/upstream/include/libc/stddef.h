/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: NULL, size_t, offsetof() are the kernel's */
#ifndef _STDDEF_H
#define _STDDEF_H

#include <linux/types.h>

#endif
