/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: see <linux/module.h> */
#ifndef RT_LINUX_MODULEPARAM_H
#define RT_LINUX_MODULEPARAM_H

#include <linux/module.h>

#endif
