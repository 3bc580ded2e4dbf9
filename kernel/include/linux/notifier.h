/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: who is told of events; nobody tells them before the page allocator */
#ifndef RT_LINUX_NOTIFIER_H
#define RT_LINUX_NOTIFIER_H

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
	struct notifier_block *next;
	int priority;
};

#define NOTIFY_DONE 0x0000
#define NOTIFY_OK 0x0001
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 0x0002)
#define notifier_from_errno(err) ((err) ? NOTIFY_STOP_MASK | (NOTIFY_OK - (err)) : NOTIFY_OK)

#endif
