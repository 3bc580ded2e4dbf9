// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts: reads lines, makes the calls, and keeps what is needed to look at the outcome. */
#include "call/script.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/size.h"

int script_error(struct script *s, size_t i, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_set(s->err, EINVAL, "%s:%u:%zu: %s", s->name, s->line,
			 i < s->nr_tokens ? s->tokens[i].column : 1, text);
}

int script_value(struct script *s, size_t i, enum rt_kind kind, uint64_t *value)
{
	struct error err = { 0 };
	size_t where = 0;

	if (kind == RT_STRING) {
		*value = (uintptr_t)s->tokens[i].text;
		return 0;
	}
	if (!call_parse_value(s->e, &s->names, kind, s->tokens[i].text, value, &where, &err))
		return 0;
	return error_set(s->err, EINVAL, "%s:%u:%zu: %s", s->name, s->line,
			 s->tokens[i].column + where, err.text);
}

void script_failed(struct script *s)
{
	s->result->failed++;
	fprintf(s->out, "%s:%u: ", s->name, s->line);
}

static void on_log(void *data, int level, const char *text)
{
	struct script *s = data;

	(void)level;
	fprintf(s->log_stream, "%s\n", text);
	if (s->options->trace)
		fprintf(s->out, "%s  | %s\n", s->line_open ? "\n" : "", text);
	s->line_open = false;
}

static void on_event(void *data, enum rt_event event, uint64_t a, uint64_t b, long c)
{
	struct script *s = data;
	int shift = engine_ops(s->e)->page_shift;

	if (s->options->extra && s->options->extra->event)
		s->options->extra->event(s->options->extra->data, event, a, b, c);
	if (event == RT_FREE_PAGES || event == RT_FREE_LATE)
		rangeset_add(&s->freed, (struct range){ a << shift, (a + (1ULL << b)) << shift });
	else if (event == RT_RESERVE_PAGES)
		s->reserved_pages += b - a;
}

static const char *const end_words[] = {
	[ENGINE_RETURNED] = "returned", [ENGINE_PANICKED] = "panic", [ENGINE_BUGGED] = "bug",
	[ENGINE_TRAPPED] = "trap",	[ENGINE_FAULTED] = "fault",  [ENGINE_TIMED_OUT] = "timeout",
	[ENGINE_STOPPED] = "stopped",
};

bool script_guarded(struct script *s, void (*fn)(void *arg), void *arg)
{
	struct engine_exit exit;

	s->end = engine_run(s->e, fn, arg, s->options->timeout_ms, &exit);
	if (s->end == ENGINE_RETURNED)
		return true;
	s->result->exit = exit;
	if (s->options->trace)
		fprintf(s->out, "%s  * %s: %s\n", s->line_open ? "\n" : "", end_words[s->end],
			exit.text);
	s->line_open = false;
	return false;
}

/* The last lines of the kernel's log, for who has not seen it go by. */
static void print_log_tail(struct script *s, int lines)
{
	const char *p;

	fflush(s->log_stream);
	p = s->log + s->log_len;
	while (p > s->log && lines >= 0)
		if (*--p == '\n' && lines-- == 0)
			p++;
	if (*p)
		fprintf(s->out, "  the kernel's log ends:\n");
	while (*p) {
		int n = strcspn(p, "\n");

		fprintf(s->out, "  | %.*s\n", n, p);
		p += n + (p[n] == '\n');
	}
}

void script_print_end(struct script *s)
{
	const struct engine_exit *x = &s->result->exit;

	fprintf(s->out, "%s:%u: %s: %s\n", s->name, s->line, end_words[x->end], x->text);
	if (!s->options->trace)
		print_log_tail(s, 10);
}

/* Calls */

struct made {
	struct script *s;
	const struct rt_call *call;
	uint64_t args[RT_MAX_ARGS];
	uint64_t outs[RT_MAX_ARGS]; /* what RT_OUT arguments point to */
	uint64_t result;
	size_t expected; /* token where what is expected begins */
	enum engine_end expected_end;
};

static void make_call(void *arg)
{
	struct made *m = arg;

	m->result = engine_call(m->s->e, m->call, m->args, NULL);
}

static void print_call(const struct made *m)
{
	FILE *out = m->s->out;

	fputs(m->call->name, out);
	for (int i = 0; i < m->call->nr_args; i++) {
		fputc(' ', out);
		if (m->call->args[i].kind == RT_OUT)
			fputc('?', out);
		else if (m->call->args[i].kind == RT_STRING)
			fprintf(out, "\"%s\"", (const char *)(uintptr_t)m->args[i]);
		else
			call_format_value(m->s->e, m->call->args[i].kind, m->args[i], out);
	}
}

static void print_result(const struct made *m)
{
	FILE *out = m->s->out;

	fputc(' ', out);
	if (m->call->result == RT_VOID)
		fputs("void", out);
	else
		call_format_value(m->s->e, m->call->result, m->result, out);
	for (int i = 0; i < m->call->nr_args; i++) {
		if (m->call->args[i].kind != RT_OUT)
			continue;
		fputc(' ', out);
		call_format_value(m->s->e, RT_NUMBER, m->outs[i], out);
	}
}

/* Memory that is added is RAM, unless the script says what RAM there is. */
static void add_ram(struct made *m)
{
	uint64_t base = 0, size = 0;

	if (m->s->explicit_ram || (strncmp(m->call->name, "memblock_add", 12) &&
				   strcmp(m->call->name, "memblock_physmem_add")))
		return;
	for (int i = 0; i < m->call->nr_args; i++) {
		if (!strcmp(m->call->args[i].name, "base"))
			base = m->args[i];
		else if (!strcmp(m->call->args[i].name, "size"))
			size = m->args[i];
	}
	if (base + size < base)
		size = -base;
	engine_add_ram(m->s->e, (struct range){ base, base + size });
}

static bool same(enum rt_kind kind, uint64_t a, uint64_t b)
{
	return kind == RT_BOOL			  ? !a == !b
	       : kind == RT_INT || kind == RT_NID ? (int)a == (int)b
						  : a == b;
}

/* What stands behind "=>": how the call ends, or its result and then the out arguments. */
static int check_result(struct made *m)
{
	struct script *s = m->s;
	size_t first = m->expected;
	uint64_t wanted, got[RT_MAX_ARGS + 1];
	enum rt_kind kinds[RT_MAX_ARGS + 1];
	size_t n = 0;
	bool holds = true;

	if (m->call->result != RT_VOID) {
		kinds[n] = m->call->result;
		got[n++] = m->result;
	}
	for (int i = 0; i < m->call->nr_args; i++) {
		if (m->call->args[i].kind == RT_OUT) {
			kinds[n] = RT_NUMBER;
			got[n++] = m->outs[i];
		}
	}
	if (s->nr_tokens - first > n)
		return script_error(s, first + n, "%s has no more than %zu results", m->call->name,
				    n);
	for (size_t i = 0; first + i < s->nr_tokens; i++) {
		int ret = script_value(s, first + i, kinds[i], &wanted);

		if (ret)
			return ret;
		holds &= same(kinds[i], wanted, got[i]);
	}
	s->result->expectations++;
	if (!holds) {
		script_failed(s);
		print_call(m);
		fputs(" => expected", s->out);
		for (size_t i = first; i < s->nr_tokens; i++)
			fprintf(s->out, " %s", s->tokens[i].text);
		fputs(", got", s->out);
		print_result(m);
		fputc('\n', s->out);
	}
	return 0;
}

/* "=> panic" and the like: how the call is expected to end. */
static enum engine_end find_end(const struct script *s, size_t i)
{
	for (size_t k = ENGINE_PANICKED; k < ARRAY_LEN(end_words); k++)
		if (!strcmp(s->tokens[i].text, end_words[k]))
			return k;
	return ENGINE_RETURNED;
}

static int parse_args(struct made *m, size_t first, size_t end)
{
	struct script *s = m->s;

	if (end - first != (size_t)m->call->nr_args)
		return script_error(s, first, "%s takes %d argument%s: %s", m->call->name,
				    m->call->nr_args, m->call->nr_args == 1 ? "" : "s",
				    m->call->prototype);
	for (int i = 0; i < m->call->nr_args; i++) {
		int ret = script_value(s, first + i, m->call->args[i].kind, &m->args[i]);

		if (ret)
			return ret;
		if (m->call->args[i].kind == RT_OUT) {
			m->outs[i] = m->args[i];
			m->args[i] = (uintptr_t)&m->outs[i];
		}
	}
	return 0;
}

/*
 * Finds the function and its arguments, from token @first; @m->expected is where what stands
 * behind "=>" begins, or the end of the line.
 */
static int parse_call(struct made *m, size_t first)
{
	struct script *s = m->s;
	size_t end;
	int ret;

	if (first >= s->nr_tokens)
		return script_error(s, first, "nothing to call behind '='");
	m->call = engine_find_call(s->e, s->tokens[first].text);
	if (!m->call || !m->call->run)
		return script_error(
			s, first, "%s: %s", s->tokens[first].text,
			m->call ? "this kernel has it, but not in this configuration, or of a "
				  "form that scripts cannot call"
				: "no statement, and no function of this kernel's memblock.h; "
				  "`mbsim kernel show` lists them");
	end = script_arrow(s, first);
	ret = parse_args(m, first + 1, end);
	if (ret)
		return ret;
	if (end + 1 == s->nr_tokens)
		return script_error(s, end, "nothing behind '=>'");
	m->expected = end < s->nr_tokens ? end + 1 : end;
	if (m->expected < s->nr_tokens)
		m->expected_end = find_end(s, m->expected);
	return 0;
}

/* A call that did not return: right if that was expected, else the end of the script. */
static void note_end(struct made *m)
{
	struct script *s = m->s;

	s->result->expectations += m->expected_end != ENGINE_RETURNED;
	s->ended = s->end != m->expected_end;
	if (!s->ended)
		s->result->exit.end = ENGINE_RETURNED;
}

/* A call that returned, but should not have. */
static void note_return(struct made *m)
{
	struct script *s = m->s;

	s->result->expectations++;
	script_failed(s);
	print_call(m);
	fprintf(s->out, " => expected %s, but it returned", end_words[m->expected_end]);
	print_result(m);
	fputc('\n', s->out);
}

int script_call(struct script *s, size_t first)
{
	struct made m = { .s = s };
	const char *into = NULL;
	int ret;

	if (first + 1 < s->nr_tokens && !strcmp(s->tokens[first + 1].text, "=")) {
		into = s->tokens[first].text;
		first += 2;
	}
	ret = parse_call(&m, first);
	if (ret)
		return ret;
	add_ram(&m);
	s->result->calls++;
	if (s->options->trace)
		print_call(&m);
	s->line_open = s->options->trace;
	if (!script_guarded(s, make_call, &m)) {
		note_end(&m);
		return 0;
	}
	if (s->options->trace) {
		fputs(s->line_open ? " =>" : "  =>", s->out);
		print_result(&m);
		fputc('\n', s->out);
	}
	s->line_open = false;
	if (s->options->extra && s->options->extra->called)
		s->options->extra->called(s, m.call, m.args, m.result, s->options->extra->data);
	if (into)
		call_names_set(&s->names, into, m.result);
	if (m.expected_end == ENGINE_RETURNED)
		return m.expected < s->nr_tokens ? check_result(&m) : 0;
	note_return(&m);
	return 0;
}

void script_reset(struct script *s)
{
	engine_reset(s->e);
	if (s->log_stream)
		fclose(s->log_stream);
	free(s->log);
	s->log = NULL;
	s->log_stream = open_memstream(&s->log, &s->log_len);
	rangeset_clear(&s->freed);
	s->reserved_pages = 0;
	s->explicit_ram = false;
	if (s->options->extra && s->options->extra->reset)
		s->options->extra->reset(s->options->extra->data);
}

/* Cuts a line into words; "name(a, b);" is the same as "name a b". Comments begin with '#'. */
static int cut_line(struct script *s, char *line)
{
	char *p = line;

	s->nr_tokens = 0;
	for (;;) {
		struct token *t = &s->tokens[s->nr_tokens];
		char *end;

		p += strspn(p, " \t\r,();");
		if (!*p || *p == '#')
			return 0;
		if (s->nr_tokens == SCRIPT_MAX_TOKENS)
			return script_error(s, 0, "more than %d words on a line",
					    SCRIPT_MAX_TOKENS);
		t->column = p - line + 1;
		t->quoted = *p == '"';
		t->text = p + t->quoted;
		end = t->quoted ? strchr(t->text, '"') : p + strcspn(p, " \t\r,();#");
		s->nr_tokens++;
		if (!end)
			return script_error(s, s->nr_tokens - 1, "the quotation does not end");
		p = end + (*end && *end != '#');
		if (*end == '#')
			*end = '\0', p = end;
		*end = '\0';
	}
}

int script_run(struct engine *e, const char *name, const char *text,
	       const struct script_options *options, struct script_result *result,
	       struct error *err)
{
	struct script s = { .e = e,
			    .options = options,
			    .result = result,
			    .err = err,
			    .out = options->out,
			    .name = name };
	struct engine_listener listener = { .data = &s, .log = on_log, .event = on_event };
	int ret = 0;

	*result = (struct script_result){ 0 };
	engine_listen(e, &listener);
	script_reset(&s);
	while (*text && !ret && !s.ended) {
		size_t n = strcspn(text, "\n");
		char *line = file_path("%.*s", (int)n, text);

		ARRAY_APPEND(s.texts, s.nr_texts, s.room_texts) = line;
		result->line = ++s.line;
		ret = cut_line(&s, line);
		if (!ret && s.nr_tokens)
			ret = script_statement(&s, 0);
		if (ret && options->misread && options->misread(options->data, s.line, err))
			ret = 0;
		text += n + (text[n] == '\n');
	}
	if (!ret && s.ended)
		script_print_end(&s);
	engine_listen(e, NULL);
	fclose(s.log_stream);
	free(s.log);
	rangeset_release(&s.freed);
	call_names_release(&s.names);
	for (size_t i = 0; i < s.nr_texts; i++)
		free(s.texts[i]);
	free(s.texts);
	return ret;
}
