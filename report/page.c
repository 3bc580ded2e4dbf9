// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page of HTML that is complete in itself: what report/web/ has, which is in this program, and between it
 * the data. No text of a log gets into the page but as a JSON string without a "<", in an element that is not run;
 * and the page's own policy lets nothing run but the script that is known by its hash.
 */
#include <jansson.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/internal.h"
#include "report/json.h"
#include "report/page.h"

/* made of report/web/ by the Makefile */
#define WEB(name) extern const char page_web_##name[], page_web_##name##_end[]
WEB(page_html);
WEB(page_css);
WEB(page_js);

/* JSON has this character in strings only. */
static int write_escaped(const char *text, size_t len, void *data)
{
	struct report_page *p = data;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '<')
			fputs("\\u003c", p->out);
		else
			putc(text[i], p->out);
	}
	return 0;
}

void page_key(struct report_page *p, const char *key)
{
	fprintf(p->out, "%s\n\"%s\":", p->begun ? "," : "", key);
	p->begun = true;
}

static void write_json(struct report_page *p, json_t *value)
{
	if (!value)
		array_die();
	json_dump_callback(value, write_escaped, p,
			   JSON_COMPACT | JSON_ENCODE_ANY | JSON_PRESERVE_ORDER);
	json_decref(value);
}

void page_value(struct report_page *p, const char *key, json_t *value)
{
	page_key(p, key);
	write_json(p, value);
}

void page_text(struct report_page *p, const char *text)
{
	write_json(p, report_json_text(text));
}

/* As a policy has it: SHA-256 in base 64. */
static void write_hash(FILE *out, const char *text, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t hash[SHA256_DIGEST_LENGTH + 1] = { 0 };
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, (const uint8_t *)text, len);
	SHA256Final(hash, &ctx);
	fputs("'sha256-", out);
	for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i += 3) {
		unsigned int bits = hash[i] << 16 | hash[i + 1] << 8;

		/* the last group has two bytes */
		if (i + 2 < SHA256_DIGEST_LENGTH)
			bits |= hash[i + 2];
		fprintf(out, "%c%c%c", digits[bits >> 18], digits[bits >> 12 & 63],
			digits[bits >> 6 & 63]);
		putc(i + 2 < SHA256_DIGEST_LENGTH ? digits[bits & 63] : '=', out);
	}
	putc('\'', out);
}

/* The template as far as the next @mark, which is left out; what is behind it. */
static const char *write_up_to(FILE *out, const char *from, const char *mark)
{
	const char *at = strstr(from, mark);

	if (!at)
		abort();
	fwrite(from, 1, at - from, out);
	return at + strlen(mark);
}

static const char *write_head(FILE *out, const char *title)
{
	const size_t css = page_web_page_css_end - page_web_page_css;
	const size_t js = page_web_page_js_end - page_web_page_js;
	const char *at;

	at = write_up_to(out, page_web_page_html, "@POLICY@");
	fputs("default-src 'none'; style-src ", out);
	write_hash(out, page_web_page_css, css);
	fputs("; script-src ", out);
	write_hash(out, page_web_page_js, js);
	at = write_up_to(out, at, "@TITLE@");
	report_markup_text(title, out);
	at = write_up_to(out, at, "@STYLE@");
	fwrite(page_web_page_css, 1, css, out);
	return at;
}

void page_begin(struct report_page *p, const char *title, FILE *out)
{
	const char *at;

	*p = (struct report_page){ .out = out };
	at = write_head(out, title);
	write_up_to(out, at, "@DATA@");
	putc('{', out);
}

void page_end(struct report_page *p)
{
	const char *at = strstr(page_web_page_html, "@DATA@") + strlen("@DATA@");

	fputs("\n}", p->out);
	at = write_up_to(p->out, at, "@SCRIPT@");
	fwrite(page_web_page_js, 1, page_web_page_js_end - page_web_page_js, p->out);
	fputs(at, p->out);
}
