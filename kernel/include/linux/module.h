/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: see <linux/export.h>; a module's description describes nothing here */
#ifndef RT_LINUX_MODULE_H
#define RT_LINUX_MODULE_H

#include <linux/export.h>
#include <linux/init.h>

#define MODULE_LICENSE(text) struct rt_swallow_semicolon
#define MODULE_AUTHOR(text) struct rt_swallow_semicolon
#define MODULE_DESCRIPTION(text) struct rt_swallow_semicolon
#define THIS_MODULE NULL

#endif
