/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: a variable, as there is one thread */
#ifndef _ERRNO_H
#define _ERRNO_H

#include <linux/errno.h>

extern int rt_upstream_errno;
#define errno rt_upstream_errno

#endif
