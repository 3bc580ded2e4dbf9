/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: CMA areas belong to the boot plan */
#ifndef RT_LINUX_CMA_H
#define RT_LINUX_CMA_H

#endif
