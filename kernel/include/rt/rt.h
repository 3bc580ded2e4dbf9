/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: the run-time behind the stand-ins, common declarations */
#ifndef RT_RT_H
#define RT_RT_H

#include <linux/types.h>

#include "kernel/abi.h"

extern struct rt_host rt_host;

/* Ends the run: @name is stood in for only by name. */
void rt_trap(const char *name) __attribute__((noreturn, cold));

/* The same for a value, where an expression is needed. */
long rt_trap_value(const char *name);

static inline void rt_event(enum rt_event event, rt_u64 a, rt_u64 b, long c)
{
	rt_host.event(event, a, b, c);
}

#endif
