/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: early_param(), __setup() and initcalls register with the run-time; sections do not exist */
#ifndef RT_LINUX_INIT_H
#define RT_LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define __init
#define __initdata
#define __initconst
#define __exit
#define __exitdata
#define __ref
#define __refdata
#define __refconst
#define __meminit
#define __meminitdata
#define __meminitconst
#define __memexit
#define __memexitdata
#define __init_or_module
#define __initdata_or_module
#define __ro_after_init
#define __read_mostly
#define __cpuinit
#define __devinit
#define __paginginit
#define asmlinkage
#define __visible

struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *value);
	int early;
	struct obs_kernel_param *next;
};

typedef int (*initcall_t)(void);

struct rt_initcall {
	initcall_t fn;
	int level;
	struct rt_initcall *next;
};

/* Called by constructors, thus before the pristine copy of an engine is taken. */
void rt_param_register(struct obs_kernel_param *param);
void rt_initcall_register(struct rt_initcall *call);

#define RT_REGISTER_PARAM(string, fn, is_early)                                   \
	static struct obs_kernel_param rt_param_##fn = { .str = string,           \
							 .setup_func = fn,        \
							 .early = is_early };     \
	static void __attribute__((__constructor__)) rt_param_register_##fn(void) \
	{                                                                         \
		rt_param_register(&rt_param_##fn);                                \
	}                                                                         \
	struct rt_swallow_semicolon

#define early_param(string, fn) RT_REGISTER_PARAM(string, fn, 1)
#define __setup(string, fn) RT_REGISTER_PARAM(string, fn, 0)

#define RT_REGISTER_INITCALL(function, at)                                                  \
	static struct rt_initcall rt_initcall_##function = { .fn = function, .level = at }; \
	static void __attribute__((__constructor__)) rt_initcall_register_##function(void)  \
	{                                                                                   \
		rt_initcall_register(&rt_initcall_##function);                              \
	}                                                                                   \
	struct rt_swallow_semicolon

#define early_initcall(fn) RT_REGISTER_INITCALL(fn, 0)
#define pure_initcall(fn) RT_REGISTER_INITCALL(fn, 0)
#define core_initcall(fn) RT_REGISTER_INITCALL(fn, 1)
#define postcore_initcall(fn) RT_REGISTER_INITCALL(fn, 2)
#define arch_initcall(fn) RT_REGISTER_INITCALL(fn, 3)
#define subsys_initcall(fn) RT_REGISTER_INITCALL(fn, 4)
#define fs_initcall(fn) RT_REGISTER_INITCALL(fn, 5)
#define device_initcall(fn) RT_REGISTER_INITCALL(fn, 6)
#define late_initcall(fn) RT_REGISTER_INITCALL(fn, 7)
#define __initcall(fn) device_initcall(fn)
#define module_init(fn) device_initcall(fn)

#endif
