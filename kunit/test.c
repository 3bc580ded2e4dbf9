// SPDX-License-Identifier: GPL-2.0-or-later
#include "kunit/test.h"

/*
 * Runs suites and writes KTAP. Compiled into programs and into engines: what it needs of a
 * C library it takes as compiler built-ins, which end up as vsnprintf(), strcmp() ....
 */

struct kunit_suite *kunit_suites;

void kunit_register(struct kunit_suite *suite)
{
	struct kunit_suite **last = &kunit_suites;

	while (*last)
		last = &(*last)->next;
	suite->next = 0;
	*last = suite;
}

void kunit_describe(char *desc, const char *name)
{
	__builtin_snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", name);
}

static void put(struct kunit_run *run, const char *text)
{
	run->write(run, text, __builtin_strlen(text));
}

static void __attribute__((format(printf, 2, 3))) putf(struct kunit_run *run, const char *fmt, ...)
{
	char text[2 * KUNIT_NAME_SIZE];
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	__builtin_vsnprintf(text, sizeof(text), fmt, ap);
	__builtin_va_end(ap);
	put(run, text);
}

/* Text of any length, in which every line after the first one becomes a comment too. */
static void put_text(struct kunit_run *run, const char *text)
{
	for (const char *end; (end = __builtin_strchr(text, '\n')); text = end + 1) {
		run->write(run, text, end - text);
		put(run, "\n#     ");
	}
	put(run, text);
}

static void put_message(struct kunit_run *run, const char *fmt, __builtin_va_list ap)
{
	char text[1024];

	__builtin_vsnprintf(text, sizeof(text), fmt, ap);
	/* The macros put a space before every message, the empty one too. */
	if (text[0] == ' ' && !text[1])
		return;
	put(run, "#    ");
	put_text(run, text);
	put(run, "\n");
}

static void put_site(struct kunit *test, const struct kunit_site *site)
{
	test->status = KUNIT_FAILURE;
	if (test->run->fails)
		test->run->fails(test->run);
	putf(test->run, "# %s: %s failed at %s:%d\n", test->name, site->kind, site->file,
	     site->line);
	if (!*site->left)
		return;
	put(test->run, "#     expected: ");
	put_text(test->run, site->left);
	putf(test->run, " %s%s", site->op, *site->right ? " " : "");
	put_text(test->run, site->right);
	put(test->run, "\n");
}

void kunit_fail(struct kunit *test, const struct kunit_site *site, const char *fmt, ...)
{
	__builtin_va_list ap;

	put_site(test, site);
	__builtin_va_start(ap, fmt);
	put_message(test->run, fmt, ap);
	__builtin_va_end(ap);
}

int kunit_compare(struct kunit_value left, struct kunit_value right)
{
	if (left.negative != right.negative)
		return left.negative ? -1 : 1;
	return left.bits == right.bits ? 0 : left.bits < right.bits ? -1 : 1;
}

/* A number or string as such says its value already. */
static _Bool is_literal(const char *text)
{
	return *text == '"' || *text == '-' || (*text >= '0' && *text <= '9') ||
	       !__builtin_strcmp(text, "NULL");
}

static void put_value(struct kunit_run *run, const char *name, struct kunit_value value)
{
	if (is_literal(name))
		return;
	put(run, "#     ");
	put_text(run, name);
	if (value.negative)
		putf(run, " is %lld\n", (long long)value.bits);
	else
		putf(run, " is %llu (0x%llx)\n", value.bits, value.bits);
}

void kunit_fail_int(struct kunit *test, const struct kunit_site *site, struct kunit_value left,
		    struct kunit_value right, const char *fmt, ...)
{
	__builtin_va_list ap;

	put_site(test, site);
	put_value(test->run, site->left, left);
	put_value(test->run, site->right, right);
	__builtin_va_start(ap, fmt);
	put_message(test->run, fmt, ap);
	__builtin_va_end(ap);
}

int kunit_compare_text(const char *left, const char *right)
{
	if (!left || !right)
		return !!left - !!right;
	return __builtin_strcmp(left, right);
}

static void put_string(struct kunit_run *run, const char *name, const char *text)
{
	if (is_literal(name) && !(text && __builtin_strchr(text, '\n')))
		return;
	put(run, "#     ");
	put_text(run, name);
	put(run, text ? " is \"" : " is NULL");
	if (text) {
		if (__builtin_strchr(text, '\n'))
			put(run, "\n#     ");
		put_text(run, text);
		put(run, "\"");
	}
	put(run, "\n");
}

static void put_difference(struct kunit_run *run, const char *left, const char *right)
{
	unsigned int line = 1;

	if (!left || !right || !__builtin_strchr(left, '\n'))
		return;
	for (; *left && *left == *right; left++, right++)
		line += *left == '\n';
	if (*left != *right)
		putf(run, "#     they differ from line %u on\n", line);
}

void kunit_fail_text(struct kunit *test, const struct kunit_site *site, const char *left,
		     const char *right, const char *fmt, ...)
{
	__builtin_va_list ap;

	put_site(test, site);
	put_string(test->run, site->left, left);
	put_string(test->run, site->right, right);
	put_difference(test->run, left, right);
	__builtin_va_start(ap, fmt);
	put_message(test->run, fmt, ap);
	__builtin_va_end(ap);
}

int kunit_compare_bytes(const void *left, const void *right, unsigned long size)
{
	if (!left || !right)
		return !!left - !!right;
	return __builtin_memcmp(left, right, size);
}

static void put_bytes(struct kunit_run *run, const char *name, const unsigned char *bytes,
		      unsigned long from, unsigned long end)
{
	put(run, "#     ");
	put_text(run, name);
	if (bytes)
		putf(run, " from byte %lu on:", from);
	else
		put(run, " is NULL");
	for (unsigned long i = from; bytes && i < end; i++)
		putf(run, " %02x", bytes[i]);
	put(run, "\n");
}

void kunit_fail_bytes(struct kunit *test, const struct kunit_site *site, const void *left,
		      const void *right, unsigned long size, const char *fmt, ...)
{
	const unsigned char *l = left, *r = right;
	unsigned long from = 0;
	__builtin_va_list ap;

	while (l && r && from < size && l[from] == r[from])
		from++;
	if (from == size)
		from = 0;
	if (size > from + 16)
		size = from + 16;
	put_site(test, site);
	put_bytes(test->run, site->left, l, from, size);
	put_bytes(test->run, site->right, r, from, size);
	__builtin_va_start(ap, fmt);
	put_message(test->run, fmt, ap);
	__builtin_va_end(ap);
}

void kunit_info(struct kunit *test, const char *fmt, ...)
{
	__builtin_va_list ap;
	char text[1024];

	__builtin_va_start(ap, fmt);
	__builtin_vsnprintf(text, sizeof(text), fmt, ap);
	__builtin_va_end(ap);
	putf(test->run, "# %s: ", test->name);
	put_text(test->run, text);
	put(test->run, "\n");
}

void kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
{
	__builtin_va_list ap;

	if (test->status == KUNIT_FAILURE)
		return;
	test->status = KUNIT_SKIPPED;
	__builtin_va_start(ap, fmt);
	__builtin_vsnprintf(test->skip_reason, sizeof(test->skip_reason), fmt, ap);
	__builtin_va_end(ap);
}

void kunit_leave(struct kunit *test)
{
	test->run->leave(test->run);
	__builtin_unreachable();
}

static void set_name(struct kunit *test, const struct kunit_suite *suite,
		     const struct kunit_case *kase, const char *desc)
{
	__builtin_snprintf(test->name, sizeof(test->name), "%s.%s%s%s", suite->name, kase->name,
			   *desc ? "/" : "", desc);
	/* What follows a # or the end of the line would be read as something else. */
	for (char *c = test->name; *c; c++)
		if (*c == '#' || *c == '\n')
			*c = '_';
}

_Bool kunit_step_next(struct kunit_step *step, unsigned int index)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = 0;

	if (step->kase->generate_params) {
		param = step->kase->generate_params(step->test.param_value, desc);
		if (!param)
			return 0;
		if (!*desc)
			__builtin_snprintf(desc, sizeof(desc), "%u", index);
	} else if (index) {
		return 0;
	}
	step->test.param_value = param;
	set_name(&step->test, step->suite, step->kase, desc);
	return 1;
}

void kunit_step_run(struct kunit *test)
{
	struct kunit_step *step = (struct kunit_step *)test;
	int ret = step->suite->init ? step->suite->init(test) : 0;

	if (ret) {
		test->status = KUNIT_FAILURE;
		putf(test->run, "# %s: init failed with %d\n", test->name, ret);
	}
	if (test->status == KUNIT_SUCCESS)
		step->kase->run_case(test);
}

static void run_exit(struct kunit *test)
{
	((struct kunit_step *)test)->suite->exit(test);
}

static void put_result(struct kunit *test)
{
	struct kunit_run *run = test->run;
	unsigned int number;

	run->passed += test->status == KUNIT_SUCCESS;
	run->failed += test->status == KUNIT_FAILURE;
	run->skipped += test->status == KUNIT_SKIPPED;
	number = run->passed + run->failed + run->skipped;
	putf(run, "%sok %u %s", test->status == KUNIT_FAILURE ? "not " : "", number, test->name);
	if (test->status == KUNIT_SKIPPED)
		putf(run, " # SKIP %s", test->skip_reason);
	put(run, "\n");
}

static _Bool is_wanted(struct kunit_run *run, const struct kunit *test)
{
	return !run->wanted || run->wanted(run, test->name);
}

/* Runs a case with all its parameters; @broken: its suite could not be set up. */
static void run_steps(struct kunit_run *run, struct kunit_step *step, int broken)
{
	for (unsigned int i = 0; kunit_step_next(step, i); i++) {
		struct kunit *test = &step->test;

		if (!is_wanted(run, test))
			continue;
		test->run = run;
		test->priv = 0;
		test->status = KUNIT_SUCCESS;
		if (broken) {
			test->status = KUNIT_FAILURE;
			putf(run, "# %s: suite_init failed with %d\n", test->name, broken);
		} else {
			run->call(run, kunit_step_run, test);
			if (step->suite->exit)
				run->call(run, run_exit, test);
		}
		put_result(test);
	}
}

static unsigned int count_suite(struct kunit_run *run, struct kunit_suite *suite)
{
	unsigned int count = 0;

	for (const struct kunit_case *kase = suite->test_cases; kase->run_case; kase++) {
		struct kunit_step step = { .suite = suite, .kase = kase };

		for (unsigned int i = 0; kunit_step_next(&step, i); i++)
			count += is_wanted(run, &step.test);
	}
	return count;
}

unsigned int kunit_count(struct kunit_run *run, struct kunit_suite *suites)
{
	unsigned int count = 0;

	for (struct kunit_suite *suite = suites; suite; suite = suite->next)
		count += count_suite(run, suite);
	return count;
}

static void run_suite(struct kunit_run *run, struct kunit_suite *suite)
{
	int broken = suite->suite_init ? suite->suite_init(suite) : 0;

	for (const struct kunit_case *kase = suite->test_cases; kase->run_case; kase++) {
		struct kunit_step step = { .suite = suite, .kase = kase };

		run_steps(run, &step, broken);
	}
	if (!broken && suite->suite_exit)
		suite->suite_exit(suite);
}

unsigned int kunit_run(struct kunit_run *run, struct kunit_suite *suites)
{
	putf(run, "KTAP version 1\n1..%u\n", kunit_count(run, suites));
	for (struct kunit_suite *suite = suites; suite; suite = suite->next)
		if (count_suite(run, suite))
			run_suite(run, suite);
	putf(run, "# Totals: pass:%u fail:%u skip:%u total:%u\n", run->passed, run->failed,
	     run->skipped, run->passed + run->failed + run->skipped);
	return run->failed;
}
