/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: NULL, offsetof */
#ifndef RT_LINUX_STDDEF_H
#define RT_LINUX_STDDEF_H

#undef NULL
#define NULL ((void *)0)
#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#define sizeof_field(type, member) sizeof(((type *)0)->member)

#endif
