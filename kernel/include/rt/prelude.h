/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: included before every file of an engine, so that it does not matter what includes what */
#ifndef RT_PRELUDE_H
#define RT_PRELUDE_H

#define __KERNEL__ 1

#include <linux/kconfig.h>

#include <generated/members.h>
#include <generated/probes.h>

#include <linux/cache.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/panic.h>
#include <linux/range.h>
#include <linux/ratelimit.h>
#include <linux/seq_file.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string_helpers.h>

/* what was learned to be missing; empty for the run-time */
#include <generated/standins.h>

#endif
