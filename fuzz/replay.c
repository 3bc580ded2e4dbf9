// SPDX-License-Identifier: GPL-2.0-or-later
/* Which kernels have what was found in one: its script is run on each. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call/call.h"
#include "fuzz/fuzz.h"
#include "lib/array.h"

#define TIMEOUT_MS 1000

/* What a process tells of a kernel. */
struct answers {
	char error[600]; /* it cannot be built */
	struct answer {
		bool shows;
		char error[200]; /* the script is none there */
	} v[];
};

/* In a process of its own, as one engine is open at a time, and this may be a bad one. */
static void ask(const struct engine_request *request, const struct fuzz_report *report,
		struct answers *answers)
{
	struct error err = { 0 };
	struct engine *e = engine_open(request, &err);
	FILE *null = fopen("/dev/null", "we");

	if (!e || !null) {
		snprintf(answers->error, sizeof(answers->error), "%.590s", err.text);
		return;
	}
	for (size_t i = 0; i < report->nr; i++) {
		const struct script_options options = { .out = null, .timeout_ms = TIMEOUT_MS };
		struct script_result result = { 0 };

		/* if the process ends here, it shows */
		answers->v[i].shows = true;
		if (script_run(e, "script", report->findings[i].script, &options, &result, &err)) {
			snprintf(answers->v[i].error, sizeof(answers->v[i].error), "%.199s",
				 err.text);
			continue;
		}
		answers->v[i].shows = result.failed || result.exit.end != ENGINE_RETURNED;
	}
}

static void take(struct fuzz_report *report, const struct answers *answers, const char *kernel)
{
	for (size_t i = 0; i < report->nr; i++) {
		struct fuzz_finding *f = &report->findings[i];
		const char *error = *answers->error ? answers->error : answers->v[i].error;

		f->replays = array_resize(f->replays, f->nr_replays + 1, sizeof(*f->replays));
		f->replays[f->nr_replays++] = (struct fuzz_replay){
			.kernel = array_strdup(kernel),
			.shows = answers->v[i].shows,
			.error = *error ? array_strdup(error) : NULL,
		};
	}
}

static int replay_on(struct engine *e, const struct engine_request *request,
		     struct fuzz_report *report, struct error *err)
{
	size_t size = sizeof(struct answers) + (report->nr + 1) * sizeof(struct answer);
	struct answers *answers =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (answers == MAP_FAILED)
		return error_set(err, errno, "cannot share memory: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (!pid) {
		engine_close(e);
		ask(request, report, answers);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid) {
		munmap(answers, size);
		return error_set(err, errno, "cannot make a process: %s", strerror(errno));
	}
	take(report, answers, request->kernel);
	munmap(answers, size);
	return 0;
}

int fuzz_replay(struct engine *e, const struct engine_request *request, const char *list,
		struct fuzz_report *report, struct error *err)
{
	char *names = array_strdup(list), *save = NULL;
	struct engine_request other = *request;
	int ret = 0;

	other.memblock = NULL;
	for (char *name = strtok_r(names, ",", &save); name && !ret;
	     name = strtok_r(NULL, ",", &save)) {
		other.kernel = name;
		ret = replay_on(e, &other, report, err);
	}
	free(names);
	return ret;
}
