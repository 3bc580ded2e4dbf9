// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim layout: memory maps as such: made up, converted, checked. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/picture.h"
#include "lib/array.h"
#include "lib/file.h"
#include "report/layout.h"

struct options {
	struct layout_options layouts;
	struct picture_options picture;
	const char *verb, *what, *other, *to, *output, *seed;
	bool json, verbose;
};

#define COMMAND_LINE_SIZE 2048 /* arch/x86/include/asm/setup.h */

enum {
	KEY_TO = 256,
	KEY_SEED,
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "verbose", 'v', NULL, 0, "show: where each fact was read", 0 },
	{ "to", KEY_TO, "FORMAT", 0, "native (the default), json, dts or memmap-cmdline", 0 },
	{ "output", 'o', "FILE", 0, "write to FILE", 0 },
	{ "seed", KEY_SEED, "N", 0, "what is random depends on it (default: 1)", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->layouts;
		state->child_inputs[1] = &o->picture;
		break;
	case 'j':
		o->json = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case KEY_TO:
		o->to = arg;
		break;
	case 'o':
		o->output = arg;
		break;
	case KEY_SEED:
		o->seed = arg;
		break;
	case ARGP_KEY_ARG:
		if (o->other)
			argp_error(state, "too many words: '%s'", arg);
		*(!o->verb ? &o->verb : !o->what ? &o->what : &o->other) = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int wrong_format(const char *to)
{
	fprintf(stderr, "mbsim layout: --to: '%s' is not native, json, dts or memmap-cmdline\n",
		to);
	return CMD_WRONG;
}

/* Writes the layout as @o asks, whole or not at all, and frees it. */
static int put_out(struct layout *l, const struct options *o)
{
	const char *to = o->to ? o->to : o->json ? "json" : "native";
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct error err = { 0 };
	int status = CMD_HOLDS;

	if (!out)
		array_die();
	if (!strcmp(to, "native"))
		layout_write(l, out);
	else if (!strcmp(to, "json"))
		report_layout_json(l, out);
	else if (!strcmp(to, "dts"))
		report_layout_dts(l, out);
	else if (!strcmp(to, "memmap-cmdline"))
		report_layout_memmap(l, out);
	else
		status = wrong_format(to);
	fclose(out);
	if (!strcmp(to, "memmap-cmdline") && len > COMMAND_LINE_SIZE)
		fprintf(stderr,
			"mbsim: note: that is %zu bytes, and x86 kernels take %d of a command line\n",
			len - 1, COMMAND_LINE_SIZE - 1);
	if (status == CMD_HOLDS && o->output && file_write(o->output, text, len, &err))
		status = cmd_error(CMD_WRONG, &err);
	else if (status == CMD_HOLDS && !o->output)
		fwrite(text, 1, len, stdout);
	free(text);
	layout_free(l);
	return status;
}

static int convert(const struct options *o)
{
	struct error err = { 0 };
	struct layout *l = cmd_read_layout(&o->layouts, o->what, &err);

	return l ? put_out(l, o) : cmd_error(CMD_WRONG, &err);
}

static int generate(const struct options *o)
{
	const char *spec = o->what ? o->what : "";
	struct error err = { 0 };
	struct layout *l;
	char *whole;

	if (!strcmp(spec, "help")) {
		layout_list_keys(stdout);
		return CMD_HOLDS;
	}
	whole = o->seed ? file_path("%s%sseed=%s", spec, *spec ? "," : "", o->seed)
			: array_strdup(spec);
	l = layout_generate(whole, &err);
	free(whole);
	return l ? put_out(l, o) : cmd_error(CMD_WRONG, &err);
}

static int presets(const struct options *o)
{
	struct error err = { 0 };
	size_t nr;
	struct layout_preset *all = layout_list_presets(&nr, &err);
	json_t *list = json_array();

	for (size_t i = 0; i < nr; i++) {
		if (o->json)
			json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name",
							      all[i].name, "summary",
							      all[i].summary, "path", all[i].path));
		else
			printf("%-18s%s\n", all[i].name, all[i].summary);
	}
	if (o->json && !json_dumpf(list, stdout, JSON_INDENT(2)))
		putchar('\n');
	json_decref(list);
	layout_free_presets(all, nr);
	return all ? CMD_HOLDS : cmd_error(CMD_WRONG, &err);
}

static int check(const struct options *o)
{
	struct error err = { 0 };
	struct layout *l = cmd_read_layout(&o->layouts, o->what, &err);
	size_t errors = 0;

	if (!l)
		return cmd_error(CMD_WRONG, &err);
	layout_check(l);
	for (size_t i = 0; i < l->nr_notes; i++)
		errors += l->notes[i].severity == LAYOUT_ERROR;
	if (o->json)
		report_layout_json(l, stdout);
	else
		report_layout_notes(l, stdout);
	layout_free(l);
	return errors ? CMD_FAILS : CMD_HOLDS;
}

static int show(const struct options *o)
{
	int status = CMD_HOLDS;
	struct report_terminal terminal;
	struct error err = { 0 };
	struct layout *l = cmd_read_layout(&o->layouts, o->what, &err);

	if (!l)
		return cmd_error(CMD_WRONG, &err);
	layout_check(l);
	if (o->json)
		report_layout_json(l, stdout);
	else
		report_layout_show(l, o->verbose,
				   cmd_draws_picture(&o->picture, &terminal) ? &terminal : NULL,
				   stdout);
	if (o->picture.svg) {
		struct picture p;

		picture_of_layout(l, &p);
		if (cmd_write_picture(&o->picture, &p, l->name, &err))
			status = cmd_error(CMD_WRONG, &err);
	}
	layout_free(l);
	return status;
}

/* As diff(1): 0 they are the same, 1 they are not. */
static int diff(const struct options *o)
{
	struct error err = { 0 };
	struct layout *a = NULL, *b = NULL;
	struct layout_diff d;
	bool same;

	if (!o->what || !o->other) {
		error_set(&err, EINVAL, "diff: two layouts are needed");
		return cmd_error(CMD_WRONG, &err);
	}
	a = cmd_read_layout(&o->layouts, o->what, &err);
	b = a ? cmd_read_layout(&o->layouts, o->other, &err) : NULL;
	if (!b) {
		layout_free(a);
		return cmd_error(CMD_WRONG, &err);
	}
	d = layout_diff(a, b);
	same = !d.nr_a && !d.nr_b;
	if (o->json) {
		report_layout_diff_json(&d, stdout);
	} else if (!same) {
		printf("--- %s\n+++ %s\n", a->name, b->name);
		for (size_t i = 0; i < d.nr_a; i++)
			printf("-%s\n", d.only_a[i]);
		for (size_t i = 0; i < d.nr_b; i++)
			printf("+%s\n", d.only_b[i]);
	}
	layout_diff_release(&d);
	layout_free(a);
	layout_free(b);
	return same ? CMD_HOLDS : CMD_FAILS;
}

static const struct {
	const char *name;
	int (*run)(const struct options *o);
	int words; /* that may follow */
} verbs[] = {
	{ "show", show, 1 }, { "convert", convert, 1 },	  { "check", check, 1 },
	{ "diff", diff, 2 }, { "generate", generate, 1 }, { "presets", presets, 0 },
};

static int run(const struct options *o)
{
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(o->verb, verbs[i].name))
			continue;
		if (!o->other || verbs[i].words == 2)
			return verbs[i].run(o);
		error_set(&err, EINVAL, "%s: one at a time, not '%s' as well", o->verb, o->other);
		return cmd_error(CMD_WRONG, &err);
	}
	error_set(&err, EINVAL,
		  "layout: '%s' is not show, convert, check, diff, generate or presets; a layout "
		  "comes after one of these",
		  o->verb);
	return cmd_error(CMD_WRONG, &err);
}

int cmd_layout(int argc, char **argv)
{
	static const struct argp_child children[] = { { &layout_argp, 0, "Which machine:", 1 },
						      { &picture_argp, 0, "Pictures, of show:", 2 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"show|convert|check [LAYOUT]\ndiff LAYOUT LAYOUT\ngenerate SPEC\npresets",
		"Shows a memory layout, writes it in another form (convert), tells what contradicts "
		"itself in it (check) or differs in two (diff), makes one up (generate; `generate help` "
		"lists what SPEC can have), or lists the machines that are known by name (presets).",
		children,
		NULL,
		NULL
	};
	struct options o = { 0 };
	int status;

	cmd_parse(&argp, argc, argv, &o);
	if (!o.verb)
		o.verb = "show";
	status = run(&o);
	layout_options_release(&o.layouts);
	return status;
}
