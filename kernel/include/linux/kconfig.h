/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: IS_ENABLED() and its relatives over the generated configuration */
#ifndef RT_LINUX_KCONFIG_H
#define RT_LINUX_KCONFIG_H

#include <generated/autoconf.h>

/* A defined option expands to 1, which turns the second argument below into "0, 1". */
#define RT_ARG_1 0,
#define RT_SECOND(ignored, value, ...) value
#define RT_IS_SET(option) RT_IS_SET_1(option)
#define RT_IS_SET_1(value) RT_IS_SET_2(RT_ARG_##value)
#define RT_IS_SET_2(arg) RT_SECOND(arg 1, 0)

#define IS_BUILTIN(option) RT_IS_SET(option)
#define IS_MODULE(option) 0
#define IS_REACHABLE(option) RT_IS_SET(option)
#define IS_ENABLED(option) RT_IS_SET(option)

#endif
