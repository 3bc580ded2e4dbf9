// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps what a run does: its calls, what each changes, and what the kernel says. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "record/internal.h"
#include "lib/array.h"
#include "lib/file.h"

uint64_t record_key(uint64_t key, const char *text)
{
	/* FNV-1a, with the NUL as an end */
	do
		key = (key ^ (unsigned char)*text) * 0x100000001b3ULL;
	while (*text++);
	return key;
}

const char *record_word(struct record *run, const char *text)
{
	/* the latest are the likeliest */
	for (size_t i = run->nr_words; i--;)
		if (!strcmp(run->words[i], text))
			return run->words[i];
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	return ARRAY_APPEND(run->words, run->nr_words, run->room_words) = array_strdup(text);
}

void record_fact(struct record *run, const char *value, const char *fmt, ...)
{
	struct record_fact *f = &ARRAY_APPEND(run->facts, run->nr_facts, run->room_facts);
	va_list args;

	va_start(args, fmt);
	f->what = array_vformat(fmt, args);
	va_end(args);
	f->value = array_strdup(value);
}

void record_refusal(struct record *run, unsigned int line, const char *text)
{
	ARRAY_APPEND(run->refusals, run->nr_refusals, run->room_refusals) =
		(struct record_refusal){ line, array_strdup(text) };
}

void record_engine(struct record *run, const struct engine *e)
{
	const struct engine_info *info = engine_info(e);

	run->kernel = array_strdup(info->kernel);
	run->version = array_strdup(info->version);
	run->config = array_strdup(info->config);
	run->memblock = array_strdup(info->memblock);
	run->memblock_hash = array_strdup(info->memblock_hash);
	run->exit = array_strdup("");
}

static const char *flags_word(struct recorder *r, unsigned long flags)
{
	struct recorder_flags *f;
	char *text = NULL;
	size_t len;
	FILE *out;

	for (size_t i = 0; i < r->nr_flags; i++)
		if (r->flags[i].flags == flags)
			return r->flags[i].word;
	out = open_memstream(&text, &len);
	if (!out)
		array_die();
	call_format_flags(r->e, flags, out);
	if (fclose(out))
		array_die();
	f = &ARRAY_APPEND(r->flags, r->nr_flags, r->room_flags);
	f->flags = flags;
	f->word = record_word(r->run, text);
	free(text);
	return f->word;
}

static struct record_row make_row(struct recorder *r, const struct rt_region *v)
{
	const struct rt_engine *ops = engine_ops(r->e);

	return (struct record_row){
		.range.start = v->base,
		.range.end = v->base + v->size < v->base ? UINT64_MAX : v->base + v->size,
		.flags = flags_word(r, v->flags),
		.nid = !ops->numa || v->nid < 0 || v->nid >= ops->nr_node_ids ? -1 : v->nid,
	};
}

static void add_rows(struct recorder *r, struct record_rows *rows, const struct rt_region *v,
		     size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		ARRAY_APPEND(rows->v, rows->nr, rows->room) = make_row(r, &v[i]);
}

static bool same_region(const struct rt_region *a, const struct rt_region *b)
{
	return a->base == b->base && a->size == b->size && a->flags == b->flags && a->nid == b->nid;
}

/* What became of the array since it was seen last. */
static void note_change(struct recorder *r, enum rt_type type)
{
	struct record *run = r->run;
	struct check_regions *old = &r->taken[type], *new = &r->fresh, swap;
	size_t head = 0, tail = 0;
	struct record_change *c;

	check_regions_take(new, engine_ops(r->e), type);
	while (head < old->nr && head < new->nr &&same_region(&old->v[head], &new->v[head]))
		head++;
	while (tail < old->nr - head &&
	       tail < new->nr - head &&same_region(&old->v[old->nr - tail - 1],
						   &new->v[new->nr - tail - 1]))
		tail++;
	if (head + tail != old->nr || head + tail != new->nr) {
		c = &ARRAY_APPEND(run->changes, run->nr_changes, run->room_changes);
		c->type = type;
		c->at = head;
		c->nr_gone = old->nr - head - tail;
		c->nr_come = new->nr - head - tail;
		c->first = run->pool.nr;
		add_rows(r, &run->pool, old->v + head, c->nr_gone);
		add_rows(r, &run->pool, new->v + head, c->nr_come);
	}
	swap = *old;
	*old = *new;
	*new = swap;
}

/* Looks at the arrays after the latest call. */
static void look(struct recorder *r)
{
	struct record *run = r->run;
	struct record_call *call = &run->calls[run->nr_calls - 1];

	for (enum rt_type type = RT_MEMORY; type < RT_NR_TYPES && !r->over; type++) {
		note_change(r, type);
		if (r->taken[type].there)
			call->max[type] = r->taken[type].state.max;
	}
	call->nr_changes = run->nr_changes - call->first_change;
}

static char *format_args(const struct recorder *r, const struct rt_call *call, const uint64_t *args)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	for (int i = 0; i < call->nr_args; i++) {
		if (i)
			fputc(' ', out);
		if (call->args[i].kind == RT_OUT)
			fputc('?', out);
		else if (call->args[i].kind == RT_STRING)
			fprintf(out, "\"%s\"", args[i] ? (const char *)(uintptr_t)args[i] : "");
		else
			call_format_value(r->e, call->args[i].kind, args[i], out);
	}
	if (fclose(out))
		array_die();
	return text;
}

static char *format_result(const struct recorder *r, const struct rt_call *call,
			   const uint64_t *args, uint64_t result)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	call_format_value(r->e, call->result, result, out);
	for (int i = 0; i < call->nr_args; i++) {
		if (call->args[i].kind != RT_OUT || !args[i])
			continue;
		fputc(' ', out);
		call_format_value(r->e, RT_NUMBER, *(const uint64_t *)(uintptr_t)args[i], out);
	}
	if (fclose(out))
		array_die();
	return text;
}

/* As numbers. How a kernel says "no node" has changed. */
static void keep_args(const struct recorder *r, const struct rt_call *call, const uint64_t *args,
		      struct record_call *c)
{
	for (int i = 0; i < call->nr_args && i < RT_MAX_ARGS; i++) {
		bool no_node =
			call->args[i].kind == RT_NID &&
			((int64_t)args[i] < 0 || (int64_t)args[i] >= engine_ops(r->e)->nr_node_ids);

		c->arg[i] = no_node ? UINT64_MAX : args[i];
	}
}

static const char *arg_names(struct recorder *r, const struct rt_call *call)
{
	char text[512] = "";
	size_t n = 0;

	for (int i = 0; i < call->nr_args && n < sizeof(text); i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%s", i ? " " : "", call->args[i].name);
	return record_word(r->run, text);
}

static void on_called(void *data, const struct rt_call *call, const uint64_t *args,
		      const char *caller)
{
	struct recorder *r = data;
	struct record *run = r->run;
	struct record_call *c;

	/* the one before ended early, and what it left is its doing */
	if (r->within)
		look(r);
	c = &ARRAY_APPEND(run->calls, run->nr_calls, run->room_calls);
	c->name = record_word(run, call->name);
	c->caller = caller ? record_word(run, caller) : NULL;
	if (r->boot && r->boot->nr_steps)
		c->step = record_word(run, r->boot->steps[r->boot->nr_steps - 1].function);
	c->arg_names = arg_names(r, call);
	c->line = r->line ? *r->line : 0;
	c->args = format_args(r, call, args);
	c->value_kind = call->result;
	keep_args(r, call, args, c);
	c->first_change = run->nr_changes;
	c->first_line = run->nr_lines;
	r->within = true;
}

/* A word of a command line that nobody knows is no call. */
static void forget_call(struct recorder *r)
{
	struct record *run = r->run;

	free(run->calls[--run->nr_calls].args);
	r->within = false;
}

static void on_returned(void *data, const struct rt_call *call, const uint64_t *args,
			uint64_t result)
{
	struct recorder *r = data;
	struct record_call *c = &r->run->calls[r->run->nr_calls - 1];

	if (call->result == RT_INT && result == ENGINE_NO_PARAM) {
		forget_call(r);
		return;
	}
	c->result = format_result(r, call, args, result);
	c->value = result;
	c->nr_lines = r->run->nr_lines - c->first_line;
	look(r);
	/* the page allocator may have the arrays' memory from now on */
	r->over |= !strcmp(call->name, "memblock_discard");
	r->within = false;
}

/* What at @p depends on the compiler or on where a file lies: how long it is; 0: nothing does. */
static size_t accidental(const char *p)
{
	static const char *const clones[] = { ".isra.", ".constprop.", ".part.", ".cold" };
	int n = 0;

	/* "+0x1f/0x80" behind a function */
	if (*p == '+' && sscanf(p, "+0x%*[0-9a-f]/0x%*[0-9a-f]%n", &n) == 0 && n)
		return n;
	for (size_t i = 0; *p == '.' && i < ARRAY_LEN(clones); i++) {
		size_t len = strlen(clones[i]);

		if (!strncmp(p, clones[i], len))
			return len + strspn(p + len, "0123456789");
	}
	return 0;
}

/* The same for "/a/b/memblock.c:123", where words begin. */
static size_t source_place(const char *p)
{
	const char *end = p + strcspn(p, " "), *c = strstr(p, ".c:");

	return c && c < end && c[3] >= '0' && c[3] <= '9'
		       ? (size_t)(c - p) + 3 + strspn(c + 3, "0123456789")
		       : 0;
}

char *record_line(const char *text)
{
	char *copy = array_strdup(text), *to = copy;

	for (const char *p = text; *p;) {
		size_t n = accidental(p);

		p += n;
		if (!n && (p == text || p[-1] == ' ') && (n = source_place(p))) {
			/* shorter than what it stands for: ".c:" and a digit, at least */
			*to++ = '*';
			*to++ = '.';
			*to++ = 'c';
			p += n;
		} else if (!n) {
			*to++ = *p++;
		}
	}
	*to = '\0';
	return copy;
}

char *record_exit(const struct engine_exit *exit)
{
	static const char *const words[] = {
		[ENGINE_RETURNED] = "",	      [ENGINE_PANICKED] = "panic",
		[ENGINE_BUGGED] = "bug",      [ENGINE_TRAPPED] = "trap",
		[ENGINE_FAULTED] = "fault",   [ENGINE_TIMED_OUT] = "timeout",
		[ENGINE_STOPPED] = "stopped",
	};
	char *text, *line;

	if (exit->end == ENGINE_RETURNED)
		return array_strdup("");
	/* where time was up is chance */
	if (exit->end == ENGINE_TIMED_OUT)
		return array_strdup("timeout: it took too long");
	text = file_path("%s: %s", words[exit->end], exit->text);
	line = record_line(text);
	free(text);
	return line;
}

static void on_log(void *data, int level, const char *text)
{
	struct recorder *r = data;
	struct record *run = r->run;

	(void)level;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(run->lines, run->nr_lines, run->room_lines) = record_line(text);
}

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct recorder *r = data;

	(void)c;
	if ((event == RT_FREE_PAGES || event == RT_FREE_LATE) && b < MM_MAX_ORDERS) {
		rangeset_add(&r->handed_over, (struct range){ a, a + (1ULL << b) });
		r->blocks[b]++;
	} else if (event == RT_RESERVE_PAGES) {
		rangeset_add(&r->marked, (struct range){ a, b });
	}
}

static void on_ended(void *data, const struct engine_exit *exit)
{
	struct recorder *r = data;
	struct record_call *c = r->run->nr_calls ? &r->run->calls[r->run->nr_calls - 1] : NULL;

	/* also when that is looked at */
	if (!r->within || c->ended)
		return;
	c->ended = true;
	c->result = record_exit(exit);
	c->nr_lines = r->run->nr_lines - c->first_line;
}

static void look_again(void *data)
{
	look(data);
}

/* Of what ended early nobody has looked at what it left. */
static void settle(struct recorder *r)
{
	struct engine_exit ignored;

	if (r->within)
		engine_run(r->e, look_again, r, 1000, &ignored);
	r->within = false;
}

static void on_reset(void *data)
{
	struct recorder *r = data;

	settle(r);
	r->over = false;
	rangeset_clear(&r->handed_over);
	rangeset_clear(&r->marked);
	memset(r->blocks, 0, sizeof(r->blocks));
}

void record_begin(struct recorder *r, struct engine *e, struct record *run)
{
	const struct engine_tracer tracer = {
		.data = r,
		.called = on_called,
		.returned = on_returned,
		.log = on_log,
		.event = on_event,
		.ended = on_ended,
		.reset = on_reset,
	};

	r->e = e;
	r->run = run;
	record_engine(run, e);
	engine_trace(e, &tracer);
}

static void free_calls(const struct record *run)
{
	for (size_t i = 0; i < run->nr_calls; i++) {
		free(run->calls[i].args);
		free(run->calls[i].result);
	}
}

void record_forget(struct recorder *r)
{
	struct record *run = r->run;

	free_calls(run);
	for (size_t i = 0; i < run->nr_lines; i++)
		free(run->lines[i]);
	run->nr_calls = run->nr_changes = run->nr_lines = run->pool.nr = 0;
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
		check_regions_release(&r->taken[type]);
}

void record_end(struct recorder *r)
{
	settle(r);
	engine_trace(r->e, NULL);
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		add_rows(r, &r->run->end[type], r->taken[type].v, r->taken[type].nr);
		check_regions_release(&r->taken[type]);
	}
	check_regions_release(&r->fresh);
	rangeset_release(&r->handed_over);
	rangeset_release(&r->marked);
	free(r->flags);
}

static void free_texts(char **v, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(v[i]);
	free(v);
}

void record_release(struct record *run)
{
	free_calls(run);
	for (size_t i = 0; i < run->nr_facts; i++) {
		free(run->facts[i].what);
		free(run->facts[i].value);
	}
	for (size_t i = 0; i < run->nr_tests; i++) {
		free(run->tests[i].name);
		free(run->tests[i].reason);
	}
	for (size_t i = 0; i < run->nr_refusals; i++)
		free(run->refusals[i].text);
	for (size_t i = 0; i < RT_NR_TYPES; i++)
		free(run->end[i].v);
	free_texts(run->lines, run->nr_lines);
	free_texts(run->output, run->nr_output);
	free_texts(run->words, run->nr_words);
	free(run->calls);
	free(run->changes);
	free(run->pool.v);
	free(run->facts);
	free(run->tests);
	free(run->refusals);
	free(run->kernel);
	free(run->version);
	free(run->config);
	free(run->memblock);
	free(run->memblock_hash);
	free(run->exit);
	*run = (struct record){ 0 };
}
