// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a replay costs beside the calls that it makes. A seeded sequence of calls is made once with
 * memblock=debug, for its log; then it is made bare, with nothing read, compared or printed, and
 * the log is replayed. Usage: replay [KERNEL [DIRECTORY [CALLS [REGIONS]]]], where the logs are left as N.log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/engine.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/prng.h"
#include "lib/size.h"
#include "replay/replay.h"
#include "report/replay.h"

#define GIB (1ULL << 30)
#define NODES 2
#define NODE_SIZE (32 * GIB)
#define RAM_END (96 * GIB) /* with what is added later */
#define DUMPS 20	   /* in a log */

static struct engine *engine;

struct made {
	const struct rt_call *call;
	uint64_t args[RT_MAX_ARGS];
	const char *caller;
};

struct piece {
	uint64_t base, size;
};

/* A boot that is made up: its calls, and what the kernel logs of them. */
struct boot {
	FILE *log;
	struct made *calls;
	size_t nr, room, logged, wanted;
	struct piece *live;
	size_t nr_live, room_live;
	size_t regions; /* that are wanted at a time */
	uint64_t all_regions, checksum;
	struct prng random;
};

/* Of this process: others may be at work. */
static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void hear(void *data, int level, const char *text)
{
	struct boot *b = data;

	(void)level;
	fprintf(b->log, "[%5zu.%06zu] %s\n", b->nr / 100000, b->nr % 100000 * 10, text);
}

static uint64_t call(struct boot *b, const char *name, const char *caller,
		     const uint64_t args[RT_MAX_ARGS])
{
	struct made made = { .call = engine_find_call(engine, name), .caller = caller };

	memcpy(made.args, args, sizeof(made.args));
	if (!made.call || !made.call->run) {
		fprintf(stderr, "this kernel has no %s()\n", name);
		exit(2);
	}
	ARRAY_APPEND(b->calls, b->nr, b->room) = made;
	return engine_call(engine, made.call, args, caller);
}

static uint64_t region_count(void)
{
	struct rt_type_state state;

	engine_ops(engine)->type(RT_RESERVED, &state);
	return state.cnt;
}

static void keep(struct boot *b, uint64_t base, uint64_t size)
{
	if (base && base != RT_NULL)
		ARRAY_APPEND(b->live, b->nr_live, b->room_live) = (struct piece){ base, size };
	b->logged++;
}

static void allocate(struct boot *b)
{
	static const char *const callers[] = { "setup_log_buf",		"alloc_node_data",
					       "acpi_parse_hpet",	"e820__reserve_res",
					       "memmap_init_range",	"sparse_init_nid",
					       "pcpu_alloc_first",	"firmware_map_add",
					       "alloc_large_system",	"setup_command_line",
					       "vmemmap_alloc_block",	"__alloc_memory_core",
					       "early_ioremap_setup",	"io_apic_init_mapping",
					       "unflatten_device_tree", "numa_register_meminfo" };
	const char *caller = callers[prng_below(&b->random, ARRAY_LEN(callers))];
	uint64_t pages = prng_below(&b->random, 4) ? 0 : 1 + prng_below(&b->random, 16);
	uint64_t size = pages ? pages << 12 : prng_magnitude(&b->random, 32, 8192);
	uint64_t nid = prng_below(&b->random, NODES + 1) - 1;
	const uint64_t any[RT_MAX_ARGS] = { size, pages ? 4096 : 64, 0, 0, nid };
	const uint64_t phys[RT_MAX_ARGS] = { 4096, 4096, 0, NODES * NODE_SIZE };

	if (prng_below(&b->random, 4))
		keep(b, call(b, "memblock_alloc_try_nid", caller, any), size);
	else
		keep(b, call(b, "memblock_phys_alloc_range", "alloc_low_pages", phys), 4096);
}

/* What firmware and boot loader left somewhere. */
static void reserve(struct boot *b)
{
	const uint64_t args[RT_MAX_ARGS] = { (1 + prng_below(&b->random, 32 * GIB >> 13)) << 13,
					     4096 };

	call(b, "memblock_reserve", "efi_reserve_boot_services", args);
	keep(b, args[0], args[1]);
}

static void release(struct boot *b)
{
	struct piece *p = &b->live[prng_below(&b->random, b->nr_live)];
	const uint64_t args[RT_MAX_ARGS] = { p->base, p->size };

	call(b, "memblock_phys_free", "memblock_free", args);
	*p = b->live[--b->nr_live];
	b->logged++;
}

static void add(struct boot *b)
{
	const uint64_t args[RT_MAX_ARGS] = { NODES * NODE_SIZE + (prng_below(&b->random, 64) << 28),
					     128 << 20 };

	call(b, "memblock_add", "dt_memory_hotplug", args);
	b->logged++;
}

static void set_up(struct boot *b)
{
	const uint64_t none[RT_MAX_ARGS] = { 0 };

	for (uint64_t i = 0; i < NODES; i++) {
		const uint64_t memory[RT_MAX_ARGS] = { i * NODE_SIZE, NODE_SIZE };
		const uint64_t node[RT_MAX_ARGS] = { i * NODE_SIZE, NODE_SIZE, RT_MEMORY, i };

		call(b, "memblock_add", "e820__memblock_setup", memory);
		call(b, "memblock_set_node", NULL, node);
		b->logged++;
	}
	call(b, "memblock_allow_resize", NULL, none);
}

static void make_calls(void *data)
{
	struct boot *b = data;
	size_t dump = b->wanted / DUMPS, next = dump;
	int ret;

	engine_add_ram(engine, (struct range){ 0, RAM_END });
	engine_ops(engine)->param("memblock", "debug", 1, &ret);
	set_up(b);
	while (b->logged < b->wanted) {
		uint64_t regions = region_count(), what = prng_below(&b->random, 100);

		b->all_regions += regions;
		if (what < (regions < b->regions ? 30 : 60) && b->nr_live)
			release(b);
		else if (what < 85)
			allocate(b);
		else if (what < 99)
			reserve(b);
		else
			add(b);
		if (b->logged >= next) {
			engine_call(engine, engine_find_call(engine, "memblock_dump_all"),
				    (uint64_t[RT_MAX_ARGS]){ 0 }, NULL);
			next += dump;
		}
	}
}

static void make_bare(void *data)
{
	struct boot *b = data;

	for (size_t i = 0; i < b->nr; i++)
		engine_call(engine, b->calls[i].call, b->calls[i].args, b->calls[i].caller);
}

static uint64_t reserved_size(void)
{
	struct rt_type_state state;

	engine_ops(engine)->type(RT_RESERVED, &state);
	return state.total_size + state.cnt;
}

static void run(void (*fn)(void *), struct boot *b)
{
	struct engine_exit end;

	engine_run(engine, fn, b, 0, &end);
	if (end.end == ENGINE_RETURNED)
		return;
	fprintf(stderr, "%s\n", end.text);
	exit(2);
}

/* Makes a log of @b->wanted calls, into @path. */
static void make_log(struct boot *b, const char *path)
{
	b->log = fopen(path, "w");
	if (!b->log) {
		perror(path);
		exit(2);
	}
	fprintf(b->log,
		"[    0.000000] Linux version %s (bench) #1 SMP\n"
		"[    0.000000] Command line: memblock=debug\n"
		"[    0.000000] Kernel command line: memblock=debug\n",
		engine_info(engine)->version);
	prng_seed(&b->random, b->wanted, "replay");
	engine_reset(engine);
	engine_listen(engine, &(struct engine_listener){ .data = b, .log = hear });
	run(make_calls, b);
	engine_listen(engine, NULL);
	b->checksum = reserved_size();
	fclose(b->log);
}

static double bare(struct boot *b)
{
	double start;

	engine_reset(engine);
	engine_add_ram(engine, (struct range){ 0, RAM_END });
	start = seconds();
	run(make_bare, b);
	start = seconds() - start;
	if (reserved_size() != b->checksum)
		printf("the bare calls had other results\n");
	return start;
}

struct times {
	double read, run, report;
};

static struct times replayed(const char *path, FILE *out)
{
	const struct replay_options options = { .timeout_ms = 3600000 };
	struct times t = { .read = seconds() };
	struct replay_result result;
	struct error err = { 0 };
	struct replay_log *log = replay_read(path, 0, &err);

	if (!log) {
		fprintf(stderr, "%s\n", err.text);
		exit(2);
	}
	t.run = seconds();
	replay_run(engine, log, &options, &result);
	t.report = seconds();
	report_replay_text(&result, &(struct report_replay){ 0 }, out);
	if (!replay_holds(&result) || result.dumps < DUMPS)
		printf("%s: the replay does not hold, or is not of all of the log\n", path);
	replay_result_release(&result);
	replay_log_free(log);
	return (struct times){ t.run - t.read, t.report - t.run, seconds() - t.report };
}

static void measure(size_t wanted, size_t regions, int rounds, const char *directory)
{
	struct boot b = { .wanted = wanted, .regions = regions };
	struct times best = { 1e9, 1e9, 1e9 };
	FILE *null = fopen("/dev/null", "w");
	char *path = file_path("%s/%zu.log", directory, wanted);
	double calls = 1e9, all;

	make_log(&b, path);
	for (int i = 0; i < rounds; i++) {
		double took = bare(&b);
		struct times t = replayed(path, null);

		calls = took < calls ? took : calls;
		best.read = t.read < best.read ? t.read : best.read;
		best.run = t.run < best.run ? t.run : best.run;
		best.report = t.report < best.report ? t.report : best.report;
	}
	all = best.read + best.run + best.report;
	printf("%zu calls, %" PRIu64 " regions: bare %.3f ms; replayed %.3f ms, ratio %.2f; with "
	       "reading (%lld MiB) and report %.3f ms, ratio %.2f\n",
	       wanted, b.all_regions / wanted, calls * 1e3, best.run * 1e3, best.run / calls,
	       file_size(path) >> 20, all * 1e3, all / calls);
	free(b.calls);
	free(b.live);
	free(path);
	fclose(null);
}

int main(int argc, char **argv)
{
	struct engine_request request = { .kernel = argc > 1 && *argv[1] ? argv[1] : NULL };
	char temporary[] = "/tmp/mbsim-bench.XXXXXX";
	const char *directory = argc > 2 ? argv[2] : mkdtemp(temporary);
	struct error err = { 0 };
	long calls = 1000000, regions = 1000;

	if ((argc > 3 && size_parse_int(argv[3], 1, 100000000, &calls)) ||
	    (argc > 4 && size_parse_int(argv[4], 1, 1000000, &regions))) {
		fprintf(stderr, "usage: replay [KERNEL [DIRECTORY [CALLS [REGIONS]]]]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	engine = engine_open(&request, &err);
	if (!engine || !directory) {
		fprintf(stderr, "%s\n", engine ? "no temporary directory" : err.text);
		return 2;
	}
	measure(1000, 300, 20, directory);
	measure(calls, regions, 3, directory);
	if (argc <= 2)
		file_remove_tree(directory);
	engine_close(engine);
	return 0;
}
