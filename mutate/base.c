// SPDX-License-Identifier: GPL-2.0-or-later
/* What mutants are compared with: the unchanged memblock.c, in each configuration, and with each log. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "mutate/internal.h"

static void release_config(struct mutate_config *c)
{
	for (size_t i = 0; i < c->nr_known; i++)
		free(c->known[i]);
	free(c->known);
	free(c->name);
	free(c->code);
	free(c->notes);
}

void mutate_base_release(struct mutate_base *base)
{
	for (size_t i = 0; i < base->nr_configs; i++)
		release_config(&base->configs[i]);
	for (size_t i = 0; i < base->nr_logs; i++)
		log_release(&base->logs[i]);
	for (size_t i = 0; i < base->nr_notes; i++)
		free(base->notes[i]);
	free(base->configs);
	free(base->logs);
	free(base->notes);
	*base = (struct mutate_base){ 0 };
}

const char *mutate_config_name(const struct mutate_base *base, size_t i)
{
	return base->configs[i].name;
}

static bool is_stopped(const struct mutate_options *o, struct error *err)
{
	if (o->stop && *o->stop)
		error_set(err, ECANCELED, "ended by a signal");
	return o->stop && *o->stop;
}

static void tell(const struct mutate_options *o, const char *what, const char *which)
{
	char *text;

	if (!o->progress)
		return;
	text = array_format("%s %s", what, which);
	o->progress(o->data, text, NULL);
	free(text);
}

/* The unchanged memblock.c in a configuration, which is open. */
static int test_config(const struct mutate_options *o, struct engine *e, struct mutate_config *c,
		       struct error *err)
{
	const struct engine_info *info = engine_info(e);
	char failed[300];
	int ret;

	c->code = code_hash(info->path, err);
	c->notes = array_strdup(info->automatic);
	if (!c->code)
		return -err->code;
	ret = suite_run(e, o->jobs, c, true, failed, err);
	if (!ret && *failed)
		ret = error_set(
			err, ENOEXEC,
			"%s: the unchanged memblock.c fails a test already, %s: `mbsim test` "
			"tells more",
			c->name, failed);
	return ret;
}

static int prepare_config(const struct mutate_options *o, struct mutate_base *base,
			  const char *name, struct error *err)
{
	struct engine_request request = *o->request;
	struct mutate_config *c;
	struct engine *e;
	int ret;

	tell(o, "testing the unchanged memblock.c in", name);
	request.config = name;
	request.tests = true;
	request.quiet = true;
	e = engine_open(&request, err);
	if (!e && err->code == ENOEXEC) {
		ARRAY_APPEND(base->notes, base->nr_notes, base->room_notes) =
			array_format("%s: left out: %s", name, err->text);
		return 0;
	}
	if (!e)
		return -err->code;
	c = &ARRAY_APPEND(base->configs, base->nr_configs, base->room_configs);
	c->name = array_strdup(name);
	ret = test_config(o, e, c, err);
	engine_close(e);
	return ret;
}

/* The logs that go with one engine, from @first on. */
static int replay_alike(const struct mutate_options *o, struct mutate_log *first, struct error *err)
{
	struct engine_request request = log_request(first, o->request);
	struct engine *e;
	int ret = 0;

	/* the same engine as that of the tests, where the configuration is one of theirs */
	request.tests = true;
	request.quiet = true;
	e = engine_open(&request, err);
	free(request.changes);
	if (!e)
		return -err->code;
	for (size_t i = 0; i < first->alike && !ret; i++) {
		tell(o, "replaying", first[i].path);
		log_replay(&first[i], e, &first[i].base);
		ret = is_stopped(o, err) ? -ECANCELED : 0;
	}
	engine_close(e);
	return ret;
}

/* Logs that the unchanged memblock.c does not follow to their end tell nothing. */
static void leave_out(struct mutate_base *base)
{
	size_t left = 0;

	for (size_t i = 0; i < base->nr_logs; i++) {
		struct mutate_log *log = &base->logs[i];

		if (!log->base.ended) {
			base->logs[left++] = *log;
			continue;
		}
		ARRAY_APPEND(base->notes, base->nr_notes, base->room_notes) = array_format(
			"%s: left out: the unchanged memblock.c does not get to its end",
			log->path);
		log_release(log);
	}
	base->nr_logs = left;
	logs_group(base);
}

static int prepare_logs(const struct mutate_options *o, struct mutate_base *base, struct error *err)
{
	int ret = logs_read(o, base, err);

	for (size_t i = 0; i < base->nr_logs && !ret; i += base->logs[i].alike)
		ret = replay_alike(o, &base->logs[i], err);
	if (!ret)
		leave_out(base);
	return ret;
}

int mutate_prepare(const struct mutate_options *o, struct mutate_base *base, struct error *err)
{
	struct error last = { 0 };
	int ret = 0;

	*base = (struct mutate_base){ 0 };
	for (size_t i = 0; i < o->nr_configs && !ret; i++) {
		last = (struct error){ 0 };
		ret = is_stopped(o, &last) ? -ECANCELED
					   : prepare_config(o, base, o->configs[i], &last);
	}
	if (!ret && !base->nr_configs)
		ret = -last.code;
	if (ret) {
		if (err)
			*err = last;
		return ret;
	}
	return prepare_logs(o, base, err);
}
