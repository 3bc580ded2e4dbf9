/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: no kernel image is in simulated memory, so it has no bounds but its own */
#ifndef RT_ASM_SECTIONS_H
#define RT_ASM_SECTIONS_H

extern char _text[], _etext[], _sdata[], _edata[], __bss_start[], __bss_stop[], _end[];
extern char __init_begin[], __init_end[], _sinittext[], _einittext[], _stext[];

#endif
