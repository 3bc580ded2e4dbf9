/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: nothing of the processor is used */
#ifndef RT_ASM_PROCESSOR_H
#define RT_ASM_PROCESSOR_H

#include <linux/cache.h>

#endif
