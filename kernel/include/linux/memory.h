/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: memory blocks of sysfs do not exist yet */
#ifndef RT_LINUX_MEMORY_H
#define RT_LINUX_MEMORY_H

#endif
