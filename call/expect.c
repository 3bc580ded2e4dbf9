// SPDX-License-Identifier: GPL-2.0-or-later
/* expect: what must hold of memblock, the kernel's log, and what was handed over. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "call/script.h"
#include "lib/array.h"
#include "lib/file.h"

/* A region as a script writes it: START-LAST[@NID][:FLAGS]; what it does not say may be any. */
struct wanted {
	struct range range;
	bool has_nid, has_flags;
	int64_t nid;
	uint64_t flags;
};

static int parse_region(struct script *s, size_t i, struct wanted *w)
{
	char *text = array_strdup(s->tokens[i].text);
	char *colon = strchr(text, ':'), *at = strchr(text, '@');
	struct error err = { 0 };
	int ret = 0;

	*w = (struct wanted){ 0 };
	if (colon) {
		*colon = '\0';
		w->has_flags = true;
		ret = call_parse_value(s->e, &s->names, RT_FLAGS, colon + 1, &w->flags, NULL, &err);
	}
	if (at && !ret) {
		uint64_t nid;

		*at = '\0';
		w->has_nid = true;
		ret = call_parse_value(s->e, &s->names, RT_NID, at + 1, &nid, NULL, &err);
		w->nid = (int)nid;
	}
	if (ret)
		ret = script_error(s, i, "%s", err.text);
	else
		ret = script_range(s, i, text, &w->range);
	free(text);
	return ret;
}

static bool region_is(const struct rt_engine *ops, const struct rt_region *r,
		      const struct wanted *w)
{
	bool no_node = r->nid < 0 || r->nid >= ops->nr_node_ids;

	return r->base == w->range.start && r->base + r->size == w->range.end &&
	       (!w->has_flags || r->flags == w->flags) &&
	       (!w->has_nid || (w->nid < 0 ? no_node : r->nid == w->nid));
}

static void print_regions(struct script *s, int type, uint64_t cnt)
{
	struct rt_region r;

	for (uint64_t i = 0; i < cnt; i++) {
		engine_ops(s->e)->region(type, i, &r);
		fputc(' ', s->out);
		script_print_region(s, &r);
	}
	fputs(cnt ? "\n" : " none\n", s->out);
}

/* expect memory|reserved|physmem REGION... | none */
static int expect_regions(struct script *s, int type, size_t first)
{
	const struct rt_engine *ops = engine_ops(s->e);
	bool none = first + 1 == s->nr_tokens && !strcmp(s->tokens[first].text, "none");
	size_t n = none ? 0 : s->nr_tokens - first;
	struct rt_type_state state;
	struct rt_region r;
	struct wanted w;
	uint64_t cnt;
	bool holds;

	if (first == s->nr_tokens)
		return script_error(s, first, "expect which regions? Write them, or `none`");
	if (ops->type(type, &state))
		return script_error(s, first - 1, "this configuration has no such list");
	cnt = engine_count_regions(ops, type, &state);
	holds = n == cnt;
	for (size_t i = 0; i < n; i++) {
		int ret = parse_region(s, first + i, &w);

		if (ret)
			return ret;
		if (i >= cnt)
			continue;
		ops->region(type, i, &r);
		holds &= region_is(ops, &r, &w);
	}
	if (!holds) {
		script_failed(s);
		fprintf(s->out, "expected %s", state.name);
		for (size_t i = first; i < s->nr_tokens; i++)
			fprintf(s->out, " %s", s->tokens[i].text);
		fputs("\n  got", s->out);
		print_regions(s, type, cnt);
	}
	return 0;
}

/* expect memory.cnt N, .max, .total_size */
static int expect_member(struct script *s, int type, const char *member, size_t first)
{
	struct rt_type_state state;
	uint64_t wanted, got;
	int ret;

	if (engine_ops(s->e)->type(type, &state))
		return script_error(s, first - 1, "this configuration has no such list");
	if (!strcmp(member, "cnt"))
		got = engine_count_regions(engine_ops(s->e), type, &state);
	else if (!strcmp(member, "max"))
		got = state.max;
	else if (!strcmp(member, "total_size"))
		got = state.total_size;
	else if (!strcmp(member, "array"))
		got = state.regions_pa;
	else
		return script_error(s, first - 1,
				    "expect knows .cnt, .max, .total_size and .array");
	if (first + 1 != s->nr_tokens)
		return script_error(s, first, "expect %s.%s takes one value", state.name, member);
	ret = script_value(s, first, RT_NUMBER, &wanted);
	if (ret || wanted == got)
		return ret;
	script_failed(s);
	fprintf(s->out, "expected %s.%s %#" PRIx64 ", got %#" PRIx64 "\n", state.name, member,
		wanted, got);
	return 0;
}

static void print_set(struct script *s, const struct rangeset *set)
{
	for (size_t i = 0; i < set->nr; i++)
		fprintf(s->out, " %#" PRIx64 "-%#" PRIx64, set->v[i].start, set->v[i].end - 1);
	fputs(set->nr ? "\n" : " none\n", s->out);
}

static int expect_set(struct script *s, const char *what, const struct rangeset *set, size_t first)
{
	bool none = first + 1 == s->nr_tokens && !strcmp(s->tokens[first].text, "none");
	size_t n = none ? 0 : s->nr_tokens - first;
	bool holds = n == set->nr;

	for (size_t i = 0; i < n; i++) {
		struct range r;
		int ret = script_range(s, first + i, s->tokens[first + i].text, &r);

		if (ret)
			return ret;
		holds &= i < set->nr && set->v[i].start == r.start && set->v[i].end == r.end;
	}
	if (!holds) {
		script_failed(s);
		fprintf(s->out, "expected %s", what);
		for (size_t i = first; i < s->nr_tokens; i++)
			fprintf(s->out, " %s", s->tokens[i].text);
		fputs("\n  got", s->out);
		print_set(s, set);
	}
	return 0;
}

/* Memory that is not reserved, nor NOMAP: what can be allocated. */
static int expect_free(struct script *s, size_t first)
{
	const struct rt_engine *ops = engine_ops(s->e);
	struct rangeset free_set = { 0 };
	struct rt_type_state state;
	struct rt_region r;
	uint64_t nomap = 0;
	int ret;

	for (int i = 0; i < ops->nr_flags; i++)
		if (!strcmp(ops->flags[i].name, "nomap"))
			nomap = ops->flags[i].value;
	ops->type(RT_MEMORY, &state);
	for (uint64_t i = 0; i < state.cnt; i++) {
		ops->region(RT_MEMORY, i, &r);
		if (!(r.flags & nomap))
			rangeset_add(&free_set, (struct range){ r.base, r.base + r.size });
	}
	ops->type(RT_RESERVED, &state);
	for (uint64_t i = 0; i < state.cnt; i++) {
		ops->region(RT_RESERVED, i, &r);
		rangeset_remove(&free_set, (struct range){ r.base, r.base + r.size });
	}
	ret = expect_set(s, "free", &free_set, first);
	rangeset_release(&free_set);
	return ret;
}

/* expect log TEXT: a line of the kernel's log has it */
static int expect_log(struct script *s, size_t first)
{
	if (first + 1 != s->nr_tokens)
		return script_error(s, first, "expect log takes one \"text\"");
	fflush(s->log_stream);
	if (!strstr(s->log, s->tokens[first].text)) {
		script_failed(s);
		fprintf(s->out, "expected \"%s\" in the kernel's log, which is%s\n%s",
			s->tokens[first].text, *s->log ? ":" : " empty", s->log);
	}
	return 0;
}

struct zeroes {
	const unsigned char *bytes;
	uint64_t size, at; /* @at: the first that is something else */
};

static void find_nonzero(void *arg)
{
	struct zeroes *z = arg;

	while (z->at < z->size && !z->bytes[z->at])
		z->at++;
}

/* expect zeroed RANGE: every byte of it is 0 */
static int expect_zeroed(struct script *s, size_t first)
{
	struct zeroes z = { 0 };
	struct range range;
	int ret;

	if (first + 1 != s->nr_tokens)
		return script_error(s, first, "expect zeroed takes one range");
	ret = script_range(s, first, s->tokens[first].text, &range);
	if (ret)
		return ret;
	if (range.end > engine_max_address())
		return script_error(s, first, "RAM ends at %#" PRIx64 " at most",
				    engine_max_address() - 1);
	z.bytes = engine_memory(s->e, range.start);
	z.size = range_size(range);
	s->ended = !script_guarded(s, find_nonzero, &z);
	if (!s->ended && z.at < z.size) {
		script_failed(s);
		fprintf(s->out, "expected zeroes in %s, got %#x at %#" PRIx64 "\n",
			s->tokens[first].text, z.bytes[z.at], range.start + z.at);
	}
	return 0;
}

static int expect_variable(struct script *s, const char *name, size_t first)
{
	uint64_t wanted, got;
	int ret;

	if (!engine_get_variable(s->e, name, &got))
		return script_error(
			s, first - 1,
			"expect what? Not a list, free, freed, zeroed, log, nor a variable of this "
			"kernel: '%s'",
			name);
	if (first + 1 != s->nr_tokens)
		return script_error(s, first, "expect %s takes one value", name);
	ret = script_value(s, first, RT_NUMBER, &wanted);
	if (ret || wanted == got)
		return ret;
	script_failed(s);
	fprintf(s->out, "expected %s %#" PRIx64 ", got %#" PRIx64 "\n", name, wanted, got);
	return 0;
}

int script_expect(struct script *s, size_t first)
{
	static const char *const lists[] = {
		[RT_MEMORY] = "memory", [RT_RESERVED] = "reserved", [RT_PHYSMEM] = "physmem"
	};
	const char *what = first < s->nr_tokens ? s->tokens[first].text : NULL;

	if (!what)
		return script_error(s, first, "expect what?");
	s->result->expectations++;
	for (int type = RT_MEMORY; type < RT_NR_TYPES; type++) {
		size_t n = strlen(lists[type]);

		if (strncmp(what, lists[type], n))
			continue;
		if (!what[n])
			return expect_regions(s, type, first + 1);
		if (what[n] == '.')
			return expect_member(s, type, what + n + 1, first + 1);
	}
	if (!strcmp(what, "free"))
		return expect_free(s, first + 1);
	if (!strcmp(what, "freed"))
		return expect_set(s, what, &s->freed, first + 1);
	if (!strcmp(what, "zeroed"))
		return expect_zeroed(s, first + 1);
	if (!strcmp(what, "log"))
		return expect_log(s, first + 1);
	return expect_variable(s, what, first + 1);
}
