/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: WARN() logs and counts, BUG() leaves the engine */
#ifndef RT_LINUX_BUG_H
#define RT_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/panic.h>
#include <linux/printk.h>

void rt_bug(const char *file, int line, const char *function) __attribute__((__noreturn__));
/* The head of a warning, then its message if there is a format. */
void rt_warn(const char *file, int line, const char *fmt, ...);

#define BUG() rt_bug(__FILE__, __LINE__, __func__)
#define BUG_ON(condition)                \
	do {                             \
		if (unlikely(condition)) \
			BUG();           \
	} while (0)

#define RT_WARN_IF(condition, ...)                                  \
	({                                                          \
		int rt_cond = !!(condition);                        \
		if (unlikely(rt_cond))                              \
			rt_warn(__FILE__, __LINE__, ##__VA_ARGS__); \
		unlikely(rt_cond);                                  \
	})
#define RT_WARN_ONCE_IF(condition, ...)                             \
	({                                                          \
		static bool rt_warned;                              \
		int rt_cond = !!(condition);                        \
		if (unlikely(rt_cond && !rt_warned)) {              \
			rt_warned = true;                           \
			rt_warn(__FILE__, __LINE__, ##__VA_ARGS__); \
		}                                                   \
		unlikely(rt_cond);                                  \
	})
#define WARN_ON(condition) RT_WARN_IF(condition, NULL)
#define WARN(condition, fmt, ...) RT_WARN_IF(condition, fmt, ##__VA_ARGS__)
#define WARN_ON_ONCE(condition) RT_WARN_ONCE_IF(condition, NULL)
#define WARN_ONCE(condition, fmt, ...) RT_WARN_ONCE_IF(condition, fmt, ##__VA_ARGS__)
#define VM_BUG_ON(condition) BUG_ON(condition)
#define VM_BUG_ON_PAGE(condition, page) BUG_ON(condition)
#define VM_WARN_ON(condition) WARN_ON(condition)
#define VM_WARN_ON_ONCE(condition) WARN_ON_ONCE(condition)
#define VM_WARN_ONCE(condition, fmt, ...) WARN_ONCE(condition, fmt, ##__VA_ARGS__)

#endif
