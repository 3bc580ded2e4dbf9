/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: as much of files as seq_file and debugfs need */
#ifndef RT_LINUX_FS_H
#define RT_LINUX_FS_H

#include <linux/types.h>

struct inode {
	void *i_private;
};

struct file {
	void *private_data;
};

struct file_operations {
	void *owner;
	int (*open)(struct inode *inode, struct file *file);
	ssize_t (*read)(struct file *file, char *buf, size_t size, loff_t *pos);
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	int (*release)(struct inode *inode, struct file *file);
};

#endif
