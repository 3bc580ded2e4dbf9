/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: the run-time's */
#ifndef _STRING_H
#define _STRING_H

#include <linux/string.h>

#endif
