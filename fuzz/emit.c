// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings as people read them: what kind, in a sentence, and as a script for `mbsim run`. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "fuzz/internal.h"
#include "lib/array.h"

static const char *const list_names[] = { "", "memory", "reserved", "physmem" };

static const struct rt_call *last_call(const struct emitter *em)
{
	return op_call(em->table, &em->s->v[em->o->at]);
}

static const char *last_name(const struct emitter *em)
{
	const struct rt_call *call = last_call(em);

	return call ? call->name : "the set-up";
}

/* An unfinished text; its end is text_end(). */
static FILE *text_begin(char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);

	if (!out)
		array_die();
	return out;
}

char *emit_kind(const struct emitter *em)
{
	const struct outcome *o = em->o;
	char *text = NULL;
	size_t len = 0;
	FILE *out = text_begin(&text, &len);

	fprintf(out, "%s: %s", last_name(em), aspect_name(o->aspect));
	if (o->type != RT_TYPE_NONE)
		fprintf(out, " of %s", list_names[o->type]);
	fclose(out);
	return text;
}

static const char *end_word(enum engine_end end)
{
	static const char *const words[] = {
		[ENGINE_RETURNED] = "returns", [ENGINE_PANICKED] = "panic",
		[ENGINE_BUGGED] = "bug",       [ENGINE_TRAPPED] = "trap",
		[ENGINE_FAULTED] = "fault",    [ENGINE_TIMED_OUT] = "timeout",
		[ENGINE_STOPPED] = "stop",
	};

	return words[end];
}

static void print_end(FILE *out, const struct view *v)
{
	static const char *const words[] = {
		[ENGINE_RETURNED] = "returns",
		[ENGINE_PANICKED] = "panics",
		[ENGINE_BUGGED] = "runs into BUG()",
		[ENGINE_TRAPPED] = "uses what mbsim does not know",
		[ENGINE_FAULTED] = "faults",
		[ENGINE_TIMED_OUT] = "does not end",
		[ENGINE_STOPPED] = "is stopped",
	};

	fputs(words[v->end], out);
	if (*v->text)
		fprintf(out, " (%s)", v->text);
}

static void print_region(const struct emitter *em, FILE *out, const struct rt_region *r, bool all)
{
	fprintf(out, " %#llx-%#llx", r->base, r->base + r->size - 1);
	if (!all)
		return;
	fprintf(out, "@%d:", r->nid);
	call_format_flags(em->e, r->flags, out);
}

/* A list in the part that matters. */
static void print_list(const struct emitter *em, FILE *out, const struct view *v)
{
	const struct view_list *l = &v->lists[em->o->type];
	bool all = em->o->aspect == ASPECT_NODES || em->o->aspect == ASPECT_FLAGS;

	if (em->o->aspect == ASPECT_TOTAL) {
		fprintf(out, "the sum of %s is %#" PRIx64, list_names[em->o->type], l->total_size);
		return;
	}
	if (em->o->aspect == ASPECT_MAX) {
		fprintf(out, "%s has room for %" PRIu64 " regions", list_names[em->o->type],
			l->max);
		return;
	}
	fprintf(out, "%s is", list_names[em->o->type]);
	for (uint64_t i = 0; i < l->cnt && i < 8; i++)
		print_region(em, out, &l->v[i], all || em->o->aspect == ASPECT_REGIONS);
	if (l->cnt > 8)
		fprintf(out, " ... (%" PRIu64 " regions)", l->cnt);
	if (!l->cnt)
		fputs(" empty", out);
}

static void print_value(const struct emitter *em, FILE *out, enum rt_kind kind, uint64_t value)
{
	if (kind == RT_VOID)
		fputs("void", out);
	else
		call_format_value(em->e, kind, value, out);
}

static void print_result(const struct emitter *em, FILE *out, const struct view *v)
{
	const struct rt_call *call = last_call(em);

	print_value(em, out, call->result, v->result);
	if (em->o->aspect != ASPECT_OUT)
		return;
	for (int i = 0; i < call->nr_args; i++) {
		if (call->args[i].kind != RT_OUT)
			continue;
		fprintf(out, ", %s ", call->args[i].name);
		print_value(em, out, RT_NUMBER, v->outs[i]);
	}
}

static void print_arg(const struct emitter *em, FILE *out, const struct op *op, int i, bool script)
{
	const struct rt_arg *arg = &op_call(em->table, op)->args[i];

	if (arg->kind == RT_STRING)
		fprintf(out, "\"%s\"", op_strings[op->args[i] % OP_NR_STRINGS]);
	else if (arg->kind == RT_OUT && (script ? !op->args[i] : true))
		fputs(script ? "?" : "...", out);
	else
		print_value(em, out, arg->kind == RT_OUT ? RT_NUMBER : arg->kind, op->args[i]);
}

/* The operation that the difference shows in, as one that is made once. */
static struct op single(const struct emitter *em)
{
	struct op op = em->s->v[em->o->at];

	if (op.kind == OP_CALL)
		op.args[0] += op.stride * em->o->round;
	op.repeat = 1;
	op.stride = 0;
	return op;
}

static void print_difference(const struct emitter *em, FILE *out)
{
	const struct outcome *o = em->o;
	const char *by = em->expected_by ? em->expected_by : "it should be";

	switch (o->aspect) {
	case ASPECT_END:
		print_end(out, &o->got);
		if (em->expected_by)
			fprintf(out, "; with %s it ", em->expected_by);
		else
			fputs("; it should be that it ", out);
		print_end(out, &o->expected);
		break;
	case ASPECT_RESULT:
	case ASPECT_OUT:
		fputs("returns ", out);
		print_result(em, out, &o->got);
		fprintf(out, "; %s%s ", by, em->expected_by ? ":" : "");
		print_result(em, out, &o->expected);
		break;
	case ASPECT_ZEROED:
		fputs("returns memory that is not zeroed", out);
		break;
	case ASPECT_CHECK:
	case ASPECT_HANDOVER:
	case ASPECT_MARKED:
	case ASPECT_DIED:
		fprintf(out, "%s: %s", aspect_name(o->aspect), o->text);
		break;
	default:
		fputs("afterwards ", out);
		print_list(em, out, &o->got);
		fprintf(out, "; %s: ", by);
		print_list(em, out, &o->expected);
	}
}

char *emit_sentence(const struct emitter *em)
{
	struct op op = single(em);
	const struct rt_call *call = op_call(em->table, &op);
	char *text = NULL;
	size_t len = 0;
	FILE *out = text_begin(&text, &len);

	fprintf(out, "%s(", last_name(em));
	for (int i = 0; call && i < call->nr_args; i++) {
		fputs(i ? ", " : "", out);
		print_arg(em, out, &op, i, false);
	}
	fputs(") ", out);
	print_difference(em, out);
	fclose(out);
	return text;
}

static void print_op(const struct emitter *em, FILE *out, const struct op *op)
{
	const struct rt_call *call = op_call(em->table, op);

	if (op->kind == OP_NODE) {
		fprintf(out, "node online %u", op->what);
		return;
	}
	if (op->kind == OP_SET) {
		fprintf(out, "set %s %" PRIu64, op_settings[op->what].script, op->args[0]);
		return;
	}
	if (op->repeat > 1)
		fprintf(out, "repeat %u ", op->repeat);
	fputs(call->name, out);
	for (int i = 0; i < call->nr_args; i++) {
		fputc(' ', out);
		print_arg(em, out, op, i, true);
		if (i || op->repeat < 2)
			continue;
		/* what goes down is written that way */
		if (op->stride >> 63)
			fprintf(out, "-$i*%#" PRIx64, -op->stride);
		else
			fprintf(out, "+$i*%#" PRIx64, op->stride);
	}
}

static void expect_list(const struct emitter *em, FILE *out)
{
	const struct view_list *l = &em->o->expected.lists[em->o->type];
	bool attributes = em->o->aspect == ASPECT_NODES || em->o->aspect == ASPECT_FLAGS;
	const char *name = list_names[em->o->type];

	if (em->o->aspect == ASPECT_TOTAL) {
		fprintf(out, "expect %s.total_size %#" PRIx64 "\n", name, l->total_size);
	} else if (em->o->aspect == ASPECT_MAX) {
		fprintf(out, "expect %s.max %" PRIu64 "\n", name, l->max);
	} else if (l->cnt > VIEW_REGIONS) {
		fprintf(out, "expect %s.cnt %" PRIu64 "\n", name, l->cnt);
	} else {
		fprintf(out, "expect %s", name);
		for (uint64_t i = 0; i < l->cnt; i++)
			print_region(em, out, &l->v[i], attributes);
		fputs(l->cnt ? "\n" : " none\n", out);
	}
}

static void expect_freed(const struct emitter *em, FILE *out)
{
	const struct outcome *o = em->o;

	if (o->nr_freed > ARRAY_LEN(o->freed)) {
		fputs("# more than can be written here\n", out);
		return;
	}
	fputs("expect freed", out);
	for (size_t i = 0; i < o->nr_freed; i++)
		fprintf(out, " %#" PRIx64 "-%#" PRIx64, o->freed[i].start, o->freed[i].end - 1);
	fputs(o->nr_freed ? "\n" : " none\n", out);
}

/* The last call, with what is expected of it. */
static void print_last(const struct emitter *em, FILE *out)
{
	const struct outcome *o = em->o;
	const struct rt_call *call = last_call(em);
	struct op op = em->s->v[o->at], one = single(em);
	bool whole =
		o->aspect != ASPECT_RESULT && o->aspect != ASPECT_OUT && o->aspect != ASPECT_END;

	if (op.repeat > 1 && !whole) {
		op.repeat = o->round;
		if (op.repeat) {
			print_op(em, out, &op);
			fputc('\n', out);
		}
		op = one;
	}
	print_op(em, out, &op);
	if (o->aspect == ASPECT_END && o->expected.end != ENGINE_RETURNED) {
		fprintf(out, " => %s", end_word(o->expected.end));
	} else if (o->aspect == ASPECT_RESULT || o->aspect == ASPECT_OUT) {
		fputs(" =>", out);
		if (call->result != RT_VOID) {
			fputc(' ', out);
			print_value(em, out, call->result, o->expected.result);
		}
		for (int i = 0; o->aspect == ASPECT_OUT && i < call->nr_args; i++)
			if (call->args[i].kind == RT_OUT)
				fprintf(out, " %#" PRIx64, o->expected.outs[i]);
	}
	fputc('\n', out);
	if (o->aspect >= ASPECT_ADDRESSES && o->aspect <= ASPECT_MAX)
		expect_list(em, out);
	else if (o->aspect == ASPECT_HANDOVER)
		expect_freed(em, out);
	else if (o->aspect == ASPECT_MARKED)
		fputs("# which pages are marked only the test can tell\n", out);
	else if (o->aspect == ASPECT_ZEROED)
		fprintf(out, "expect zeroed %#" PRIx64 "+%#" PRIx64 "\n", o->got.result,
			one.args[op_argument(call, "size")]);
}

char *emit_script(const struct emitter *em)
{
	const struct engine_info *info = engine_info(em->e);
	char *sentence = emit_sentence(em), *text = NULL;
	size_t len = 0;
	FILE *out = text_begin(&text, &len);

	fprintf(out,
		"# %s\n# mbsim fuzz: %s, configuration %s, seed %" PRIu64 ", sequence %" PRIu64
		"\n",
		sentence, info->version, info->config, em->seed, em->number);
	for (size_t i = 0; i < em->o->at; i++) {
		print_op(em, out, &em->s->v[i]);
		fputc('\n', out);
	}
	print_last(em, out);
	fclose(out);
	free(sentence);
	return text;
}
