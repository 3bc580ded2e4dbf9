// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim diff: two kernels, one input. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/diff.h"
#include "lib/array.h"
#include "report/diff.h"

struct options {
	struct engine_options engine;
	unsigned int ignored;
	bool json, quiet, all;
	const char *html;
	char **rest; /* the input's name, and what belongs to it */
	int nr_rest;
};

enum {
	KEY_JSON = 256,
	KEY_IGNORE,
	KEY_HTML,
};

static const struct argp_option options[] = {
	{ "quiet", 'q', NULL, 0, "print nothing: the exit status says it", 0 },
	{ "all", 'a', NULL, 0, "leave nothing out", 0 },
	{ "json", KEY_JSON, NULL, 0, "print one JSON object", 0 },
	{ "html", KEY_HTML, "FILE", 0, "write a page that shows both, call by call", 0 },
	{ "ignore", KEY_IGNORE, "KIND,...", 0,
	  "what need not be the same: calls, arguments, results, ranges, flags, nodes, rows, room, "
	  "log, output, totals, tests, ends",
	  0 },
	{ 0 },
};

static void ignore(struct options *o, const char *names, struct argp_state *state)
{
	size_t len;

	for (;; names += len + 1) {
		int kind = 0;

		len = strcspn(names, ",");
		while (kind < DIFF_NR_KINDS &&
		       (strncmp(diff_kind_names[kind], names, len) || diff_kind_names[kind][len]))
			kind++;
		if (kind == DIFF_NR_KINDS)
			argp_error(state, "--ignore: there is no kind '%.*s' of differences",
				   (int)len, names);
		o->ignored |= 1U << kind;
		if (!names[len])
			return;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'a':
		o->all = true;
		break;
	case KEY_JSON:
		o->json = true;
		break;
	case KEY_HTML:
		o->html = arg;
		break;
	case KEY_IGNORE:
		ignore(o, arg, state);
		break;
	case ARGP_KEY_ARG:
		/* options behind it are the input's */
		o->rest = state->argv + state->next - 1;
		o->nr_rest = state->argc - state->next + 1;
		state->next = state->argc;
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "what is to be compared? One of: boot, replay, run, test");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Who is compared with whom: where there is one of something, both have it, but for memblock.c. */
static int make_request(const struct engine_options *o, int side, struct engine_request *request,
			struct error *err)
{
	size_t at = side;

	if (o->nr_kernels > 2 || o->nr_configs > 2 || o->nr_memblocks > 2)
		return error_set(err, EINVAL,
				 "diff: two are compared: no more than two of -k, -m and -c each");
	if (o->nr_kernels < 2 && o->nr_configs < 2 && !o->nr_memblocks)
		return error_set(err, EINVAL,
				 "diff: what with what? Give two kernels (-k A -k B), or a "
				 "memblock.c to compare with the kernel's own (-m FILE)");
	*request = o->request;
	request->kernel = o->nr_kernels ? o->kernels[at < o->nr_kernels ? at : 0] : NULL;
	if (o->nr_configs)
		request->config = o->configs[at < o->nr_configs ? at : 0];
	request->memblock = o->nr_memblocks == 2	   ? o->memblocks[at]
			    : o->nr_memblocks == 1 && side ? o->memblocks[0]
							   : NULL;
	return 0;
}

/* Runs the input on one engine; an exit status. */
static int run_engine(struct diff_input *in, const struct engine_request *request,
		      struct record *run, struct error *err)
{
	struct engine *e = cmd_try_engine(request, err);
	int ret;

	if (!e)
		return err->code == ENOEXEC ? CMD_UNBUILT : CMD_WRONG;
	ret = in->kind->run(in, e, run, err);
	engine_close(e);
	return ret ? CMD_WRONG : CMD_HOLDS;
}

/* Runs it on one of the two. Tests of a kernel's own simulator need an engine of their own. */
static int run_side(struct diff_input *in, const struct engine_request *request, struct record *run,
		    struct error *err)
{
	struct engine_request first = *request;
	int status;

	first.upstream = NULL;
	status = run_engine(in, &first, run, err);
	if (status == CMD_HOLDS && request->upstream)
		status = run_engine(in, request, run, err);
	return status == CMD_HOLDS && diff_input_end(in, err) ? CMD_WRONG : status;
}

/* What neither of them could be asked for is no difference, but a mistake in the input. */
static int check_refusals(const struct record runs[2], struct error *err)
{
	for (size_t i = 0; i < runs[0].nr_refusals; i++)
		for (size_t j = 0; j < runs[1].nr_refusals; j++)
			if (runs[0].refusals[i].line == runs[1].refusals[j].line)
				return error_set(err, EINVAL, "%s", runs[0].refusals[i].text);
	return 0;
}

static int compare(const struct diff_input *in, const struct record runs[2],
		   const struct options *o, struct error *err)
{
	const struct report_diff how = { .all = o->all, .colour = isatty(STDOUT_FILENO) };
	const char *html = o->html ? o->html : in->html;
	struct diff d;
	int status;

	diff_compare(&d, &runs[0], &runs[1], o->ignored);
	status = d.equal ? CMD_HOLDS : CMD_FAILS;
	if (o->json || in->json)
		report_diff_json(&d, stdout);
	else if (!o->quiet)
		report_diff_text(&d, &how, stdout);
	if (html && cmd_page_diff(html, &d, in->layout, err))
		status = CMD_WRONG;
	diff_release(&d);
	return status;
}

static int run_both(struct diff_input *in, struct options *o, struct error *err)
{
	struct engine_request requests[2];
	struct record runs[2] = { 0 };
	int status = CMD_HOLDS;

	for (int side = 0; side < 2; side++)
		if (make_request(in->engine, side, &requests[side], err))
			return CMD_WRONG;
	if (diff_input_open(in, err))
		return CMD_WRONG;
	for (int side = 0; side < 2 && status == CMD_HOLDS; side++) {
		if (!requests[side].config)
			requests[side].config = in->config;
		requests[side].quiet = o->quiet;
		status = run_side(in, &requests[side], &runs[side], err);
	}
	if (status == CMD_HOLDS && check_refusals(runs, err))
		status = CMD_WRONG;
	if (status == CMD_HOLDS)
		status = compare(in, runs, o, err);
	record_release(&runs[0]);
	record_release(&runs[1]);
	return status;
}

int cmd_diff(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &engine_argp, 0, "Which engines (two of -k, -m or -c):", 1 }, { 0 }
	};
	static const struct argp argp = {
		options,
		parse,
		"boot [LAYOUT]\nreplay LOG\nrun SCRIPT\ntest [SUITE[.TEST]...]",
		"Gives two kernels the same input, and tells what they do differently: calls, results, "
		"memblock's arrays after each call and at the end, the log, what the page allocator gets. "
		"- is the first of them, + the second. With one -k, -m FILE is compared with the "
		"kernel's own memblock.c.\vOptions of boot, replay, run and test follow their names.\n"
		"Exit status: 0 nothing differs; 1 something does; 2 the call or its input was wrong; 125 "
		"a memblock.c could not be compiled, which `git bisect run` skips.",
		children,
		NULL,
		NULL
	};
	struct options o = { 0 };
	struct diff_input in = { 0 };
	struct error err = { 0 };
	int status;

	/* in order: an option behind the input's name is not ours */
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &o))
		return CMD_WRONG;
	in.engine = &o.engine;
	if (diff_input_parse(&in, o.nr_rest, o.rest, &err))
		status = CMD_WRONG;
	else
		status = run_both(&in, &o, &err);
	if (err.code)
		cmd_error(status, &err);
	diff_input_release(&in);
	engine_options_release(&o.engine);
	return status;
}
