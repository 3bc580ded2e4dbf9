// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mbsim test --gdb: becomes gdb, which runs mbsim again for the one test, in one process. It stops
 * where the test begins, and where kernel code panics or faults; the faults by which simulated
 * memory comes into being are none of its business.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/test.h"
#include "lib/array.h"
#include "lib/file.h"

static const char *const gdb_commands[] = {
	"set breakpoint pending on",
	"set print thread-events off",
	"handle SIGSEGV nostop noprint pass",
	"handle SIGVTALRM nostop noprint pass",
	"break guard_leave if end != ENGINE_STOPPED",
	"break guard_fault",
};

struct arguments {
	char **v;
	size_t nr, room;
};

static void __attribute__((format(printf, 2, 3))) add(struct arguments *a, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = array_vformat(fmt, args);
	va_end(args);
	ARRAY_APPEND(a->v, a->nr, a->room) = text;
}

/* Adds the end, and becomes it; returns only if that fails. */
static int become(struct arguments *a)
{
	struct error err = { 0 };

	ARRAY_APPEND(a->v, a->nr, a->room) = NULL;
	fflush(NULL);
	execvp(a->v[0], a->v);
	error_set(&err, errno, "--gdb: cannot start %s: %s; install gdb, or set GDB", a->v[0],
		  strerror(errno));
	for (size_t i = 0; i < a->nr; i++)
		free(a->v[i]);
	free(a->v);
	return cmd_error(CMD_WRONG, &err);
}

static void add_engine(struct arguments *a, const struct engine_request *req)
{
	if (req->kernel)
		add(a, "--kernel=%s", req->kernel);
	if (req->config)
		add(a, "--config=%s", req->config);
	if (req->memblock)
		add(a, "--memblock=%s", req->memblock);
	if (req->upstream)
		add(a, *req->upstream ? "--upstream=%s" : "--upstream", req->upstream);
	for (size_t i = 0; i < req->nr_changes; i++) {
		const char *change = req->changes[i];

		add(a, *change == '!' ? "--undefine=%s" : "--define=%s", change + (*change == '!'));
	}
}

/* The one test that is meant, and the function that it is; an exit status. */
static int find_test(struct engine *e, const struct test_options *o, char **name, char **function)
{
	char *globs[] = { (char *)o->gdb };
	bool used[] = { false };
	struct runner_options options = { .globs = globs, .nr_globs = 1, .used = used };
	const struct runner_test *test;
	struct error err = { 0 };
	struct runner_plan plan;
	const char *symbol;
	size_t offset, size;
	int status = CMD_HOLDS;

	runner_plan(e, &options, &plan);
	if (plan.total != 1) {
		error_set(&err, EINVAL, "--gdb %s: %u tests fit; name one, as --list shows them",
			  o->gdb, plan.total);
		status = cmd_error(CMD_WRONG, &err);
	} else {
		test = &plan.suites[0].tests[0];
		*name = file_path("%s.%s", plan.suites[0].name, test->name);
		*function = engine_symbol(e, test->rt.code, &symbol, &offset, &size)
				    ? array_strdup(symbol)
				    : array_strdup("kunit_step_run");
	}
	runner_plan_release(&plan);
	return status;
}

int test_gdb(const struct test_options *o, const struct test_cell *cell)
{
	const char *gdb = getenv("GDB");
	struct arguments a = { 0 };
	char *name = NULL, *function = NULL, self[4096];
	struct engine_request request = cell->request;
	struct error err = { 0 };
	struct engine *e;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int status;

	/* of the two engines, the one that the test is in */
	if (strncmp(o->gdb, "upstream_", 9))
		request.upstream = NULL;
	e = cmd_try_engine(&request, &err);
	if (!e)
		return cmd_error(err.code == ENOEXEC ? CMD_UNBUILT : CMD_WRONG, &err);
	status = find_test(e, o, &name, &function);
	engine_close(e);
	if (status != CMD_HOLDS)
		return status;
	self[len > 0 ? len : 0] = '\0';
	add(&a, "%s", gdb && *gdb ? gdb : "gdb");
	add(&a, "-q");
	for (size_t i = 0; i < ARRAY_LEN(gdb_commands); i++) {
		add(&a, "-ex");
		add(&a, "%s", gdb_commands[i]);
	}
	add(&a, "-ex");
	add(&a, "break %s", function);
	add(&a, "-ex");
	add(&a, "run");
	add(&a, "--args");
	add(&a, "%s", self);
	add(&a, "test");
	add(&a, "--jobs=0");
	add(&a, "--timeout=0");
	add_engine(&a, &request);
	add(&a, "%s", name);
	free(name);
	free(function);
	return become(&a);
}
