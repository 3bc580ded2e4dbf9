/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: panic() leaves the engine */
#ifndef RT_LINUX_PANIC_H
#define RT_LINUX_PANIC_H

void panic(const char *fmt, ...) __attribute__((__noreturn__));

#endif
