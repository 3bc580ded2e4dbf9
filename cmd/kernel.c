// SPDX-License-Identifier: GPL-2.0-or-later
/* mbsim kernel: what there is, what an engine is made of, what its memblock can. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/json.h"

struct kernel_options {
	struct engine_options engine;
	const char *verb;
	bool json;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct kernel_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->engine;
		break;
	case 'j':
		o->json = true;
		break;
	case ARGP_KEY_ARG:
		if (o->verb)
			argp_error(state, "too many words: '%s'", arg);
		o->verb = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static json_t *json_list(char **list)
{
	json_t *array = json_array();

	for (char **p = list; *p; p++)
		json_array_append_new(array, json_string(*p));
	return array;
}

static int print_json(json_t *json)
{
	report_json_print(json, JSON_INDENT(2), stdout);
	return CMD_HOLDS;
}

static int list(bool json)
{
	char **kernels = engine_list_kernels(), **configs = engine_list_configs();
	char **cached = engine_list_cached(), *cache = engine_cache_dir();

	if (json) {
		print_json(json_pack("{s:o, s:o, s:s, s:o}", "kernels", json_list(kernels),
				     "configs", json_list(configs), "cache", cache, "cached",
				     json_list(cached)));
	} else {
		printf("kernels (-k), installed:");
		for (char **k = kernels; *k; k++)
			printf(" %s", *k);
		printf("%s\nconfigurations (--config):", *kernels ? "" : " none");
		for (char **c = configs; *c; c++)
			printf(" %s", *c);
		printf("\nengines in the cache, %s:%s\n", cache, *cached ? "" : " none");
		for (char **c = cached; *c; c++)
			printf("  %s\n", *c);
	}
	engine_list_free(cached);
	free(cache);
	engine_list_free(kernels);
	engine_list_free(configs);
	return CMD_HOLDS;
}

static void print_lines(const char *title, const char *text)
{
	if (*text)
		printf("%s:\n", title);
	while (*text) {
		int n = strcspn(text, "\n");

		printf("  %.*s\n", n, text);
		text += n + (text[n] == '\n');
	}
}

static int build(const struct kernel_options *o)
{
	struct engine_info info;
	struct error err = { 0 };

	if (engine_build(&o->engine.request, &info, &err))
		return cmd_error(CMD_WRONG, &err);
	if (o->json) {
		print_json(json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s}", "kernel",
				     info.kernel, "kernel_version", info.version, "config",
				     info.config, "memblock_sha256", info.memblock_hash, "engine",
				     info.path, "built", info.built, "automatic", info.automatic,
				     "warnings", info.warnings));
	} else {
		printf("%s %s: %s\n", info.version, info.config,
		       info.built ? "built" : "in the cache already");
		print_lines("stood in for automatically", info.automatic);
		print_lines("the compiler says", info.warnings);
	}
	engine_info_release(&info);
	return CMD_HOLDS;
}

static json_t *json_calls(const struct rt_engine *ops)
{
	json_t *calls = json_array();

	for (int i = 0; i < ops->nr_calls; i++)
		json_array_append_new(
			calls, json_pack("{s:s, s:s, s:b}", "name", ops->calls[i].name, "prototype",
					 ops->calls[i].prototype, "callable", !!ops->calls[i].run));
	return calls;
}

static void show_text(const struct engine_info *info, const struct rt_engine *ops)
{
	printf("kernel:        %s (%s)\n", info->version, info->kernel);
	printf("memblock.c:    %s\n", info->memblock);
	printf("  SHA-256:     %s\n", info->memblock_hash);
	printf("configuration: %s: %d-bit phys_addr_t, %d KiB pages, %s\n", info->config,
	       ops->phys_bits, 1 << (ops->page_shift - 10), ops->numa ? "NUMA" : "no NUMA");
	printf("compiler:      %s\n", info->compiler);
	printf("engine:        %s\n", info->path);
	printf("flags:        ");
	for (int i = 0; i < ops->nr_flags; i++)
		printf(" %s", ops->flags[i].name);
	printf("\nfunctions of memblock.h:\n");
	for (int i = 0; i < ops->nr_calls; i++)
		if (ops->calls[i].run)
			printf("  %s\n", ops->calls[i].prototype);
	printf("declared, but not in this configuration, or not to be called from scripts:\n");
	for (int i = 0; i < ops->nr_calls; i++)
		if (!ops->calls[i].run)
			printf("  %s\n", ops->calls[i].prototype);
	print_lines("stand-ins in use that do nothing", info->inert);
	print_lines("stand-ins in use that end the run", info->traps);
	print_lines("stood in for automatically", info->automatic);
	print_lines("the compiler says", info->warnings);
}

static int show(const struct kernel_options *o)
{
	struct engine *e = cmd_open_engine(&o->engine);
	const struct engine_info *info;
	const struct rt_engine *ops;

	if (!e)
		return CMD_WRONG;
	info = engine_info(e);
	ops = engine_ops(e);
	if (o->json)
		print_json(json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:b, s:o, s:s, s:s, s:s, s:s}",
			"kernel", info->kernel, "kernel_version", info->version, "memblock",
			info->memblock, "memblock_sha256", info->memblock_hash, "config",
			info->config, "compiler", info->compiler, "phys_bits", ops->phys_bits,
			"page_shift", ops->page_shift, "numa", ops->numa, "calls", json_calls(ops),
			"inert", info->inert, "traps", info->traps, "automatic", info->automatic,
			"warnings", info->warnings));
	else
		show_text(info, ops);
	engine_close(e);
	return CMD_HOLDS;
}

int cmd_kernel(int argc, char **argv)
{
	static const struct argp_child children[] = { { &engine_argp, 0, "Which engine:", 1 },
						      { 0 } };
	static const struct argp argp = {
		options,
		parse,
		"[list|build|show]",
		"Lists the kernels and configurations there are (list, the default), builds the engine of "
		"one (build), or shows what it is made of and what its memblock can (show).",
		children,
		NULL,
		NULL
	};
	struct kernel_options o = { 0 };
	int status;

	cmd_parse(&argp, argc, argv, &o);
	if (!o.verb || !strcmp(o.verb, "list")) {
		status = list(o.json);
	} else if (!strcmp(o.verb, "build")) {
		status = build(&o);
	} else if (!strcmp(o.verb, "show")) {
		status = show(&o);
	} else {
		fprintf(stderr, "mbsim kernel: '%s' is not list, build or show\n", o.verb);
		status = CMD_WRONG;
	}
	engine_options_release(&o.engine);
	return status;
}
