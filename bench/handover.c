// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the receiving side of the hand-over costs: memblock_free_all() with the map of pages behind
 * it, and with callbacks that do nothing, in the same run; the best of some rounds, in time of the
 * processor, so that what else the machine does counts for little. Usage: handover [KERNEL]
 *
 * memblock gives away blocks of the largest order there is: so many calls there are in both. What
 * the map of pages makes of them follows the number of regions: 1000 reservations cost it as much
 * in 1 TiB as in 1 GiB.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "engine/engine.h"
#include "mm/mm.h"

#define ROUNDS 10

static struct engine *engine;

struct machine {
	const char *name;
	uint64_t size; /* bytes */
	unsigned int nodes;
	uint64_t reservations;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static uint64_t call(const char *name, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const uint64_t args[RT_MAX_ARGS] = { a, b, c, d };

	return engine_call(engine, engine_find_call(engine, name), args, NULL);
}

static void set_up(void *data)
{
	const struct machine *m = data;
	uint64_t step = m->size / (m->reservations + 1) & ~0xfffULL, part = m->size / m->nodes;

	engine_add_ram(engine, (struct range){ 0, m->size });
	engine_set_variable(engine, "max_pfn", m->size >> 12);
	engine_set_variable(engine, "max_low_pfn", m->size >> 12);
	for (uint64_t i = 0; i < m->nodes; i++) {
		call("memblock_add", i * part, part, 0, 0);
		call("memblock_set_node", i * part, part, RT_MEMORY, i);
		engine_ops(engine)->node_set_online((int)i, 1);
	}
	call("memblock_allow_resize", 0, 0, 0, 0);
	for (uint64_t i = 1; i <= m->reservations; i++)
		call("memblock_reserve", i * step, 0x1000 + (i % 7 << 12), 0, 0);
}

static void hear_nothing(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	(void)data;
	(void)event;
	(void)a;
	(void)b;
	(void)c;
}

static void hear(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	mm_event(data, event, a, b, c);
}

static void free_all(void *data)
{
	(void)data;
	call("memblock_free_all", 0, 0, 0, 0);
}

static struct mm *new_mm(const struct machine *m)
{
	const struct rt_engine *ops = engine_ops(engine);
	struct mm *mm = mm_new((unsigned int)ops->page_shift, (unsigned int)ops->max_page_order);
	uint64_t part = m->size / m->nodes >> 12;

	mm_set_zone_end(mm, MM_DMA, 0x1000);
	mm_set_zone_end(mm, MM_DMA32, 0x100000);
	for (unsigned int i = 0; i < m->nodes; i++)
		mm_add_memory(mm, (int)i, (struct range){ i * part, (i + 1) * part }, 0);
	mm->rules = (struct mm_map_rules){
		.section_order = (unsigned int)ops->section_order,
		.pageblock_order = (unsigned int)ops->block_order,
	};
	return mm;
}

static double once(struct mm *mm)
{
	struct engine_listener listener = { .data = mm, .event = mm ? hear : hear_nothing };
	struct engine_exit end;
	double start;

	engine_listen(engine, &listener);
	start = now_ms();
	if (mm)
		mm_init_memmap(mm);
	engine_run(engine, free_all, NULL, 0, &end);
	if (mm) {
		mm_handed_over(mm);
		mm_settle(mm);
	}
	start = now_ms() - start;
	if (end.end != ENGINE_RETURNED)
		printf("%s\n", end.text);
	return start;
}

static uint64_t count_blocks(const struct mm *mm)
{
	uint64_t blocks = 0;

	for (int order = 0; order < MM_MAX_ORDERS; order++)
		blocks += mm->received[order];
	return blocks;
}

static void measure(const struct machine *m)
{
	double empty = 1e9, full = 1e9, took;
	uint64_t blocks = 0;
	size_t runs = 0;
	struct rusage usage;
	struct engine_exit end;

	/* reserving takes memblock itself a time that grows with the square; it keeps what it gave away */
	engine_reset(engine);
	engine_run(engine, set_up, (void *)m, 0, &end);
	for (int i = 0; i < ROUNDS; i++) {
		struct mm *mm = new_mm(m);

		took = once(NULL);
		empty = took < empty ? took : empty;
		took = once(mm);
		full = took < full ? took : full;
		runs = mm->pages.nr_runs;
		blocks = count_blocks(mm);
		if (!mm_free_pages(mm))
			printf("nothing was freed\n");
		if (mm->all_faults)
			printf("%zu faults\n", mm->all_faults);
		mm_free(mm);
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("%-7s %3u nodes %6llu reservations %9llu blocks %7zu runs: %7.2f ms, empty %6.2f ms, "
	       "ratio %.2f; peak %ld MiB\n",
	       m->name, m->nodes, (unsigned long long)m->reservations, (unsigned long long)blocks,
	       runs, full, empty, full / empty, usage.ru_maxrss >> 10);
}

int main(int argc, char **argv)
{
	static const struct machine machines[] = {
		{ "1 GiB", 1ULL << 30, 1, 1000 },
		{ "32 GiB", 1ULL << 35, 2, 1000 },
		{ "1 TiB", 1ULL << 40, 8, 1000 },
		{ "8 TiB", 1ULL << 43, 16, 1000 },
		{ "64 TiB", (1ULL << 46) - (1ULL << 33), 64, 1000 },
		{ "64 TiB", (1ULL << 46) - (1ULL << 33), 64, 100000 },
	};
	struct engine_request request = { .kernel = argc > 1 ? argv[1] : NULL };
	struct error err = { 0 };

	/* what one round gives back is there for the next: its page faults are paid once */
	mallopt(M_MMAP_THRESHOLD, 1 << 28);
	mallopt(M_TRIM_THRESHOLD, 1 << 28);
	setvbuf(stdout, NULL, _IOLBF, 0);
	engine = engine_open(&request, &err);
	if (!engine) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		measure(&machines[i]);
	engine_close(engine);
	return 0;
}
