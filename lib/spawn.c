// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"

/* The environment with LC_ALL=C; the caller frees the array, not the strings. */
static char **c_locale_environment(void)
{
	static char lc_all[] = "LC_ALL=C";
	char **env, **to;
	size_t n = 0;

	while (environ[n])
		n++;
	to = env = array_resize(NULL, n + 2, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "LC_ALL=", 7) && strncmp(environ[i], "LANGUAGE=", 9))
			*to++ = environ[i];
	*to++ = lc_all;
	*to = NULL;
	return env;
}

/*
 * What a program prints goes to unlinked temporary files, not to pipes: then no output,
 * however long, can block it while nobody reads.
 */
static int start(struct spawn *s, posix_spawn_file_actions_t *fa)
{
	char **env = c_locale_environment();
	int ret = 0;

	if (s->stdin_fd)
		ret = posix_spawn_file_actions_adddup2(fa, s->stdin_fd, STDIN_FILENO);
	else
		ret = posix_spawn_file_actions_addopen(fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(
			fa, s->stdout_fd ? s->stdout_fd : fileno(s->out_file), STDOUT_FILENO);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(fa, fileno(s->err_file), STDERR_FILENO);
	if (!ret && s->dir)
		ret = posix_spawn_file_actions_addchdir_np(fa, s->dir);
	if (!ret)
		ret = posix_spawnp(&s->pid, s->argv[0], fa, NULL, (char *const *)s->argv, env);
	free(env);
	return ret;
}

int spawn_start(struct spawn *s, struct error *err)
{
	posix_spawn_file_actions_t fa;
	int ret;

	s->out = s->err = NULL;
	s->out_file = s->stdout_fd ? NULL : tmpfile();
	s->err_file = tmpfile();
	if (!s->err_file || (!s->stdout_fd && !s->out_file)) {
		ret = errno;
		spawn_release(s);
		return error_set(err, ret, "cannot make a temporary file: %s", strerror(ret));
	}
	posix_spawn_file_actions_init(&fa);
	ret = start(s, &fa);
	posix_spawn_file_actions_destroy(&fa);
	if (ret) {
		spawn_release(s);
		return error_set(err, ret, "cannot run %s: %s", s->argv[0], strerror(ret));
	}
	return 0;
}

static char *collect(FILE **file, size_t *len)
{
	size_t n, got;
	char *text;

	fseek(*file, 0, SEEK_END);
	n = ftell(*file);
	rewind(*file);
	text = array_resize(NULL, n + 1, 1);
	got = fread(text, 1, n, *file);
	text[got] = '\0';
	fclose(*file);
	*file = NULL;
	if (len)
		*len = got;
	return text;
}

int spawn_wait(struct spawn *s, struct error *err)
{
	int status;

	while (waitpid(s->pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, errno, "waiting for %s: %s", s->argv[0],
					 strerror(errno));
	s->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (s->out_file)
		s->out = collect(&s->out_file, &s->out_len);
	s->err = collect(&s->err_file, NULL);
	return 0;
}

int spawn_run(struct spawn *s, struct error *err)
{
	int ret = spawn_start(s, err);

	return ret ? ret : spawn_wait(s, err);
}

void spawn_release(struct spawn *s)
{
	if (s->out_file)
		fclose(s->out_file);
	if (s->err_file)
		fclose(s->err_file);
	free(s->out);
	free(s->err);
	s->out_file = s->err_file = NULL;
	s->out = s->err = NULL;
}
