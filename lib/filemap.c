// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/filemap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/spawn.h"

static struct filemap *maps; /* those that are open */
static struct sigaction old_action;

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static struct filemap *find_map(uintptr_t address)
{
	for (struct filemap *map = maps; map; map = map->next)
		if (address - (uintptr_t)map->text < map->room)
			return map;
	return NULL;
}

/*
 * Somebody made the file shorter while it was read (logs are rotated): what is missing reads
 * as zeroes. Any other fault is not ours, and happens again without this handler.
 */
static void file_was_cut(int sig, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr & -page_size();

	(void)context;
	if (!find_map(address) ||
	    mmap((void *)address, page_size(), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) == MAP_FAILED)
		sigaction(sig, &old_action, NULL);
}

static void catch_cuts(void)
{
	struct sigaction action = { .sa_sigaction = file_was_cut, .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &action, &old_action);
}

/*
 * A reservation that is longer than the file has zeroes behind it, which a file that fills its
 * last page has not by itself.
 */
static int map_file(struct filemap *map, int fd, const char *path, struct error *err)
{
	struct stat st;
	char *text;

	if (fstat(fd, &st))
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	map->len = st.st_size;
	map->room = (map->len + page_size()) & -page_size();
	text = mmap(NULL, map->room, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (text == MAP_FAILED)
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	if (map->len &&
	    mmap(text, map->len, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED) {
		error_set(err, errno, "%s: cannot map the file: %s", path, strerror(errno));
		munmap(text, map->room);
		return -EIO;
	}
	if (map->len)
		madvise(text, map->len, MADV_SEQUENTIAL);
	map->text = text;
	map->next = maps;
	if (!maps)
		catch_cuts();
	maps = map;
	return 0;
}

/* A descriptor of an empty file that has no name, or -1 and @err. */
static int open_temporary(const char *path, struct error *err)
{
	FILE *f = tmpfile();
	int fd = f ? fcntl(fileno(f), F_DUPFD_CLOEXEC, 3) : -1;

	if (fd < 0)
		error_set(err, errno, "%s: cannot make a temporary file: %s", path,
			  strerror(errno));
	if (f)
		fclose(f);
	return fd;
}

static int copy(int in, int out, const char *path, struct error *err)
{
	char buf[1 << 16];
	ssize_t got, put;

	while ((got = read(in, buf, sizeof(buf))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, errno, "%s: %s", path, strerror(errno));
		for (ssize_t done = 0; done < got; done += put) {
			put = write(out, buf + done, got - done);
			if (put < 0)
				return error_set(err, errno,
						 "%s: cannot write a temporary file: %s", path,
						 strerror(errno));
		}
	}
	return 0;
}

static int decompress(const char *const *argv, int in, int out, const char *path, struct error *err)
{
	struct spawn s = { .argv = argv, .stdin_fd = in, .stdout_fd = out };
	int ret = spawn_run(&s, err);

	if (ret)
		error_prefix(err, "%s", path);
	else if (s.status)
		ret = error_set(err, EINVAL, "%s: cannot decompress: %.*s", path,
				(int)strcspn(s.err, "\n"), s.err);
	spawn_release(&s);
	return ret;
}

/* A temporary file takes the place of @fd, with what is in it or what @argv makes of that. */
static int replace(int *fd, const char *const *argv, const char *path, struct error *err)
{
	int temporary = open_temporary(path, err), ret;

	if (temporary < 0)
		return -EIO;
	ret = argv ? decompress(argv, *fd, temporary, path, err) : copy(*fd, temporary, path, err);
	close(*fd);
	*fd = temporary;
	lseek(temporary, 0, SEEK_SET);
	return ret;
}

/* Whether there is a file behind @fd that is as long as it says. */
static bool is_plain(int fd)
{
	struct stat st;

	/* files of /proc and /sys have no blocks */
	return !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_blocks && !lseek(fd, 0, SEEK_CUR);
}

int filemap_open(struct filemap *map, const char *path, struct error *err)
{
	/* not descriptor 0 itself: to spawn_run() it means nothing to read */
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC)
				   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	const char *const *argv;
	unsigned char head[16];
	ssize_t len;
	int ret = 0;

	if (fd < 0)
		return error_set(err, errno, "%s: %s", path, strerror(errno));
	if (!is_plain(fd))
		ret = replace(&fd, NULL, path, err);
	len = ret ? 0 : pread(fd, head, sizeof(head), 0);
	argv = file_decompressor(head, len > 0 ? len : 0);
	if (argv)
		ret = replace(&fd, argv, path, err);
	if (!ret)
		ret = map_file(map, fd, path, err);
	close(fd);
	return ret;
}

void filemap_close(struct filemap *map)
{
	struct filemap **p = &maps;

	while (*p != map)
		p = &(*p)->next;
	*p = map->next;
	if (!maps)
		sigaction(SIGBUS, &old_action, NULL);
	munmap((void *)map->text, map->room);
}

void filemap_forget(const char *text, size_t len)
{
	uintptr_t start = ((uintptr_t)text + page_size() - 1) & -page_size();
	uintptr_t end = ((uintptr_t)text + len) & -page_size();

	if (start < end && find_map(start))
		madvise((void *)start, end - start, MADV_DONTNEED);
}
