/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: like <linux/mutex.h> */
#ifndef RT_LINUX_SPINLOCK_H
#define RT_LINUX_SPINLOCK_H

#include <linux/mutex.h>

typedef struct mutex spinlock_t;
#define DEFINE_SPINLOCK(name) spinlock_t name = { 0 }
#define spin_lock_init(lock) mutex_init(lock)
#define spin_lock(lock) mutex_lock(lock)
#define spin_unlock(lock) mutex_unlock(lock)
#define spin_lock_irqsave(lock, flags) ((flags) = 0, mutex_lock(lock))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), mutex_unlock(lock))
#define rt_guard_enter_spinlock rt_guard_enter_mutex
#define rt_guard_exit_spinlock rt_guard_exit_mutex

#endif
