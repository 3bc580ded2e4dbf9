// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's log. Messages become lines as they do there: a message without a newline is
 * continued by one of KERN_CONT, and ended by any other.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <rt/rt.h>

#define LINE_MAX 1024
#define LEVEL_DEFAULT 4

static char line[LINE_MAX];
static size_t line_len;
static int line_level;

void rt_printk_flush(void)
{
	if (!line_len)
		return;
	line[line_len] = '\0';
	line_len = 0;
	rt_host.log(line_level, line);
}

/* Takes the level off the front of a format; -1: continues the line before. */
static int take_level(const char **fmt)
{
	int level = LEVEL_DEFAULT;

	while ((*fmt)[0] == KERN_SOH_ASCII && (*fmt)[1]) {
		if ((*fmt)[1] == 'c')
			level = -1;
		else if ((*fmt)[1] >= '0' && (*fmt)[1] <= '7')
			level = (*fmt)[1] - '0';
		*fmt += 2;
	}
	return level;
}

int vprintk(const char *fmt, va_list args)
{
	char text[LINE_MAX];
	int level = take_level(&fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);

	if (level >= 0) {
		rt_printk_flush();
		line_level = level;
	} else if (!line_len) {
		line_level = LEVEL_DEFAULT;
	}
	for (const char *p = text; *p; p++) {
		if (*p == '\n') {
			if (line_len)
				rt_printk_flush();
			else
				rt_host.log(line_level, "");
		} else if (line_len < sizeof(line) - 1) {
			line[line_len++] = *p;
		}
	}
	return n;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintk(fmt, args);
	va_end(args);
	return n;
}

void panic(const char *fmt, ...)
{
	char text[LINE_MAX];
	va_list args;
	size_t n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	if (n && text[n - 1] == '\n')
		text[n - 1] = '\0';
	printk(KERN_EMERG "Kernel panic - not syncing: %s\n", text);
	rt_host.leave(RT_PANIC, text);
}

void rt_bug(const char *file, int at, const char *function)
{
	char text[LINE_MAX];

	snprintf(text, sizeof(text), "kernel BUG at %s:%d! (%s)", file, at, function);
	printk(KERN_CRIT "------------[ cut here ]------------\n");
	printk(KERN_CRIT "kernel BUG at %s:%d!\n", file, at);
	rt_printk_flush();
	rt_host.leave(RT_BUG, text);
}

static unsigned int warnings;

void rt_warn(const char *file, int at, const char *fmt, ...)
{
	va_list args;

	printk(KERN_WARNING "------------[ cut here ]------------\n");
	if (fmt) {
		va_start(args, fmt);
		vprintk(fmt, args);
		va_end(args);
	}
	printk(KERN_WARNING "WARNING: CPU: 0 PID: 0 at %s:%d %pS\n", file, at,
	       __builtin_return_address(0));
	printk(KERN_WARNING "---[ end trace 0000000000000000 ]---\n");
	rt_event(RT_WARN, ++warnings, 0, 0);
}

/* The callers are for the simulator to tell, in what it says of the call that was made. */
void dump_stack(void)
{
	printk("CPU: 0 PID: 0 Comm: swapper Not tainted\n");
	printk("Call Trace:\n");
	printk(" %pS\n", __builtin_return_address(0));
}

void rt_trap(const char *name)
{
	char text[LINE_MAX];

	snprintf(text, sizeof(text),
		 "%s was used, which mbsim does not know and stood in for by name only", name);
	rt_printk_flush();
	rt_host.leave(RT_TRAP, text);
}

long rt_trap_value(const char *name)
{
	rt_trap(name);
}
