/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: _RET_IP_ is in <linux/compiler.h> */
#ifndef RT_LINUX_INSTRUCTION_POINTER_H
#define RT_LINUX_INSTRUCTION_POINTER_H

#include <linux/compiler.h>

#endif
