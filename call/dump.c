// SPDX-License-Identifier: GPL-2.0-or-later
/* dump: memblock's regions as they stand, and files of debugfs. */
#include <inttypes.h>
#include <string.h>

#include "call/script.h"

void script_print_region(const struct script *s, const struct rt_region *r)
{
	if (r->size)
		fprintf(s->out, "%#" PRIx64 "-%#" PRIx64, (uint64_t)r->base,
			(uint64_t)(r->base + r->size - 1));
	else
		fprintf(s->out, "%#" PRIx64 "+0", (uint64_t)r->base);
	if (engine_ops(s->e)->numa && r->nid >= 0 && r->nid < engine_ops(s->e)->nr_node_ids)
		fprintf(s->out, "@%d", r->nid);
	if (r->flags) {
		fputc(':', s->out);
		call_format_flags(s->e, r->flags, s->out);
	}
}

static void dump_type(struct script *s, int type)
{
	struct rt_type_state state;
	struct rt_region r;

	if (engine_ops(s->e)->type(type, &state))
		return;
	fprintf(s->out, "%s: cnt %llu, max %llu, total_size %#llx", state.name, state.cnt,
		state.max, state.total_size);
	if (state.regions_pa != RT_NULL)
		fprintf(s->out, ", array at %#llx", state.regions_pa);
	fputc('\n', s->out);
	for (uint64_t i = 0; i < state.cnt && i < state.max; i++) {
		engine_ops(s->e)->region(type, i, &r);
		fputs("  ", s->out);
		script_print_region(s, &r);
		fputc('\n', s->out);
	}
}

struct reading {
	struct script *s;
	const char *path, *text;
	bool names;
};

/* What memblock says of itself in debugfs; its initcall makes the files when first asked. */
static void read_debugfs(void *arg)
{
	struct reading *r = arg;
	const struct rt_engine *ops = engine_ops(r->s->e);

	if (!ops->debugfs_name(0))
		ops->initcalls();
	r->names = ops->debugfs_name(0);
	r->text = ops->debugfs(r->path);
}

static int dump_debugfs(struct script *s, size_t i)
{
	struct reading r = { .s = s, .path = s->tokens[i].text };

	if (!script_guarded(s, read_debugfs, &r)) {
		s->ended = true;
		return 0;
	}
	if (!r.text && !r.names)
		return script_error(s, i,
				    "this kernel makes no files in debugfs in this configuration "
				    "(CONFIG_ARCH_KEEP_MEMBLOCK, CONFIG_DEBUG_FS)");
	if (!r.text)
		return script_error(s, i, "no file '%s' in debugfs", r.path);
	fputs(r.text, s->out);
	return 0;
}

/* dump [memory|reserved|physmem|debugfs FILE...] */
int script_dump(struct script *s, size_t first)
{
	if (first == s->nr_tokens)
		for (int type = RT_MEMORY; type < RT_NR_TYPES; type++)
			dump_type(s, type);
	for (; first < s->nr_tokens; first++) {
		uint64_t type;
		int ret;

		if (!strcmp(s->tokens[first].text, "debugfs")) {
			if (++first == s->nr_tokens)
				return script_error(
					s, first - 1,
					"dump debugfs: which file? Such as memblock/memory");
			ret = dump_debugfs(s, first);
		} else {
			ret = script_value(s, first, RT_TYPE, &type);
			if (!ret)
				dump_type(s, type);
		}
		if (ret || s->ended)
			return ret;
	}
	return 0;
}
