// SPDX-License-Identifier: GPL-2.0-or-later
/* An address space drawn in text. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/picture.h"

/* Rows that the parts of all nodes are to have, unless there are many nodes. */
#define ROWS 10

/* How a class looks where it has no letter: in ASCII, in UTF-8, and its colour (SGR). */
static const struct look {
	const char *ascii, *utf8, *colour;
} looks[PICTURE_CLASSES] = {
	[PICTURE_HOLE] = { ".", "·", "2" },	 [PICTURE_FREE] = { "-", "░", "32" },
	[PICTURE_RESERVED] = { "#", "█", "33" }, [PICTURE_NOMAP] = { "=", "▚", "35" },
	[PICTURE_FIRMWARE] = { "%", "▓", "90" }, [PICTURE_ELSEWHERE] = { ":", "┄", "2" },
	[PICTURE_MIXED] = { "+", "▒", "36" },
};

/* Colours of kinds that have a letter, one after the other. */
static const char *const colours[] = { "97;44",	 "30;43",  "30;46",  "97;45",  "97;41",	 "30;102",
				       "30;104", "30;103", "30;106", "30;105", "30;101", "30;47" };

struct canvas {
	const struct picture *p;
	const struct report_terminal *terminal;
	FILE *out;
	size_t key;   /* in whose colour it is drawn now; SIZE_MAX: in none */
	size_t label; /* columns of an address */
};

static const char *colour_of(const struct canvas *c, size_t key)
{
	if (!c->p->keys[key].letter)
		return looks[c->p->keys[key].class].colour;
	return colours[picture_letter_place(c->p, key) % ARRAY_LEN(colours)];
}

static void end_colour(struct canvas *c)
{
	if (c->terminal->colour && c->key != SIZE_MAX)
		fputs("\033[0m", c->out);
	c->key = SIZE_MAX;
}

static void draw_cell(struct canvas *c, size_t key)
{
	const struct picture_key *k = &c->p->keys[key];
	const struct look *look = &looks[k->class];

	if (c->terminal->colour && key != c->key) {
		end_colour(c);
		fprintf(c->out, "\033[%sm", colour_of(c, key));
		c->key = key;
	}
	if (k->letter)
		putc(k->letter, c->out);
	else
		fputs(c->terminal->utf8 ? look->utf8 : look->ascii, c->out);
}

/* All of it in one row, between its addresses. */
static void draw_line(struct canvas *c)
{
	char size[SIZE_TEXT_MAX], cell[SIZE_TEXT_MAX];
	size_t width, *keys;

	size_format(c->p->span.end, size);
	width = c->terminal->width - 6 - strlen(size);
	if (c->p->span.end < width)
		return;
	keys = array_resize(NULL, width, sizeof(*keys));
	picture_line(c->p, width, keys);
	fprintf(c->out, "\nTo scale, %s a cell:\n  0 ", size_format(c->p->span.end / width, cell));
	for (size_t i = 0; i < width; i++)
		draw_cell(c, keys[i]);
	end_colour(c);
	fprintf(c->out, " %s\n", size);
	free(keys);
}

static void draw_band(struct canvas *c, const struct picture_band *b, size_t width)
{
	char size[SIZE_TEXT_MAX];
	size_t nr;

	if (b->nid != LAYOUT_NO_NODE)
		fprintf(c->out, "  node %d, %s\n", b->nid, size_format(b->memory, size));
	for (size_t i = 0; i < b->nr; i += nr) {
		nr = picture_row(b, i, width);
		fprintf(c->out, "  %#*" PRIx64 " ", (int)c->label, b->v[i].range.start);
		for (size_t k = i; k < i + nr; k++)
			for (size_t n = 0; n < b->v[k].cells; n++)
				draw_cell(c, picture_cell_key(&b->v[k], n));
		end_colour(c);
		putc('\n', c->out);
	}
}

static void draw_bands(struct canvas *c, size_t width)
{
	const struct picture *p = c->p;
	char size[SIZE_TEXT_MAX];

	fprintf(c->out, "\nParts: a cell more is %u times the size", 1U << p->doublings);
	if (p->folded)
		fprintf(c->out, ",\nneighbours of less than %s are one",
			size_format(p->folded, size));
	putc('\n', c->out);
	for (size_t i = 0; i < p->nr_bands; i++)
		draw_band(c, &p->bands[i], width);
}

/* An entry of the legend as text: name and bytes. What is not printable ASCII is '?'. */
static char *entry_of(const struct picture_key *k, size_t most)
{
	char size[SIZE_TEXT_MAX];
	char *text = k->bytes ? array_format("%s %s", k->name, size_format(k->bytes, size))
			      : array_strdup(k->name);

	for (char *s = text; *s; s++)
		*s = *s < ' ' || *s > '~' ? '?' : *s;
	if (strlen(text) > most)
		text[most] = '\0';
	return text;
}

static void draw_entry(struct canvas *c, size_t key, size_t *used)
{
	const size_t indent = 2, gap = 3;
	char *text = entry_of(&c->p->keys[key], c->terminal->width - indent - 2);
	size_t len = strlen(text) + 2;

	if (*used && *used + gap + len > c->terminal->width) {
		putc('\n', c->out);
		*used = 0;
	}
	fprintf(c->out, "%*s", (int)(*used ? gap : indent), "");
	*used += len + (*used ? gap : indent);
	draw_cell(c, key);
	end_colour(c);
	fprintf(c->out, " %s", text);
	free(text);
}

/* Largest first, but what is no memory at the end. */
static void draw_legend(struct canvas *c)
{
	static const enum picture_class order[] = { PICTURE_FREE,      PICTURE_RESERVED,
						    PICTURE_NOMAP,     PICTURE_FIRMWARE,
						    PICTURE_ELSEWHERE, PICTURE_MIXED,
						    PICTURE_HOLE };
	bool *left = picture_used_keys(c->p);
	size_t used = 0;

	putc('\n', c->out);
	for (size_t i = 0; i < ARRAY_LEN(order);) {
		size_t best = SIZE_MAX;

		for (size_t k = 0; k < c->p->nr_keys; k++)
			if (left[k] && c->p->keys[k].class == order[i] &&
			    (best == SIZE_MAX || c->p->keys[k].bytes > c->p->keys[best].bytes))
				best = k;
		if (best == SIZE_MAX) {
			i++;
			continue;
		}
		left[best] = false;
		draw_entry(c, best, &used);
	}
	putc('\n', c->out);
	free(left);
}

void report_picture_text(struct picture *p, const struct report_terminal *terminal, FILE *out)
{
	struct canvas c = { .p = p, .terminal = terminal, .out = out, .key = SIZE_MAX };
	char address[32];
	size_t width;

	if (!p->nr_pieces)
		return;
	c.label = snprintf(address, sizeof(address), "%#" PRIx64, p->span.end);
	width = terminal->width - c.label - 3;
	picture_fit(p, width, ROWS);
	draw_line(&c);
	draw_bands(&c, width);
	draw_legend(&c);
}
