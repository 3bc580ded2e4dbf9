/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: no kernel hands anything over to this one; other functions of it are stood in for when used */
#ifndef RT_LINUX_KEXEC_HANDOVER_H
#define RT_LINUX_KEXEC_HANDOVER_H

#include <linux/errno.h>
#include <linux/notifier.h>
#include <linux/types.h>

struct kho_data;
struct kho_serialization;
struct folio;

static inline bool kho_is_enabled(void)
{
	return false;
}

static inline bool kho_scratch_overlap(phys_addr_t phys, size_t size)
{
	(void)phys, (void)size;
	return false;
}

static inline bool is_kho_boot(void)
{
	return false;
}

#endif
