// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/spawn.h"

char *file_path(const char *fmt, ...)
{
	va_list ap;
	char *path;

	va_start(ap, fmt);
	path = array_vformat(fmt, ap);
	va_end(ap);
	return path;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

long long file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : (long long)st.st_size;
}

int file_mkdirs(const char *path, struct error *err)
{
	char *copy = array_strdup(path);
	int ret = 0;

	for (char *p = copy + 1; !ret; p++) {
		if (*p && *p != '/')
			continue;
		char c = *p;

		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			ret = error_set(err, errno, "%s: cannot make the directory: %s", copy,
					strerror(errno));
		if (!c)
			break;
		*p = c;
	}
	free(copy);
	return ret;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	remove(path);
	return 0;
}

void file_remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static char *read_all(int fd, size_t *len)
{
	size_t room = 1 << 16, n = 0;
	char *data = array_resize(NULL, room + 1, 1);
	ssize_t got;

	while ((got = read(fd, data + n, room - n)) != 0) {
		if (got < 0) {
			if (errno == EINTR)
				continue;
			free(data);
			return NULL;
		}
		n += got;
		if (n == room) {
			room *= 2;
			data = array_resize(data, room + 1, 1);
		}
	}
	data[n] = '\0';
	*len = n;
	return data;
}

const char *const *file_decompressor(const unsigned char *head, size_t len)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *const argv[4];
	} kinds[] = {
		{ "\xfd"
		  "7zXZ",
		  5,
		  { "xz", "-dc", "-T0", NULL } },
		{ "\x1f\x8b", 2, { "gzip", "-dc", NULL } },
		{ "\x28\xb5\x2f\xfd", 4, { "zstd", "-dcq", NULL } },
		{ "BZh", 3, { "bzip2", "-dc", NULL } },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (len > kinds[i].len && !memcmp(head, kinds[i].magic, kinds[i].len))
			return kinds[i].argv;
	return NULL;
}

/* Takes and frees @data; the packed bytes go to the program through a temporary file. */
static char *decompress(const char *path, char *data, size_t *len, const char *const *argv,
			struct error *err)
{
	FILE *packed = tmpfile();
	struct spawn s = { .argv = argv };
	char *text = NULL;

	if (!packed || fwrite(data, 1, *len, packed) != *len || fflush(packed)) {
		error_set(err, errno, "%s: cannot make a temporary file: %s", path,
			  strerror(errno));
		goto out;
	}
	lseek(fileno(packed), 0, SEEK_SET);
	s.stdin_fd = fileno(packed);
	if (spawn_run(&s, err)) {
		error_prefix(err, "%s", path);
	} else if (s.status) {
		error_set(err, EINVAL, "%s: cannot decompress: %.*s", path,
			  (int)strcspn(s.err, "\n"), s.err);
	} else {
		text = s.out;
		*len = s.out_len;
		s.out = NULL;
	}
	spawn_release(&s);
out:
	if (packed)
		fclose(packed);
	free(data);
	return text;
}

char *file_read(const char *path, size_t *len, struct error *err)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	const char *const *argv;
	char *data;
	size_t n;

	if (fd < 0) {
		error_set(err, errno, "%s: %s", path, strerror(errno));
		return NULL;
	}
	data = read_all(fd, &n);
	if (!data)
		error_set(err, errno, "%s: %s", path, strerror(errno));
	if (!standard)
		close(fd);
	if (data) {
		argv = file_decompressor((unsigned char *)data, n);
		if (argv)
			data = decompress(path, data, &n, argv, err);
	}
	if (data && len)
		*len = n;
	return data;
}

int file_write(const char *path, const void *data, size_t len, struct error *err)
{
	char *tmp = file_path("%s.%d.tmp", path, (int)getpid());
	FILE *f = fopen(tmp, "we");
	int ret = 0;

	if (!f)
		ret = error_set(err, errno, "%s: %s", path, strerror(errno));
	else if (fwrite(data, 1, len, f) != len || fflush(f))
		ret = error_set(err, errno, "%s: %s", path, strerror(errno));
	if (f && fclose(f) && !ret)
		ret = error_set(err, errno, "%s: %s", path, strerror(errno));
	if (!ret && rename(tmp, path))
		ret = error_set(err, errno, "%s: %s", path, strerror(errno));
	if (ret)
		unlink(tmp);
	free(tmp);
	return ret;
}
