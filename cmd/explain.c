// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim explain: questions about a machine's memory, answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/inputs.h"
#include "explain/explain.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/size.h"
#include "report/explain.h"

enum {
	KEY_CMDLINE = 256,
	KEY_JSON,
	KEY_AT,
	KEY_BOOT,
	KEY_SWEEP,
};

#define SWEEP 64 /* places */

static const struct argp_option options[] = {
	{ "cmdline", KEY_CMDLINE, "TEXT", 0, "the kernel's command line, instead of the layout's",
	  0 },
	{ "at", KEY_AT, "STEP", 0,
	  "alloc, hugepages: ask for memory when the boot comes to this step (default: the hand-over)",
	  0 },
	{ "boot", KEY_BOOT, NULL, 0,
	  "boot the machine, even if its log has the calls of memblock to make again", 0 },
	{ "kaslr-sweep", KEY_SWEEP, "COUNT", OPTION_ARG_OPTIONAL,
	  "crashkernel=: try as many places of the kernel (default: 64)", 0 },
	{ "verbose", 'v', NULL, 0, "print what was assumed, too", 0 },
	{ "json", KEY_JSON, NULL, 0, "print one JSON object", 0 },
	{ "timeout", 'T', "SECONDS", 0, "give up after that (default: 60)", 0 },
	{ 0 },
};

struct explain_call {
	struct engine_options engine;
	struct layout_options layouts;
	const char **words; /* those of the question, and the layout's in front of it */
	size_t nr_words, room_words;
	const char *layout; /* NULL: the machine that comes with mbsim, or --live */
	struct explain x;
	bool boot, json, verbose;
};

/* The machine may be left out in front of a question, as `mbsim boot` needs none. */
static void divide_words(struct explain_call *o, struct argp_state *state)
{
	size_t first = 0;

	if (o->nr_words && !explain_find(o->words[0]))
		o->layout = o->words[first++];
	o->x.words = o->words + first;
	o->x.nr_words = o->nr_words - first;
	if (!o->x.nr_words)
		argp_error(state, "what is the question? `mbsim explain --help` lists them");
	if (!explain_find(o->x.words[0]))
		argp_error(state, "there is no question '%s'; `mbsim explain --help` lists them",
			   o->x.words[0]);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct explain_call *o = state->input;
	long number;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		state->child_inputs[1] = &o->layouts;
		break;
	case KEY_CMDLINE:
		o->x.cmdline = arg;
		break;
	case KEY_AT:
		o->x.at = arg;
		break;
	case KEY_BOOT:
		o->boot = true;
		break;
	case KEY_SWEEP:
		number = SWEEP;
		if (arg && size_parse_int(arg, 1, 100000, &number))
			argp_error(state, "--kaslr-sweep: '%s' is not a number of places", arg);
		o->x.sweep = number;
		break;
	case KEY_JSON:
		o->json = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'T':
		if (size_parse_int(arg, 1, 1000000, &number))
			argp_error(state, "--timeout: '%s' is not a number of seconds", arg);
		o->x.timeout_ms = number * 1000;
		break;
	case ARGP_KEY_ARG:
		ARRAY_APPEND(o->words, o->nr_words, o->room_words) = arg;
		break;
	case ARGP_KEY_END:
		divide_words(o, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A line for each question, behind the options in --help. */
static char *list_questions(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t len;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&list, &len);
	if (!out)
		array_die();
	fputs("Questions:\n", out);
	for (const struct explain_question *q = explain_questions; q->name; q++)
		fprintf(out, "  %s %s\n      %s\n", q->name, q->arguments, q->help);
	fputs("\nLAYOUT is what `mbsim boot` takes; without it a PC with 2 GiB is asked about. A log "
	      "with memblock=debug is replayed, if no other command line and no other file is given.\n"
	      "Exit status: 0 the answer is yes, or there is one; 1 it is no; 2 the call or its input "
	      "was wrong.",
	      out);
	if (fclose(out))
		array_die();
	return list;
}

static void parse_call(int argc, char **argv, struct explain_call *o)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { &layout_argp, 0, "Which machine:", 2 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"[LAYOUT] QUESTION [WORD...]",
		"Answers a question about a machine's memory: boots it, or makes the calls of its log "
		"again, and tells in words and numbers.\v",
		children,
		list_questions,
		NULL
	};

	cmd_parse(&argp, argc, argv, o);
}

/* Calls of memblock that the log at hand has, unless something is to be otherwise than there. */
static struct replay_log *read_log(const struct explain_call *o)
{
	bool other = o->boot || o->x.cmdline || o->x.at || o->layouts.sources.nr_more ||
		     o->layouts.sources.from || !o->layout;

	return other || !strcmp(o->layout, "-") || strchr(o->layout, ':')
		       ? NULL
		       : replay_read(o->layout, 0, NULL);
}

/* The text of the layout, if it is a log: it tells what became of the memory. */
static char *read_text(const struct explain_call *o, const struct layout *l, size_t *len)
{
	return o->layout && l->kernel_version && strcmp(o->layout, "-") && file_exists(o->layout)
		       ? file_read(o->layout, len, NULL)
		       : NULL;
}

/* Which engine goes with the machine, unless the options say it. */
static void choose_config(struct explain_call *o, struct replay_call *replay, struct layout *l)
{
	struct layout *again = NULL;

	if (!o->x.log) {
		if (!o->engine.request.config)
			o->engine.request.config = boot_config_for(l);
		return;
	}
	replay->engine = o->engine;
	cmd_choose_replay_config(replay, o->x.log, &again);
	o->engine = replay->engine;
	layout_free(again);
}

static int answer(struct explain_call *o)
{
	struct explain_answer a = { 0 };
	struct error err = { 0 };
	int status;

	if (explain_ask(&o->x, &a, &err)) {
		status = cmd_error(CMD_WRONG, &err);
	} else {
		if (o->json)
			report_explain_json(&o->x, &a, stdout);
		else
			report_explain_text(&o->x, &a, o->verbose, stdout);
		status = a.verdict == EXPLAIN_NO ? CMD_FAILS : CMD_HOLDS;
	}
	explain_answer_release(&a);
	return status;
}

int cmd_explain(int argc, char **argv)
{
	struct explain_call o = { 0 };
	struct replay_call replay = { 0 };
	struct replay_log *log = NULL;
	struct error err = { 0 };
	struct layout *l;
	char *text = NULL;
	int status = CMD_WRONG;

	parse_call(argc, argv, &o);
	l = cmd_read_layout(&o.layouts, o.layout, &err);
	if (l) {
		o.x.layout = l;
		o.x.log = log = read_log(&o);
		o.x.log_text = text = read_text(&o, l, &o.x.log_len);
		choose_config(&o, &replay, l);
		o.x.engine = cmd_open_engine(&o.engine);
	} else {
		cmd_error(CMD_WRONG, &err);
	}
	if (o.x.engine)
		status = answer(&o);
	engine_close(o.x.engine);
	layout_free(l);
	replay_log_free(log);
	layout_options_release(&o.layouts);
	engine_options_release(&o.engine);
	free(o.words);
	free(text);
	return status;
}
