/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: container_of() */
#ifndef RT_LINUX_CONTAINER_OF_H
#define RT_LINUX_CONTAINER_OF_H

#include <linux/stddef.h>

#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define container_of_const(ptr, type, member) container_of(ptr, type, member)

#endif
