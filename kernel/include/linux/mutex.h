/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: there is one thread, so a lock that is taken twice is a deadlock and ends the run */
#ifndef RT_LINUX_MUTEX_H
#define RT_LINUX_MUTEX_H

#include <linux/bug.h>
#include <linux/cleanup.h>

struct mutex {
	int locked;
};

#define __MUTEX_INITIALIZER(name) \
	{                         \
		0                 \
	}
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)
#define mutex_init(lock) ((void)((lock)->locked = 0))

static inline void mutex_lock(struct mutex *lock)
{
	BUG_ON(lock->locked);
	lock->locked = 1;
}

static inline void mutex_unlock(struct mutex *lock)
{
	BUG_ON(!lock->locked);
	lock->locked = 0;
}

static inline struct mutex *rt_guard_enter_mutex(struct mutex *lock)
{
	mutex_lock(lock);
	return lock;
}

/* Gets the address of the guard's variable; its type is nobody's for clang. */
static inline void rt_guard_exit_mutex(void *guard)
{
	mutex_unlock(*(struct mutex **)guard);
}

#endif
