/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: nothing of it is used before the page allocator */
#ifndef RT_LINUX_MMU_CONTEXT_H
#define RT_LINUX_MMU_CONTEXT_H

#endif
