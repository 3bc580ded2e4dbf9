// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's command line and initcalls: who registered is called. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <rt/rt.h>

#include "rt.h"

static struct obs_kernel_param *params;
static struct rt_initcall *initcalls;

void rt_param_register(struct obs_kernel_param *param)
{
	param->next = params;
	params = param;
}

void rt_initcall_register(struct rt_initcall *call)
{
	struct rt_initcall **at = &initcalls;

	while (*at && (*at)->level <= call->level)
		at = &(*at)->next;
	call->next = *at;
	*at = call;
}

/* Dashes and underscores are the same in names of parameters. */
static bool name_matches(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return true;
}

/*
 * Early parameters match the whole name; those of __setup() are prefixes of "name=value",
 * and get what follows.
 */
int rt_param(const char *name, const char *value, int early, int *ret)
{
	static char text[2048];
	size_t name_len = strlen(name), len;
	int taken = 0;

	len = snprintf(text, sizeof(text), "%s%s%s", name, value ? "=" : "", value ? value : "");
	for (struct obs_kernel_param *p = params; p; p = p->next) {
		size_t n = strlen(p->str);

		if (p->early != early)
			continue;
		if (early && n == name_len && name_matches(p->str, name, n)) {
			*ret = p->setup_func(value ? text + name_len + 1 : NULL);
			taken++;
		} else if (!early && n <= len && name_matches(p->str, text, n)) {
			*ret = p->setup_func(text + n);
			taken++;
		}
	}
	return taken;
}

void rt_initcalls(void)
{
	for (struct rt_initcall *call = initcalls; call; call = call->next)
		call->fn();
}
