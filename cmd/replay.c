// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim replay: the memblock calls of a real boot's log, made again and compared. */
#include <errno.h>
#include <string.h>

#include "cmd/inputs.h"
#include "cmd/replay.h"
#include "lib/array.h"
#include "lib/size.h"
#include "report/replay.h"

enum {
	KEY_BOOT = 256,
	KEY_FOLLOW,
	KEY_STRICT,
	KEY_PREDICT,
	KEY_AT,
	KEY_WHO,
	KEY_LARGEST,
	KEY_BY,
	KEY_SCRIPT,
	KEY_LAYOUT,
	KEY_JSON,
	KEY_TRACE,
	KEY_HTML,
};

static const struct argp_option options[] = {
	{ "boot", KEY_BOOT, "N", 0, "which boot of several in the log (default: the last)", 0 },
	{ "follow", KEY_FOLLOW, NULL, 0,
	  "after a difference take over what the log has, and go on (the default)", 0 },
	{ "strict", KEY_STRICT, NULL, 0, "end at the first difference", 0 },
	{ "predict", KEY_PREDICT, NULL, 0, "after a difference go on with what memblock gave", 0 },
	{ "at", KEY_AT, "LINE", 0, "show memblock's arrays as they are after this line", 0 },
	{ "who", KEY_WHO, "ADDRESS", 0, "show whose this address was, and when", 0 },
	{ "largest", KEY_LARGEST, "N", 0, "show the N largest pieces that are reserved", 0 },
	{ "by", KEY_BY, "WHAT", 0, "add up what is reserved by caller, purpose or node", 0 },
	{ "to-script", KEY_SCRIPT, "FILE", 0, "write the calls as a script for `mbsim run`", 0 },
	{ "to-layout", KEY_LAYOUT, "FILE", 0, "write the machine's memory as a layout file", 0 },
	{ "verbose", 'v', NULL, 0,
	  "show all that was inferred, all differences, and the lines that could not be read", 0 },
	{ "json", KEY_JSON, NULL, 0, "print one JSON object", 0 },
	{ "html", KEY_HTML, "FILE", 0, "write a page that shows it, call by call", 0 },
	{ "trace-event", KEY_TRACE, "FILE", 0,
	  "write the calls to FILE as trace events, for Perfetto", 0 },
	{ "timeout", 'T', "SECONDS", 0, "give up after that (default: 60)", 0 },
	{ 0 },
};

static long parse_number(struct argp_state *state, const char *option, const char *arg, long most)
{
	long n = 0;

	if (size_parse_int(arg, 1, most, &n))
		argp_error(state, "--%s: '%s' is not a number from 1 to %ld", option, arg, most);
	return n;
}

static enum replay_by parse_by(struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "caller", "purpose", "node" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(arg, names[i]))
			return (enum replay_by)i;
	argp_error(state, "--by: caller, purpose or node, not '%s'", arg);
	return REPLAY_BY_CALLER;
}

static error_t parse_what(int key, char *arg, struct argp_state *state, struct replay_call *o)
{
	switch (key) {
	case KEY_AT:
		o->how.at = parse_number(state, "at", arg, INT32_MAX);
		o->what.state = true;
		break;
	case KEY_WHO:
		if (size_parse(arg, NULL, &o->what.who))
			argp_error(state, "--who: '%s' is not an address", arg);
		o->what.has_who = true;
		break;
	case KEY_LARGEST:
		o->what.largest = parse_number(state, "largest", arg, INT32_MAX);
		break;
	case KEY_BY:
		o->what.by = parse_by(state, arg);
		o->what.has_by = true;
		break;
	case 'v':
		o->what.verbose = true;
		break;
	case KEY_SCRIPT:
		o->script = arg;
		break;
	case KEY_LAYOUT:
		o->layout = arg;
		break;
	case KEY_TRACE:
		o->trace = arg;
		break;
	case KEY_JSON:
		o->json = true;
		break;
	case KEY_HTML:
		o->html = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct replay_call *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		state->child_inputs[1] = &o->how.change;
		state->child_inputs[2] = &o->picture;
		break;
	case KEY_BOOT:
		o->boot = parse_number(state, "boot", arg, INT32_MAX);
		break;
	case KEY_FOLLOW:
	case KEY_STRICT:
	case KEY_PREDICT:
		o->how.mode = key == KEY_FOLLOW	  ? REPLAY_FOLLOW
			      : key == KEY_STRICT ? REPLAY_STRICT
						  : REPLAY_PREDICT;
		o->mode_is_said = true;
		break;
	case 'T':
		o->how.timeout_ms = parse_number(state, "timeout", arg, 1000000) * 1000;
		break;
	case ARGP_KEY_ARG:
		if (o->log)
			argp_error(state, "one log at a time, not '%s' as well", arg);
		o->log = arg;
		break;
	case ARGP_KEY_END:
		if (!o->log)
			argp_error(state, "which log? (- is standard input)");
		if (replay_is_changed(&o->how) && !o->mode_is_said)
			o->how.mode = REPLAY_PREDICT;
		break;
	default:
		return parse_what(key, arg, state, o);
	}
	return 0;
}

static int write_layout(const struct replay_log *log, const struct replay_result *r,
			const struct replay_call *o, struct error *err)
{
	struct layout *l = replay_layout(log, r, &o->how.change);
	FILE *out = fopen(o->layout, "w");
	int ret = -EIO;

	if (out) {
		ret = layout_write(l, out);
		ret = fclose(out) ? -EIO : ret;
	}
	layout_free(l);
	return ret ? error_set(err, EIO, "cannot write %s: %s", o->layout, strerror(errno)) : 0;
}

static int replay(struct engine *e, const struct replay_log *log, struct replay_call *o)
{
	struct report_terminal terminal;
	struct replay_result result;
	struct record run = { 0 };
	struct error err = { 0 };
	int status;

	if (o->script) {
		o->how.script = fopen(o->script, "w");
		if (!o->how.script) {
			error_set(&err, errno, "cannot write %s: %s", o->script, strerror(errno));
			return cmd_error(CMD_WRONG, &err);
		}
		fprintf(o->how.script, "# the memblock calls of %s, boot %u\n", log->name,
			log->boot);
	}
	if (o->html || o->trace)
		record_replay(e, log, &o->how, &run, &result);
	else
		replay_run(e, log, &o->how, &result);
	if (cmd_draws_picture(&o->picture, &terminal))
		o->what.picture = &terminal;
	if (o->json)
		report_replay_json(&result, &o->what, stdout);
	else
		report_replay_text(&result, &o->what, stdout);
	status = replay_succeeds(&result) ? CMD_HOLDS : CMD_FAILS;
	if (o->script && fclose(o->how.script)) {
		error_set(&err, errno, "cannot write %s: %s", o->script, strerror(errno));
		status = cmd_error(CMD_WRONG, &err);
	}
	if (o->layout && write_layout(log, &result, o, &err))
		status = cmd_error(CMD_WRONG, &err);
	if (o->html && cmd_page_replay(o->html, &result, &run, o, &err))
		status = cmd_error(CMD_WRONG, &err);
	if (o->trace && cmd_write_trace(o->trace, &run, log, &err))
		status = cmd_error(CMD_WRONG, &err);
	if (o->picture.svg) {
		struct picture p;

		picture_of_replay(&result, &p);
		if (cmd_write_picture(&o->picture, &p, log->name, &err))
			status = cmd_error(CMD_WRONG, &err);
	}
	replay_result_release(&result);
	record_release(&run);
	return status;
}

void cmd_choose_replay_config(struct replay_call *o, const struct replay_log *log,
			      struct layout **l)
{
	struct engine_request *req = &o->engine.request;

	*l = replay_machine(log, NULL);
	o->how.layout = *l;
	o->how.change.mem_is_address =
		*l && ((*l)->arch == LAYOUT_X86_64 || (*l)->arch == LAYOUT_I386);
	if (req->config)
		return;
	replay_choose_config(log, *l, &o->config);
	req->config = o->config.name;
	/* in front of the user's own, which are to win */
	for (unsigned int i = 0; i < o->config.changes; i++) {
		size_t n = req->nr_changes;

		ARRAY_APPEND(req->changes, req->nr_changes, o->engine.room_changes) = NULL;
		memmove(req->changes + 1, req->changes, n * sizeof(*req->changes));
		req->changes[0] = array_strdup(o->config.change[i]);
	}
	o->what.config_why = o->config.why;
}

static int check_drop(const struct replay_log *log, const struct replay_change *c,
		      struct error *err)
{
	for (size_t i = 0; i < c->nr_drop; i++) {
		bool any = false;

		for (size_t j = 0; j < log->nr && !any; j++)
			any = *log->v[j].caller && replay_caller_fits(c->drop[i], log->v[j].caller);
		if (!any)
			return error_set(err, EINVAL,
					 "--drop: no call in the log is made by '%s'; --by caller "
					 "shows who makes some",
					 c->drop[i]);
	}
	return 0;
}

struct replay_log *cmd_read_replay(const struct replay_call *o, struct error *err)
{
	struct replay_log *log = replay_read(o->log, o->boot, err);

	if (!log || !check_drop(log, &o->how.change, err))
		return log;
	replay_log_free(log);
	return NULL;
}

void cmd_parse_replay(int argc, char **argv, struct replay_call *o)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { &change_argp, 0, "Other conditions:", 2 },
						      { &picture_argp, 0, "Pictures:", 3 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"LOG",
		"Makes the memblock calls that a kernel logged with memblock=debug on a kernel's own "
		"memblock, and holds every result against the log; or tells what would become of them "
		"under other conditions.\vLOG is the console log of a boot, also compressed; - is "
		"standard input. What a kernel does without a line is inferred from the log's dumps "
		"and from where its allocations are, and is listed.",
		children,
		NULL,
		NULL
	};

	cmd_parse(&argp, argc, argv, o);
}

void cmd_release_replay(struct replay_call *o)
{
	change_release(&o->how.change);
}

int cmd_replay(int argc, char **argv)
{
	struct replay_call o = { 0 };
	struct error err = { 0 };
	struct engine *e = NULL;
	struct layout *l = NULL;
	struct replay_log *log;
	int status = CMD_WRONG;

	cmd_parse_replay(argc, argv, &o);
	log = cmd_read_replay(&o, &err);
	if (log) {
		cmd_choose_replay_config(&o, log, &l);
		e = cmd_open_engine(&o.engine);
	} else {
		cmd_error(CMD_WRONG, &err);
	}
	if (e)
		status = replay(e, log, &o);
	engine_close(e);
	layout_free(l);
	replay_log_free(log);
	cmd_release_replay(&o);
	engine_options_release(&o.engine);
	return status;
}
