/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: messages with the kernel's levels and formats go to the simulator line by line */
#ifndef RT_LINUX_PRINTK_H
#define RT_LINUX_PRINTK_H

#include <linux/compiler.h>
#include <linux/kern_levels.h>
#include <linux/stdarg.h>
#include <linux/types.h>

int printk(const char *fmt, ...);
int vprintk(const char *fmt, va_list args);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int snprintf(char *buf, size_t size, const char *fmt, ...);
int scnprintf(char *buf, size_t size, const char *fmt, ...);
int sprintf(char *buf, const char *fmt, ...);
/* Hands a line that is not ended yet to the simulator. */
void rt_printk_flush(void);

#define _printk printk
#define printk_deferred printk

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif
#define pr_emerg(fmt, ...) printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...) printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...) printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...) printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...) printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warning pr_warn
#define pr_notice(fmt, ...) printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...) printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...) printk(KERN_CONT fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...)                                             \
	do {                                                           \
		if (0)                                                 \
			printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__); \
	} while (0)
#define pr_devel pr_debug
#define no_printk pr_debug

#define RT_ONCE(call)                   \
	({                              \
		static bool rt_done;    \
		if (!rt_done) {         \
			rt_done = true; \
			call;           \
		}                       \
	})
#define printk_once(fmt, ...) RT_ONCE(printk(fmt, ##__VA_ARGS__))
#define pr_err_once(fmt, ...) RT_ONCE(pr_err(fmt, ##__VA_ARGS__))
#define pr_warn_once(fmt, ...) RT_ONCE(pr_warn(fmt, ##__VA_ARGS__))
#define pr_info_once(fmt, ...) RT_ONCE(pr_info(fmt, ##__VA_ARGS__))
/* In a boot's first moments nothing is suppressed: the burst is never reached. */
#define pr_err_ratelimited pr_err
#define pr_warn_ratelimited pr_warn
#define pr_info_ratelimited pr_info
#define printk_ratelimited printk

void dump_stack(void);

#endif
