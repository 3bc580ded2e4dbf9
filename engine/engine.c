// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads an engine, resets it, and is its world: log, events, variables. */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "lib/array.h"

/* Kernel code calls these; the engine that runs is the one that calls. */

static void host_log(int level, const char *text)
{
	const struct engine_listener *l = &engine_running->listener;
	const struct engine_tracer *t = &engine_running->tracer;

	if (t->log)
		t->log(t->data, level, text);
	if (l->log)
		l->log(l->data, level, text);
}

static void __attribute__((noreturn)) host_leave(int why, const char *text)
{
	static const enum engine_end ends[] = {
		[RT_PANIC] = ENGINE_PANICKED,
		[RT_BUG] = ENGINE_BUGGED,
		[RT_TRAP] = ENGINE_TRAPPED,
		[RT_LEFT] = ENGINE_STOPPED,
	};

	guard_leave(ends[why], text);
}

static void host_event(int event, rt_u64 a, rt_u64 b, long c)
{
	const struct engine_listener *l = &engine_running->listener;
	const struct engine_tracer *t = &engine_running->tracer;

	if (t->event)
		t->event(t->data, event, a, b, c);
	if (l->event)
		l->event(l->data, event, a, b, c);
}

static void host_add_ram(rt_u64 pa, rt_u64 size)
{
	memory_add_ram(engine_running->memory, (struct range){ pa, pa + size });
}

static void host_test_text(const char *text, unsigned long length)
{
	const struct engine_listener *l = &engine_running->listener;

	if (l->test_text)
		l->test_text(l->data, text, length);
}

static void host_test_stands(void)
{
	const struct engine_listener *l = &engine_running->listener;

	if (l->test_stands)
		l->test_stands(l->data);
}

static void host_test_failed(void)
{
	const struct engine_listener *l = &engine_running->listener;

	if (l->test_failed)
		l->test_failed(l->data);
}

static void host_fill(rt_u64 pa, rt_u64 size, int byte)
{
	const struct engine_listener *l = &engine_running->listener;

	if (!l->fill || !l->fill(l->data, pa, size, byte))
		memory_fill(engine_running->memory, pa, size, byte);
}

static void host_symbol(unsigned long address, int with_offset, char *text, unsigned long size)
{
	const struct engine *e = engine_running;
	size_t offset, len;
	const char *name;

	if (!engine_symbol(e, address, &name, &offset, &len))
		snprintf(text, size, "%#lx", address);
	else if (!strncmp(name, "rt_call_", 8))
		/* the kernel's caller is one that it does not have here: whom the call stands for */
		snprintf(text, size, "%s%s", e->caller ? e->caller : "mbsim",
			 with_offset ? "+0x0/0x0" : "");
	else if (with_offset)
		snprintf(text, size, "%s+0x%zx/0x%zx", name, offset, len);
	else
		snprintf(text, size, "%s", name);
}

bool engine_symbol(const struct engine *e, uintptr_t address, const char **name, size_t *offset,
		   size_t *size)
{
	uintptr_t at = address - e->base;
	size_t lo = 0, hi = e->symbols.nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (e->symbols.v[mid].start <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo--;) {
		const struct symbol *s = &e->symbols.v[lo];

		if (!s->function)
			continue;
		if (at - s->start >= s->size + !s->size)
			return false;
		*name = s->name;
		*offset = at - s->start;
		*size = s->size;
		return true;
	}
	return false;
}

bool engine_find_variable(const struct engine *e, const char *name, void **address, size_t *size)
{
	for (size_t i = 0; i < e->symbols.nr; i++) {
		const struct symbol *s = &e->symbols.v[i];

		if (s->function || strcmp(s->name, name))
			continue;
		*address = (void *)(e->base + s->start);
		*size = s->size;
		return true;
	}
	return false;
}

bool engine_get_variable(const struct engine *e, const char *name, uint64_t *value)
{
	void *address;
	size_t size;

	if (!engine_find_variable(e, name, &address, &size) || size > sizeof(*value))
		return false;
	*value = 0;
	memcpy(value, address, size);
	return true;
}

bool engine_set_variable(struct engine *e, const char *name, uint64_t value)
{
	void *address;
	size_t size;

	if (!engine_find_variable(e, name, &address, &size) || size > sizeof(value))
		return false;
	memcpy(address, &value, size);
	return true;
}

/* Copied byte by byte, unseen by a sanitizer: between variables lie its red zones. */
__attribute__((no_sanitize("address", "undefined"))) static void copy(void *to, const void *from,
								      size_t size)
{
#if defined(__x86_64__)
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
#else
	for (volatile char *d = to; size; size--)
		*d++ = *(const volatile char *)from++;
#endif
}

struct segments {
	struct engine *e;
	uintptr_t relro_start, relro_end;
};

static void add_area(struct engine *e, uintptr_t start, uintptr_t end)
{
	struct area *a = &e->areas[e->nr_areas];

	if (start >= end || e->nr_areas == ARRAY_LEN(e->areas))
		return;
	e->nr_areas++;
	a->start = (void *)start;
	a->size = end - start;
	a->pristine = array_resize(NULL, a->size, 1);
}

/* Writable segments, less what is read-only after relocation. */
static int find_areas(struct dl_phdr_info *info, size_t size, void *data)
{
	struct segments *s = data;

	(void)size;
	if (info->dlpi_addr != s->e->base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_GNU_RELRO) {
			s->relro_start = info->dlpi_addr + p->p_vaddr;
			s->relro_end = (s->relro_start + p->p_memsz + 4095) & ~4095UL;
		}
	}
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr, end = start + p->p_memsz;

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_W))
			continue;
		if (s->relro_end > start && s->relro_start < end) {
			add_area(s->e, start, s->relro_start);
			start = s->relro_end;
		}
		add_area(s->e, start, end);
	}
	return 1;
}

static int load(struct engine *e, struct error *err)
{
	struct segments segments = { .e = e };
	struct link_map *map;

	e->handle = dlopen(e->info.path, RTLD_NOW | RTLD_LOCAL);
	if (!e->handle)
		return error_set(err, EINVAL, "cannot load the engine: %s", dlerror());
	e->ops = dlsym(e->handle, "mbsim_engine");
	if (!e->ops || e->ops->abi != RT_ABI)
		return error_set(err, EINVAL, "%s: not an engine of this mbsim; remove it",
				 e->info.path);
	dlinfo(e->handle, RTLD_DI_LINKMAP, &map);
	e->base = map->l_addr;
	dl_iterate_phdr(find_areas, &segments);
	return symbols_read(&e->symbols, e->info.path, err);
}

static void attach(void *arg)
{
	struct engine *e = arg;
	const struct rt_host host = {
		.window = memory_window(e->memory),
		.vmemmap = memory_vmemmap(e->memory),
		.slab_pa = MEMORY_MAX,
		.slab_size = MEMORY_SLAB_SIZE,
		.log = host_log,
		.leave = host_leave,
		.event = host_event,
		.fill = host_fill,
		.symbol = host_symbol,
		.add_ram = host_add_ram,
		.test_text = host_test_text,
		.test_stands = host_test_stands,
		.test_failed = host_test_failed,
	};

	e->ops->attach(&host);
}

struct engine *engine_open(const struct engine_request *req, struct error *err)
{
	struct engine *e = array_resize(NULL, 1, sizeof(*e));
	struct engine_exit exit;

	*e = (struct engine){ 0 };
	if (engine_build(req, &e->info, err) || load(e, err) || !(e->memory = memory_new(err))) {
		engine_close(e);
		return NULL;
	}
	guard_install();
	if (guard_run(e, attach, e, 0, &exit)) {
		error_set(err, EINVAL, "the engine cannot be started: %s", exit.text);
		engine_close(e);
		return NULL;
	}
	for (size_t i = 0; i < e->nr_areas; i++)
		copy(e->areas[i].pristine, e->areas[i].start, e->areas[i].size);
	return e;
}

void engine_close(struct engine *e)
{
	if (!e)
		return;
	memory_free(e->memory);
	symbols_release(&e->symbols);
	for (size_t i = 0; i < e->nr_areas; i++)
		free(e->areas[i].pristine);
	if (e->handle)
		dlclose(e->handle);
	engine_info_release(&e->info);
	free(e);
}

void engine_reset(struct engine *e)
{
	if (e->tracer.reset)
		e->tracer.reset(e->tracer.data);
	for (size_t i = 0; i < e->nr_areas; i++)
		copy(e->areas[i].start, e->areas[i].pristine, e->areas[i].size);
	memory_reset(e->memory);
	e->caller = NULL;
}

const struct engine_info *engine_info(const struct engine *e)
{
	return &e->info;
}

const struct rt_engine *engine_ops(const struct engine *e)
{
	return e->ops;
}

void engine_listen(struct engine *e, const struct engine_listener *listener)
{
	e->listener = listener ? *listener : (struct engine_listener){ 0 };
}

void engine_trace(struct engine *e, const struct engine_tracer *tracer)
{
	e->tracer = tracer ? *tracer : (struct engine_tracer){ 0 };
}

void engine_add_ram(struct engine *e, struct range range)
{
	memory_add_ram(e->memory, range);
}

const void *engine_memory(const struct engine *e, uint64_t pa)
{
	return (const void *)(memory_window(e->memory) + pa);
}

uint64_t engine_max_address(void)
{
	return MEMORY_MAX;
}

enum engine_end engine_run(struct engine *e, void (*fn)(void *arg), void *arg,
			   unsigned int timeout_ms, struct engine_exit *exit)
{
	enum engine_end end = guard_run(e, fn, arg, timeout_ms, exit);

	if (end != ENGINE_RETURNED && e->tracer.ended)
		e->tracer.ended(e->tracer.data, exit);
	return end;
}

void engine_stop(struct engine *e, const char *text)
{
	(void)e;
	guard_leave(ENGINE_STOPPED, text);
}

unsigned long engine_find_flag(const struct engine *e, const char *name)
{
	for (int i = 0; i < e->ops->nr_flags; i++)
		if (!strcmp(e->ops->flags[i].name, name))
			return e->ops->flags[i].value;
	return 0;
}

const struct rt_call *engine_find_call(const struct engine *e, const char *name)
{
	int lo = 0, hi = e->ops->nr_calls;

	while (lo < hi) {
		int mid = lo + (hi - lo) / 2, order = strcmp(e->ops->calls[mid].name, name);

		if (!order)
			return &e->ops->calls[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

uint64_t engine_call(struct engine *e, const struct rt_call *call, const uint64_t *args,
		     const char *caller)
{
	const struct engine_tracer *t = &e->tracer;
	const char *outer = e->caller;
	uint64_t result;

	if (t->called)
		t->called(t->data, call, args, caller);
	e->caller = caller;
	result = call->run((const rt_u64 *)args);
	e->ops->flush();
	e->caller = outer;
	if (t->returned)
		t->returned(t->data, call, args, result);
	return result;
}

int engine_param(struct engine *e, const char *name, const char *value, bool early, int *ret)
{
	static const struct rt_call cmdline = {
		.name = "cmdline",
		.prototype = "int cmdline(const char *word)",
		.result = RT_INT,
		.nr_args = 1,
		.args = { { "word", RT_STRING } },
	};
	const struct engine_tracer *t = &e->tracer;
	char word[1024];
	const uint64_t args[] = { (uintptr_t)word };
	int taken;

	snprintf(word, sizeof(word), "%s%s%s", name, value ? "=" : "", value ? value : "");
	if (t->called)
		t->called(t->data, &cmdline, args, NULL);
	taken = e->ops->param(name, value, early, ret);
	e->ops->flush();
	if (t->returned)
		t->returned(t->data, &cmdline, args,
			    taken ? (uint64_t)(int64_t)*ret : ENGINE_NO_PARAM);
	return taken;
}
