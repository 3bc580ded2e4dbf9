// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of debugfs, and the seq_file behind them: made, listed, and read out as text. */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "rt.h"

#define MAX_FILES 16
#define TEXT_SIZE (4UL << 20)

struct dentry {
	const char *name;
	struct dentry *parent;
	void *data;
	const struct file_operations *fops; /* NULL: a directory */
};

static struct dentry entries[MAX_FILES];
static int nr_entries;
static struct seq_file seq;

static struct dentry *add(const char *name, struct dentry *parent, void *data,
			  const struct file_operations *fops)
{
	struct dentry *d = &entries[nr_entries];

	BUG_ON(nr_entries == MAX_FILES);
	nr_entries++;
	*d = (struct dentry){ name, parent, data, fops };
	return d;
}

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return add(name, parent, NULL, NULL);
}

struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct file_operations *fops)
{
	(void)mode;
	return add(name, parent, data, fops);
}

static void write_path(const struct dentry *d, char *path, size_t size)
{
	if (d->parent) {
		write_path(d->parent, path, size);
		scnprintf(path + strlen(path), size - strlen(path), "/");
	}
	scnprintf(path + strlen(path), size - strlen(path), "%s", d->name);
}

const char *rt_debugfs_name(int n)
{
	static char path[128];

	for (int i = 0; i < nr_entries; i++) {
		if (!entries[i].fops || n--)
			continue;
		path[0] = '\0';
		write_path(&entries[i], path, sizeof(path));
		return path;
	}
	return NULL;
}

const char *rt_debugfs(const char *path)
{
	struct inode inode;
	struct file file = { 0 };
	char name[128];

	for (int i = 0; i < nr_entries; i++) {
		if (!entries[i].fops)
			continue;
		name[0] = '\0';
		write_path(&entries[i], name, sizeof(name));
		if (strcmp(name, path))
			continue;
		inode.i_private = entries[i].data;
		if (!entries[i].fops->open || entries[i].fops->open(&inode, &file))
			return NULL;
		seq.show(&seq, NULL);
		seq.buf[seq.count] = '\0';
		return seq.buf;
	}
	return NULL;
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	if (!seq.buf)
		seq.buf = rt_alloc(TEXT_SIZE);
	seq.size = TEXT_SIZE;
	seq.count = 0;
	seq.private = data;
	seq.show = show;
	file->private_data = &seq;
	return 0;
}

int single_release(struct inode *inode, struct file *file)
{
	(void)inode, (void)file;
	return 0;
}

/* Read by the run-time only, through show(). */
ssize_t seq_read(struct file *file, char *buf, size_t size, loff_t *pos)
{
	(void)file, (void)buf, (void)size, (void)pos;
	rt_trap("seq_read");
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	(void)file, (void)offset, (void)whence;
	rt_trap("seq_lseek");
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	m->count += vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);
	va_end(args);
	if (m->count >= m->size)
		m->count = m->size - 1;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_printf(m, "%s", s);
}

void seq_putc(struct seq_file *m, char c)
{
	seq_printf(m, "%c", c);
}
