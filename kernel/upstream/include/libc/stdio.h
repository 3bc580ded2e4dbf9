/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: what is printed belongs to the test */
#ifndef _STDIO_H
#define _STDIO_H

#include <linux/printk.h>
#include <linux/stdarg.h>

int rt_upstream_printf(const char *fmt, ...);
int rt_upstream_vprintf(const char *fmt, va_list args);

#define printf(...) rt_upstream_printf(__VA_ARGS__)
#define vprintf(fmt, args) rt_upstream_vprintf(fmt, args)
#define puts(s) rt_upstream_printf("%s\n", s)
#define stdout 1
#define stderr 2
#define fprintf(file, ...) rt_upstream_printf(__VA_ARGS__)
#define fflush(file) ((void)(file))

#endif
