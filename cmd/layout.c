// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim layout: memory maps as such: made up, converted, checked. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "lib/array.h"
#include "lib/file.h"
#include "report/layout.h"

struct options {
	struct layout_options layouts;
	const char *verb, *what, *to, *output, *seed;
	bool json;
};

enum {
	KEY_TO = 256,
	KEY_SEED,
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "to", KEY_TO, "FORMAT", 0, "native (the default), json or memmap-cmdline", 0 },
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
		break;
	case 'j':
		o->json = true;
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
		if (o->verb && o->what)
			argp_error(state, "too many words: '%s'", arg);
		*(o->verb ? &o->what : &o->verb) = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int wrong_format(const char *to)
{
	fprintf(stderr, "mbsim layout: --to: '%s' is not native, json or memmap-cmdline\n", to);
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
	else if (!strcmp(to, "memmap-cmdline"))
		report_layout_memmap(l, out);
	else
		status = wrong_format(to);
	fclose(out);
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
	static const char *const words[] = { "note", "warning", "error" };
	struct error err = { 0 };
	struct layout *l = cmd_read_layout(&o->layouts, o->what, &err);
	size_t errors = 0;

	if (!l)
		return cmd_error(CMD_WRONG, &err);
	layout_check(l);
	for (size_t i = 0; i < l->nr_notes; i++) {
		const struct layout_note *n = &l->notes[i];

		errors += n->severity == LAYOUT_ERROR;
		printf("%s", n->pos.file ? n->pos.file : l->name);
		if (n->pos.line)
			printf(":%u", n->pos.line);
		printf(": %s: %s\n", words[n->severity], n->text);
	}
	layout_free(l);
	return errors ? CMD_FAILS : CMD_HOLDS;
}

int cmd_layout(int argc, char **argv)
{
	static const struct argp_child children[] = { { &layout_argp, 0, "Which machine:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"convert|check [LAYOUT]\ngenerate SPEC\npresets",
		"Writes a memory layout in another form (convert), tells what contradicts itself in it "
		"(check), makes one up (generate; `generate help` lists what SPEC can have), or lists "
		"the machines that are known by name (presets).",
		children,
		NULL,
		NULL
	};
	struct options o = { 0 };
	int status = CMD_WRONG;

	cmd_parse(&argp, argc, argv, &o);
	if (o.verb && !strcmp(o.verb, "convert"))
		status = convert(&o);
	else if (o.verb && !strcmp(o.verb, "generate"))
		status = generate(&o);
	else if (o.verb && !strcmp(o.verb, "presets"))
		status = presets(&o);
	else if (o.verb && !strcmp(o.verb, "check"))
		status = check(&o);
	else
		fprintf(stderr, "mbsim layout: '%s' is not convert, check, generate or presets\n",
			o.verb ? o.verb : "");
	layout_options_release(&o.layouts);
	return status;
}
