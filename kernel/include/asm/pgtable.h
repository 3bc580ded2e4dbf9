/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inert: no page table exists */
#ifndef RT_ASM_PGTABLE_H
#define RT_ASM_PGTABLE_H

#endif
