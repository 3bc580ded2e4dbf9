/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: va_list is the kernel's */
#ifndef _STDARG_H
#define _STDARG_H

#include <linux/stdarg.h>

#endif
