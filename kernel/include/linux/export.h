/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: no module looks for symbols here */
#ifndef RT_LINUX_EXPORT_H
#define RT_LINUX_EXPORT_H

#define EXPORT_SYMBOL(symbol) struct rt_swallow_semicolon
#define EXPORT_SYMBOL_GPL(symbol) struct rt_swallow_semicolon
#define EXPORT_SYMBOL_NS(symbol, namespace) struct rt_swallow_semicolon
#define EXPORT_SYMBOL_NS_GPL(symbol, namespace) struct rt_swallow_semicolon
#define EXPORT_PER_CPU_SYMBOL(symbol) struct rt_swallow_semicolon

#endif
