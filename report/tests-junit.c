// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results of tests as JUnit's XML, as those who gather results of builds read it: a testsuite for each
 * suite, with what was tested as its properties. A known bug is skipped, with the reason.
 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "report/internal.h"

struct state {
	xmlBufferPtr buffer;
	xmlTextWriterPtr w;
	const struct runner_test **tests; /* of the suite, until it is whole */
	size_t nr, room;
	unsigned int id;
	char host[256], time[32];
};

/* What XML cannot hold is shown as '?': most control characters, and what is not UTF-8. */
static char *clean(const char *text)
{
	char *copy = array_strdup(text);
	bool utf8 = xmlCheckUTF8(BAD_CAST copy);

	for (unsigned char *c = (unsigned char *)copy; *c; c++)
		if ((*c < 0x20 && *c != '\t' && *c != '\n') || *c == 0x7f || (!utf8 && *c > 0x7f))
			*c = '?';
	return copy;
}

static void attribute(const struct state *s, const char *name, const char *text)
{
	char *value = clean(text);

	xmlTextWriterWriteAttribute(s->w, BAD_CAST name, BAD_CAST value);
	free(value);
}

static void number(const struct state *s, const char *name, unsigned int n)
{
	xmlTextWriterWriteFormatAttribute(s->w, BAD_CAST name, "%u", n);
}

static void seconds(const struct state *s, double value)
{
	xmlTextWriterWriteFormatAttribute(s->w, BAD_CAST "time", "%.6f", value);
}

static void begin(struct report_tests *r)
{
	struct state *s = r->state = array_resize(NULL, 1, sizeof(*s));
	time_t now = time(NULL);

	*s = (struct state){ .buffer = xmlBufferCreate() };
	s->w = s->buffer ? xmlNewTextWriterMemory(s->buffer, 0) : NULL;
	if (!s->w)
		array_die();
	if (gethostname(s->host, sizeof(s->host) - 1) || !*s->host)
		snprintf(s->host, sizeof(s->host), "localhost");
	strftime(s->time, sizeof(s->time), "%Y-%m-%dT%H:%M:%S", gmtime(&now));
	xmlTextWriterSetIndent(s->w, 1);
	xmlTextWriterStartDocument(s->w, NULL, "UTF-8", NULL);
	xmlTextWriterStartElement(s->w, BAD_CAST "testsuites");
}

static void property(const struct state *s, const char *name, const char *value)
{
	xmlTextWriterStartElement(s->w, BAD_CAST "property");
	attribute(s, "name", name);
	attribute(s, "value", value);
	xmlTextWriterEndElement(s->w);
}

static void properties(const struct report_tests *r, const struct state *s)
{
	const struct engine_info *info = engine_info(r->cell->e);
	char *seed = r->options->shuffle ? file_path("%llu", (unsigned long long)r->options->seed)
					 : array_strdup("none, not shuffled");

	xmlTextWriterStartElement(s->w, BAD_CAST "properties");
	property(s, "kernel", info->version);
	property(s, "source", info->kernel);
	property(s, "memblock.c", info->memblock);
	property(s, "SHA-256", info->memblock_hash);
	property(s, "configuration", info->config);
	property(s, "seed", seed);
	if (r->cell->upstream)
		property(s, "tests", r->cell->upstream);
	xmlTextWriterEndElement(s->w);
	free(seed);
}

static void failure(const struct report_tests *r, const struct state *s,
		    const struct runner_test *t)
{
	char *details = NULL, *cleaned;
	size_t len;
	FILE *out = open_memstream(&details, &len);

	if (!out)
		array_die();
	report_tests_details(r, out, t, "", "");
	fclose(out);
	cleaned = clean(details);
	xmlTextWriterStartElement(s->w, BAD_CAST "failure");
	attribute(s, "type", *t->reason ? "ended" : "expectation");
	attribute(s, "message", *t->reason ? t->reason : "an expectation does not hold");
	xmlTextWriterWriteString(s->w, BAD_CAST cleaned);
	xmlTextWriterEndElement(s->w);
	free(details);
	free(cleaned);
}

static void testcase(const struct report_tests *r, const struct state *s, const char *class,
		     const struct runner_test *t)
{
	xmlTextWriterStartElement(s->w, BAD_CAST "testcase");
	attribute(s, "name", t->name);
	attribute(s, "classname", class);
	seconds(s, t->seconds);
	if (t->status == RUNNER_FAILED) {
		failure(r, s, t);
	} else if (t->status == RUNNER_SKIPPED || t->status == RUNNER_KNOWN) {
		char *message = file_path("%s%s", t->status == RUNNER_KNOWN ? "known bug: " : "",
					  t->reason);

		xmlTextWriterStartElement(s->w, BAD_CAST "skipped");
		attribute(s, "message", message);
		xmlTextWriterEndElement(s->w);
		free(message);
	}
	xmlTextWriterEndElement(s->w);
}

static void start_suite(const struct report_tests *r, struct state *s, const char *name)
{
	xmlTextWriterStartElement(s->w, BAD_CAST "testsuite");
	attribute(s, "name", name);
	attribute(s, "package", r->cell->name);
	number(s, "id", s->id++);
	attribute(s, "timestamp", s->time);
	attribute(s, "hostname", s->host);
}

static void end_suite(const struct state *s)
{
	xmlTextWriterWriteElement(s->w, BAD_CAST "system-out", BAD_CAST "");
	xmlTextWriterWriteElement(s->w, BAD_CAST "system-err", BAD_CAST "");
	xmlTextWriterEndElement(s->w);
}

static void one(struct report_tests *r, const struct runner_suite *suite,
		const struct runner_test *t, bool last)
{
	struct state *s = r->state;
	char *class;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	ARRAY_APPEND(s->tests, s->nr, s->room) = t;
	if (!last)
		return;
	class = r->nr_cells > 1 ? file_path("%s.%s", r->cell->name, suite->name)
				: array_strdup(suite->name);
	start_suite(r, s, class);
	number(s, "tests", (unsigned int)suite->nr);
	number(s, "failures", suite->counts[RUNNER_FAILED]);
	number(s, "errors", 0);
	number(s, "skipped", suite->counts[RUNNER_SKIPPED] + suite->counts[RUNNER_KNOWN]);
	seconds(s, suite->seconds);
	properties(r, s);
	for (size_t i = 0; i < s->nr; i++)
		testcase(r, s, class, s->tests[i]);
	end_suite(s);
	s->nr = 0;
	free(class);
}

/* What could not be built is a suite of one test, which is an error. */
static void cell_end(struct report_tests *r)
{
	struct state *s = r->state;

	if (!r->cell->error)
		return;
	start_suite(r, s, r->cell->name);
	number(s, "tests", 1);
	number(s, "failures", 0);
	number(s, "errors", 1);
	seconds(s, 0);
	xmlTextWriterWriteElement(s->w, BAD_CAST "properties", NULL);
	xmlTextWriterStartElement(s->w, BAD_CAST "testcase");
	attribute(s, "name", "build");
	attribute(s, "classname", r->cell->name);
	seconds(s, 0);
	xmlTextWriterStartElement(s->w, BAD_CAST "error");
	attribute(s, "type", "build");
	attribute(s, "message", r->cell->error);
	xmlTextWriterEndElement(s->w);
	xmlTextWriterEndElement(s->w);
	end_suite(s);
}

static void end(struct report_tests *r)
{
	struct state *s = r->state;

	xmlTextWriterEndDocument(s->w);
	xmlFreeTextWriter(s->w);
	fwrite(xmlBufferContent(s->buffer), 1, (size_t)xmlBufferLength(s->buffer), r->out);
	xmlBufferFree(s->buffer);
	free(s->tests);
	free(s);
}

const struct report_tests_form report_tests_junit = { begin, NULL, one, cell_end, end };
