// SPDX-License-Identifier: GPL-2.0-or-later
/* Where things are kept, and what content they are kept by. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/file.h"

char *engine_cache_dir(void)
{
	const char *own = getenv("MBSIM_CACHE");
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	const struct passwd *user = home && *home ? NULL : getpwuid(getuid());

	if (own && *own)
		return array_strdup(own);
	if (xdg && *xdg == '/')
		return file_path("%s/mbsim", xdg);
	/* nowhere that others can write: what is there is loaded and run */
	if (user)
		home = user->pw_dir;
	return file_path("%s/.cache/mbsim", home && *home ? home : "/nonexistent");
}

char *cache_dir(const char *sub, struct error *err)
{
	char *base = engine_cache_dir();
	char *dir = file_path("%s/%s", base, sub);

	if (file_mkdirs(dir, err) ||
	    (access(dir, W_OK) && error_set(err, errno, "%s: %s", dir, strerror(errno)))) {
		if (err)
			strncat(err->text, "; set MBSIM_CACHE to a directory that can be written",
				sizeof(err->text) - strlen(err->text) - 1);
		free(dir);
		dir = NULL;
	}
	free(base);
	return dir;
}

char *cache_temporary_in(const char *base, struct error *err)
{
	char *dir = file_path("%s/XXXXXX", base);

	if (!mkdtemp(dir)) {
		error_set(err, errno, "%s: cannot make a directory there: %s", base,
			  strerror(errno));
		free(dir);
		dir = NULL;
	}
	return dir;
}

char *cache_temporary(struct error *err)
{
	char *base = cache_dir("tmp", err);
	char *dir = base ? cache_temporary_in(base, err) : NULL;

	free(base);
	return dir;
}

struct aged {
	char *path;
	time_t used;
};

static int oldest_first(const void *a, const void *b)
{
	const struct aged *x = a, *y = b;

	return x->used < y->used ? -1 : x->used > y->used;
}

void cache_prune(const char *dir)
{
	struct aged *v = NULL;
	size_t nr = 0, room = 0;
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char *path = file_path("%s/%s", dir, entry->d_name);
		struct stat st;

		if (entry->d_name[0] == '.' || stat(path, &st))
			free(path);
		else
			ARRAY_APPEND(v, nr, room) = (struct aged){ path, st.st_mtime };
	}
	if (d)
		closedir(d);
	if (nr > CACHE_MAX)
		qsort(v, nr, sizeof(*v), oldest_first);
	for (size_t i = 0; i < nr; i++) {
		if (nr > CACHE_MAX && i < nr / 2)
			file_remove_tree(v[i].path);
		free(v[i].path);
	}
	free(v);
}

/*
 * Programs that run from where they were built find the data beside build/; build/asan/ and
 * build/tests/unit/ lie deeper.
 */
const char *data_dir(struct error *err)
{
	static char *found;
	char exe[PATH_MAX];
	ssize_t n;

	if (found)
		return found;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	for (int up = 0; up < 6 && strrchr(exe, '/'); up++) {
		*strrchr(exe, '/') = '\0';
		found = file_path("%s/kernel/abi.h", exe);
		if (file_exists(found)) {
			*strrchr(found, '/') = '\0';
			*strrchr(found, '/') = '\0';
			return found;
		}
		free(found);
		found = file_path("%s/share/mbsim/kernel/abi.h", exe);
		if (file_exists(found)) {
			*strrchr(found, '/') = '\0';
			*strrchr(found, '/') = '\0';
			return found;
		}
		free(found);
		found = NULL;
	}
	if (file_exists(MBSIM_DATADIR "/kernel/abi.h"))
		return found = array_strdup(MBSIM_DATADIR);
	error_set(err, ENOENT,
		  "the stand-ins for the kernel's headers are not there: neither beside "
		  "the program nor in " MBSIM_DATADIR "; install mbsim anew");
	return NULL;
}

char *engine_data_path(const char *relative, struct error *err)
{
	const char *dir = data_dir(err);

	return dir ? file_path("%s/%s", dir, relative) : NULL;
}

struct hash {
	SHA2_CTX ctx;
};

struct hash *hash_new(void)
{
	struct hash *h = array_resize(NULL, 1, sizeof(*h));

	SHA256Init(&h->ctx);
	return h;
}

void hash_add(struct hash *h, const char *what, const void *data, size_t len)
{
	char head[300];
	int n = snprintf(head, sizeof(head), "%.200s %zu", what, len);

	SHA256Update(&h->ctx, (const uint8_t *)head, n + 1);
	SHA256Update(&h->ctx, data, len);
}

void hash_add_text(struct hash *h, const char *text)
{
	hash_add(h, "", text, strlen(text));
}

char *hash_finish(struct hash *h)
{
	char *hex = array_resize(NULL, SHA256_DIGEST_STRING_LENGTH, 1);

	SHA256End(&h->ctx, hex);
	free(h);
	return hex;
}

char *hash_plain(const void *data, size_t len)
{
	struct hash *h = hash_new();

	SHA256Update(&h->ctx, data, len);
	return hash_finish(h);
}
