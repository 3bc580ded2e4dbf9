// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Coverage as pages that are complete in themselves: no script, nothing from elsewhere. What a
 * colour says is said in words, too; one can get to all of it by links and headings.
 */
#include <inttypes.h>
#include <string.h>

#include "report/internal.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n<style>\n"
	":root { color-scheme: light dark; --fg: #1b1b1b; --bg: #fff; --dim: #5a5a5a; --line: #ccc;\n"
	"  --hit: #e6f4e6; --miss: #fbdedb; --part: #fff0c2; --cannot: #e8e8ee; --link: #0645ad; }\n"
	"@media (prefers-color-scheme: dark) { :root { --fg: #e4e4e4; --bg: #16181b; --dim: #a8a8a8;\n"
	"  --line: #444; --hit: #1b2f1e; --miss: #4f1f1c; --part: #443816; --cannot: #2c2d38;\n"
	"  --link: #8ab4f8; } }\n"
	"body { color: var(--fg); background: var(--bg); font: 16px/1.5 system-ui, sans-serif;\n"
	"  margin: 1rem auto; padding: 0 1rem; max-width: 80rem; }\n"
	"a { color: var(--link); }\n"
	"a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }\n"
	".skip { position: absolute; left: -99rem; } .skip:focus { position: static; }\n"
	"table { border-collapse: collapse; } caption { text-align: left; color: var(--dim); }\n"
	"th, td { padding: 0 .6rem; text-align: left; vertical-align: top; }\n"
	".sums th, .sums td, .list th, .list td { border-bottom: 1px solid var(--line); }\n"
	".n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }\n"
	"code, .source { font-family: ui-monospace, monospace; font-size: .875rem; }\n"
	".source { width: 100%; line-height: 1.35; } .source th { font-weight: normal; color: var(--dim); }\n"
	".source code { white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 8; font-size: inherit; }\n"
	".source tr:target { outline: 2px solid var(--link); }\n"
	".hit { background: var(--hit); } .miss { background: var(--miss); }\n"
	".part { background: var(--part); } .cannot { background: var(--cannot); }\n"
	".why { display: block; color: var(--dim); font-style: italic; }\n"
	"p, li, .path { overflow-wrap: anywhere; }\n"
	"@media (forced-colors: active) { .miss { border-left: 4px solid; } }\n"
	"</style>\n";

static void write_head(const char *title, FILE *out)
{
	fputs(head, out);
	fputs("<title>", out);
	report_markup_text(title, out);
	fputs("</title>\n</head>\n<body>\n", out);
}

static void write_sum(const char *what, const struct coverage_sum *sum, FILE *out)
{
	fprintf(out,
		"<tr><th scope=\"row\">%s</th><td class=\"n\">%zu</td><td class=\"n\">%zu</td>"
		"<td class=\"n\">",
		what, sum->reached, sum->all);
	report_coverage_percent(sum->reached, sum->all, out);
	fprintf(out, "</td><td class=\"n\">%zu</td><td class=\"n\">", sum->excused);
	report_coverage_percent(sum->reached, sum->all - sum->excused, out);
	fputs("</td></tr>\n", out);
}

static void write_sums(const struct coverage_file *file, FILE *out)
{
	fputs("<h2>Sums</h2>\n<table class=\"sums\">\n<thead><tr><th scope=\"col\">what</th>"
	      "<th scope=\"col\" class=\"n\">reached</th><th scope=\"col\" class=\"n\">of</th>"
	      "<th scope=\"col\" class=\"n\">share</th>"
	      "<th scope=\"col\" class=\"n\">cannot be reached</th>"
	      "<th scope=\"col\" class=\"n\">share of what can be</th></tr></thead>\n<tbody>\n",
	      out);
	write_sum("lines", &file->lines_sum, out);
	write_sum("branches", &file->branches_sum, out);
	write_sum("functions", &file->functions_sum, out);
	fputs("</tbody>\n</table>\n", out);
}

static void write_functions(const struct coverage_file *file, FILE *out)
{
	fprintf(out, "<h2>Functions never called: %zu</h2>\n<ul>\n",
		file->functions_sum.all - file->functions_sum.reached);
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		if (!f->count)
			fprintf(out, "<li><a href=\"#L%u\"><code>%s</code></a>%s</li>\n", f->line,
				f->name, f->excused ? ", which cannot be called" : "");
	}
	fputs("</ul>\n<details>\n<summary>All functions</summary>\n<table class=\"list\">\n<thead><tr>"
	      "<th scope=\"col\">function</th><th scope=\"col\" class=\"n\">line</th>"
	      "<th scope=\"col\" class=\"n\">calls</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < file->nr_functions; i++) {
		const struct coverage_function *f = &file->functions[i];

		fprintf(out,
			"<tr%s><th scope=\"row\"><a href=\"#L%u\"><code>%s</code></a></th>"
			"<td class=\"n\">%u</td><td class=\"n\">%" PRIu64 "</td></tr>\n",
			f->count ? "" : " class=\"miss\"", f->line, f->name, f->line, f->count);
	}
	fputs("</tbody>\n</table>\n</details>\n", out);
}

static void write_unreached(const struct coverage_file *file, FILE *out)
{
	fprintf(out, "<h2>Lines never reached: %zu</h2>\n<ul>\n",
		file->lines_sum.all - file->lines_sum.reached);
	for (size_t i = 1; i < file->nr_lines; i++) {
		const struct coverage_line *line = &file->lines[i];
		const struct coverage_function *f = coverage_function_at(file, i);
		size_t last;

		if (!line->code || line->count)
			continue;
		last = coverage_stretch_end(file, i);
		fprintf(out, "<li><a href=\"#L%zu\">%zu", i, i);
		if (last > i)
			fprintf(out, "\xe2\x80\x93%zu", last);
		fprintf(out, "</a> <code>%s</code>", f ? f->name : "");
		if (line->reason) {
			fputs(", cannot be: ", out);
			report_markup_text(line->reason, out);
		}
		fputs("</li>\n", out);
		i = last;
	}
	fputs("</ul>\n", out);
}

static size_t branches_missed(const struct coverage_line *line)
{
	size_t missed = 0;

	for (size_t k = 0; k < line->nr_branches; k++)
		missed += !line->branches[k];
	return missed;
}

static const char *line_class(const struct coverage_line *line, size_t missed)
{
	if (!line->code)
		return "";
	if (!line->count)
		return line->reason ? " class=\"cannot\"" : " class=\"miss\"";
	return missed && !line->branch_reason ? " class=\"part\"" : " class=\"hit\"";
}

static void write_line(const struct coverage_line *line, size_t number, FILE *out)
{
	size_t missed = line->count ? branches_missed(line) : 0;
	const char *why = line->count ? (missed ? line->branch_reason : NULL) : line->reason;

	fprintf(out, "<tr id=\"L%zu\"%s><th scope=\"row\" class=\"n\">%zu</th><td class=\"n\">",
		number, line_class(line, missed), number);
	if (line->code && line->count)
		fprintf(out, "%" PRIu64, line->count);
	else if (line->code)
		fputs(line->reason ? "cannot" : "never", out);
	fputs("</td><td class=\"n\">", out);
	if (missed)
		fprintf(out, "%zu of %zu not taken", missed, line->nr_branches);
	fputs("</td><td><code>", out);
	report_markup_text(line->text, out);
	fputs("</code>", out);
	if (why) {
		fputs("<span class=\"why\">", out);
		report_markup_text(why, out);
		fputs("</span>", out);
	}
	fputs("</td></tr>\n", out);
}

void report_coverage_page(const struct coverage_file *file, FILE *out)
{
	const char *base = strrchr(file->path, '/');

	base = base ? base + 1 : file->path;
	write_head("Coverage of memblock's tests", out);
	fputs("<a class=\"skip\" href=\"#source\">Skip to the source</a>\n<main>\n<h1>Coverage of ",
	      out);
	report_markup_text(base, out);
	fputs("</h1>\n<p class=\"path\">", out);
	report_markup_text(file->path, out);
	fputs("<br>SHA-256 ", out);
	report_markup_text(file->hash, out);
	fputs("<br>run as ", out);
	report_markup_text(file->engines, out);
	fputs("</p>\n", out);
	write_sums(file, out);
	write_functions(file, out);
	write_unreached(file, out);
	fputs("<h2 id=\"source\" tabindex=\"-1\">Source</h2>\n<table class=\"source\">\n"
	      "<caption>How often each line was run. Never: no test reaches it. Cannot: none can, and "
	      "why. Lines without a count are not code in these configurations.</caption>\n"
	      "<thead><tr><th scope=\"col\" class=\"n\">line</th>"
	      "<th scope=\"col\" class=\"n\">runs</th><th scope=\"col\" class=\"n\">branches</th>"
	      "<th scope=\"col\">source</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 1; i < file->nr_lines; i++)
		write_line(&file->lines[i], i, out);
	fputs("</tbody>\n</table>\n</main>\n</body>\n</html>\n", out);
}

static void write_share(const struct coverage_sum *sum, FILE *out)
{
	fprintf(out, "<td class=\"n\">%zu of %zu, ", sum->reached, sum->all);
	report_coverage_percent(sum->reached, sum->all, out);
	fputs("</td>", out);
}

void report_coverage_list(const struct coverage_report *report, char *const *pages, FILE *out)
{
	write_head("Coverage of memblock's tests", out);
	fputs("<main>\n<h1>Coverage of memblock's tests</h1>\n<table class=\"list\">\n<thead><tr>"
	      "<th scope=\"col\">file</th><th scope=\"col\">run as</th>"
	      "<th scope=\"col\" class=\"n\">lines</th><th scope=\"col\" class=\"n\">branches</th>"
	      "<th scope=\"col\" class=\"n\">functions</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < report->nr; i++) {
		const struct coverage_file *file = &report->files[i];

		fputs("<tr><th scope=\"row\" class=\"path\"><a href=\"", out);
		report_markup_text(pages[i], out);
		fputs("\">", out);
		report_markup_text(file->path, out);
		fputs("</a></th><td>", out);
		report_markup_text(file->engines, out);
		fputs("</td>", out);
		write_share(&file->lines_sum, out);
		write_share(&file->branches_sum, out);
		write_share(&file->functions_sum, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody>\n</table>\n</main>\n</body>\n</html>\n", out);
}
