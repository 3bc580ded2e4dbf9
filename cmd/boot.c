// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim boot: what becomes of a machine's memory map. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot.h"
#include "cmd/inputs.h"
#include "lib/size.h"
#include "report/report.h"

enum {
	KEY_CMDLINE = 256,
	KEY_JSON,
	KEY_TRACE,
	KEY_SYSFS,
	KEY_SHOW,
	KEY_HTML,
	KEY_KCONFIG,
	KEY_IMAGE,
	KEY_STRICT,
};

static const struct argp_option options[] = {
	{ "cmdline", KEY_CMDLINE, "TEXT", 0, "the kernel's command line, instead of the layout's",
	  0 },
	{ "verbose", 'v', NULL, 0, "print the kernel's log first, and every piece of the map", 0 },
	{ "json", KEY_JSON, NULL, 0, "print one JSON object", 0 },
	{ "show", KEY_SHOW, "SECTION,...", 0, "print these sections only: " REPORT_BOOT_SECTIONS,
	  0 },
	{ "kconfig", KEY_KCONFIG, "FILE", 0,
	  "what the kernel was configured with: a .config, /boot/config-*, /proc/config.gz", 0 },
	{ "vmlinux", KEY_IMAGE, "FILE", 0,
	  "sizes of the kernel's image and structures: a vmlinux, or its BTF", 0 },
	{ "system-map", KEY_IMAGE, "FILE", 0, "sizes of the image by a System.map", 0 },
	{ "sysfs", KEY_SYSFS, "DIR", 0,
	  "write memory blocks and nodes as a tree of sysfs, for lsmem --sysroot", 0 },
	{ "html", KEY_HTML, "FILE", 0, "write a page that shows it, call by call", 0 },
	{ "strict", KEY_STRICT, NULL, 0,
	  "exit with 1 if something is not as the log has it, figures by more than 1 %", 0 },
	{ "trace-event", KEY_TRACE, "FILE", 0,
	  "write the calls to FILE as trace events, for Perfetto", 0 },
	{ "timeout", 'T', "SECONDS", 0, "give up after that (default: 60)", 0 },
	{ 0 },
};

static void take_sections(struct boot_call *o, const char *names, struct argp_state *state)
{
	size_t len;

	for (;; names += len + 1) {
		unsigned int section;

		len = strcspn(names, ",");
		section = report_boot_section(names, len);
		if (!section)
			argp_error(state, "--show: there is no section '%.*s'; there are %s",
				   (int)len, names, REPORT_BOOT_SECTIONS);
		o->sections |= section;
		if (!names[len])
			return;
	}
}

/* Ends the program if the file is none of that kind. */
static void take_file(struct boot_call *o,
		      int (*read)(struct boot_build *b, const char *path, struct error *err),
		      const char *path)
{
	struct error err = { 0 };

	if (read(&o->build, path, &err))
		exit(cmd_error(CMD_WRONG, &err));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct boot_call *o = state->input;
	long seconds;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		state->child_inputs[1] = &o->layouts;
		state->child_inputs[2] = &o->picture;
		break;
	case KEY_CMDLINE:
		o->cmdline = arg;
		break;
	case KEY_TRACE:
		o->trace = arg;
		break;
	case KEY_JSON:
		o->json = true;
		break;
	case KEY_SYSFS:
		o->sysfs = arg;
		break;
	case KEY_HTML:
		o->html = arg;
		break;
	case KEY_KCONFIG:
		take_file(o, boot_build_read_config, arg);
		break;
	case KEY_IMAGE:
		take_file(o, boot_build_read_image, arg);
		break;
	case KEY_SHOW:
		take_sections(o, arg, state);
		break;
	case ARGP_KEY_END:
		if (o->json && o->sections)
			argp_error(state, "--show is of the text; --json has all of it");
		break;
	case KEY_STRICT:
		o->strict = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'T':
		if (size_parse_int(arg, 1, 1000000, &seconds))
			argp_error(state, "--timeout: '%s' is not a number of seconds", arg);
		o->timeout_ms = seconds * 1000;
		break;
	case ARGP_KEY_ARG:
		if (o->layout)
			argp_error(state, "one memory layout at a time, not '%s' as well", arg);
		o->layout = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* As boot_run(), with what it did. */
static int record_boot_only(struct engine *e, const struct boot_options *how, struct record *run,
			    struct boot_result *result, struct error *err)
{
	int ret = record_boot(e, how, run, result, err);

	/* what the kernel refuses is nothing to be shown */
	return ret ? ret : run->nr_refusals ? -ENOSYS : 0;
}

static int boot(struct engine *e, const struct layout *l, const struct boot_call *o)
{
	struct boot_options how = {
		.layout = l,
		.cmdline = o->cmdline,
		.timeout_ms = o->timeout_ms,
		.build = &o->build,
	};
	struct report_terminal terminal;
	struct boot_result result;
	struct record run = { 0 };
	struct prediction prediction;
	struct error err = { 0 };
	int status;

	if (o->html || o->trace ? record_boot_only(e, &how, &run, &result, &err)
				: boot_run(e, &how, &result, &err)) {
		record_release(&run);
		return cmd_error(CMD_WRONG, &err);
	}
	prediction_make(&prediction, &result, l);
	if (o->json) {
		report_boot_json(&result, &prediction, stdout);
	} else {
		bool draws = cmd_draws_picture(&o->picture, &terminal) || o->sections;

		if (o->verbose && !o->sections)
			report_boot_log(&result, stdout);
		report_boot_text(&result, &prediction, o->sections, o->verbose,
				 draws ? &terminal : NULL, stdout);
	}
	status = boot_holds(&result) ? CMD_HOLDS : CMD_FAILS;
	if (o->strict && !prediction_holds(&prediction))
		status = CMD_FAILS;
	if (o->sysfs && report_boot_sysfs(&result, o->sysfs, &err))
		status = cmd_error(CMD_WRONG, &err);
	if (o->trace && cmd_write_trace(o->trace, &run, NULL, &err))
		status = cmd_error(CMD_WRONG, &err);
	if (o->picture.svg) {
		struct picture p;

		picture_of_boot(&result, &p);
		if (cmd_write_picture(&o->picture, &p, result.layout_name, &err))
			status = cmd_error(CMD_WRONG, &err);
	}
	if (o->html && cmd_page_boot(o->html, &result, &run, l, &err))
		status = cmd_error(CMD_WRONG, &err);
	prediction_release(&prediction);
	boot_result_release(&result);
	record_release(&run);
	return status;
}

void cmd_parse_boot(int argc, char **argv, struct boot_call *o)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { &layout_argp, 0, "Which machine:", 2 },
						      { &picture_argp, 0, "Pictures:", 3 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"[LAYOUT]",
		"Does with memblock what a kernel does when it boots, and shows the map, the free pages "
		"and what does not hold.\vLAYOUT is the log of a machine's boot, a layout file, or anything "
		"else that `--from help` lists; also compressed; - is standard input. Without it a PC "
		"with 2 GiB is booted.",
		children,
		NULL,
		NULL
	};

	cmd_parse(&argp, argc, argv, o);
}

int cmd_boot(int argc, char **argv)
{
	struct boot_call o = { 0 };
	struct error err = { 0 };
	struct engine *e = NULL;
	struct layout *l;
	int status = CMD_WRONG;

	cmd_parse_boot(argc, argv, &o);
	l = cmd_read_layout(&o.layouts, o.layout, &err);
	/* --config knows better, and may be wrong, which boot_run() tells */
	if (l && !o.engine.request.config)
		o.engine.request.config = boot_config_for(l);
	if (l)
		e = cmd_open_engine(&o.engine);
	else
		cmd_error(CMD_WRONG, &err);
	if (e)
		status = boot(e, l, &o);
	engine_close(e);
	layout_free(l);
	boot_build_release(&o.build);
	layout_options_release(&o.layouts);
	engine_options_release(&o.engine);
	return status;
}
