// SPDX-License-Identifier: GPL-2.0-or-later
/* An address space as a figure for a document: SVG that is legible in print, also without colours. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "report/internal.h"
#include "report/picture.h"

/* All in units of SVG, at 96 an inch. */
enum {
	WIDTH = 960,
	MARGIN = 20,
	LABEL = 120, /* of a row's address */
	CELL = 10,
	CELLS = (WIDTH - 2 * MARGIN - LABEL) / CELL,
	ROW = 30,    /* from row to row */
	HEIGHT = 24, /* of what is drawn in it */
	LETTER = 6,  /* width of a small one, about */
	COLUMNS = 3, /* of the legend */
	ROWS = 14,   /* that the parts are to have, unless there are many nodes */
};

/* Light enough for black text; in grey they are told apart by their letters. */
static const char *const fills[PICTURE_CLASSES] = {
	[PICTURE_HOLE] = "url(#hole)",	[PICTURE_FREE] = "#eef6ee",
	[PICTURE_RESERVED] = "#c9c9b0", [PICTURE_NOMAP] = "url(#nomap)",
	[PICTURE_FIRMWARE] = "#dddddd", [PICTURE_ELSEWHERE] = "url(#elsewhere)",
	[PICTURE_MIXED] = "#b9b9b9",
};
static const char *const colours[] = { "#8dd3c7", "#ffffb3", "#bebada", "#fb8072",
				       "#80b1d3", "#fdb462", "#b3de69", "#fccde5",
				       "#d9d9d9", "#bc80bd", "#ccebc5", "#ffed6f" };

struct figure {
	const struct picture *p;
	FILE *out;
	unsigned int y; /* where the next thing begins */
};

static const char *fill_of(const struct picture *p, size_t key)
{
	if (!p->keys[key].letter)
		return fills[p->keys[key].class];
	return colours[picture_letter_place(p, key) % ARRAY_LEN(colours)];
}

static void put_rect(struct figure *f, unsigned int x, unsigned int width, size_t key)
{
	fprintf(f->out,
		"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" fill=\"%s\" stroke=\"#555\" "
		"stroke-width=\"0.5\"/>",
		x, f->y, width, HEIGHT, fill_of(f->p, key));
}

static void put_label(struct figure *f, unsigned int x, int dy, const char *anchor,
		      unsigned int size, const char *text)
{
	fprintf(f->out, "<text x=\"%u\" y=\"%d\" text-anchor=\"%s\" font-size=\"%u\">", x,
		(int)f->y + dy, anchor, size);
	report_markup_text(text, f->out);
	fputs("</text>\n", f->out);
}

/* All of it in a row, with its addresses below. */
static void put_line(struct figure *f)
{
	enum {
		STEPS = 4,
		CELLS_OF_LINE = (WIDTH - 2 * MARGIN) / 4
	};
	size_t keys[CELLS_OF_LINE];
	char size[SIZE_TEXT_MAX];

	if (f->p->span.end < CELLS_OF_LINE)
		return;
	put_label(f, MARGIN, 10, "start", 11, "To scale");
	f->y += 16;
	picture_line(f->p, CELLS_OF_LINE, keys);
	for (size_t i = 0, n; i < CELLS_OF_LINE; i = n) {
		for (n = i + 1; n < CELLS_OF_LINE && keys[n] == keys[i];)
			n++;
		put_rect(f, MARGIN + (unsigned int)i * 4, (unsigned int)(n - i) * 4, keys[i]);
		putc('\n', f->out);
	}
	for (unsigned int i = 0; i <= STEPS; i++)
		put_label(f, MARGIN + i * (WIDTH - 2 * MARGIN) / STEPS, HEIGHT + 12,
			  i == 0       ? "start"
			  : i == STEPS ? "end"
				       : "middle",
			  10, size_format(f->p->span.end / STEPS * i, size));
	f->y += HEIGHT + 28;
}

static void put_part(struct figure *f, const struct picture_part *part, unsigned int x)
{
	const struct picture_key *k = &f->p->keys[part->key];
	unsigned int width = (unsigned int)part->cells * CELL;
	char size[SIZE_TEXT_MAX], letter[2] = { k->letter, '\0' };

	size_format(range_size(part->range), size);
	fprintf(f->out, "<g><title>%#" PRIx64 "-%#" PRIx64 " %s: ", part->range.start,
		part->range.end - 1, size);
	report_markup_text(k->name, f->out);
	fputs(part->other != part->key ? " and others</title>" : "</title>", f->out);
	if (part->other == part->key)
		put_rect(f, x, width, part->key);
	else
		for (size_t n = 0; n < part->cells; n++)
			put_rect(f, x + (unsigned int)n * CELL, CELL, picture_cell_key(part, n));
	if (part->other == part->key && strlen(k->name) * LETTER <= width) {
		put_label(f, x + width / 2, 10, "middle", 10, k->name);
		put_label(f, x + width / 2, 20, "middle", 9, size);
	} else if (k->letter) {
		put_label(f, x + (part->other == part->key ? width : CELL) / 2, 15, "middle", 10,
			  letter);
	}
	fputs("</g>\n", f->out);
}

static void put_bands(struct figure *f)
{
	char text[80], size[SIZE_TEXT_MAX];

	snprintf(text, sizeof(text), "By parts: a step wider is %u times the size",
		 1U << f->p->doublings);
	put_label(f, MARGIN, 10, "start", 11, text);
	f->y += 18;
	for (size_t i = 0; i < f->p->nr_bands; i++) {
		const struct picture_band *b = &f->p->bands[i];
		size_t nr;

		if (b->nid != LAYOUT_NO_NODE) {
			snprintf(text, sizeof(text), "Node %d, %s", b->nid,
				 size_format(b->memory, size));
			put_label(f, MARGIN, 10, "start", 11, text);
			f->y += 16;
		}
		for (size_t k = 0; k < b->nr; k += nr) {
			unsigned int x = MARGIN + LABEL;

			nr = picture_row(b, k, CELLS);
			snprintf(text, sizeof(text), "%#" PRIx64, b->v[k].range.start);
			put_label(f, x - 6, 15, "end", 10, text);
			for (size_t n = k; n < k + nr; n++) {
				put_part(f, &b->v[n], x);
				x += (unsigned int)b->v[n].cells * CELL;
			}
			f->y += ROW;
		}
	}
}

static void put_legend(struct figure *f)
{
	unsigned int top = f->y + 10, n = 0;
	bool *used = picture_used_keys(f->p);

	for (size_t k = 0; k < f->p->nr_keys; k++) {
		const struct picture_key *key = &f->p->keys[k];
		unsigned int x = MARGIN + n % COLUMNS * (WIDTH - 2 * MARGIN) / COLUMNS;
		char size[SIZE_TEXT_MAX], letter[2] = { key->letter, '\0' }, *text;

		if (!used[k])
			continue;
		f->y = top + n++ / COLUMNS * ROW;
		put_rect(f, x, 2 * CELL, k);
		put_label(f, x + CELL, 15, "middle", 10, letter);
		text = array_format("%s%s%s", key->name, key->bytes ? ", " : "",
				    key->bytes ? size_format(key->bytes, size) : "");
		put_label(f, x + 3 * CELL, 15, "start", 10, text);
		free(text);
	}
	free(used);
	f->y += ROW + 10;
	put_label(f, MARGIN, 10, "start", 9,
		  "Addresses in hexadecimal; K, M, G, T: powers of 1024 bytes.");
	f->y += 24;
}

static const char patterns[] =
	"<defs>\n"
	"<pattern id=\"hole\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<rect width=\"6\" height=\"6\" fill=\"#fff\"/><circle cx=\"3\" cy=\"3\" r=\"0.7\" fill=\"#888\"/></pattern>\n"
	"<pattern id=\"nomap\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<rect width=\"6\" height=\"6\" fill=\"#fff\"/><path d=\"M0 6L6 0M0 0L6 6\" stroke=\"#666\"/></pattern>\n"
	"<pattern id=\"elsewhere\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<rect width=\"6\" height=\"6\" fill=\"#fff\"/><path d=\"M0 6L6 0\" stroke=\"#999\"/></pattern>\n"
	"</defs>\n";

void report_picture_svg(struct picture *p, const char *title, FILE *out)
{
	struct figure f = { .p = p, .y = MARGIN };
	char size[SIZE_TEXT_MAX], *body = NULL;
	uint64_t memory = 0;
	size_t len;

	picture_fit(p, CELLS, ROWS);
	for (size_t i = 0; i < p->nr_bands; i++)
		memory += p->bands[i].memory;
	/* how high it is shows when it has been drawn */
	f.out = open_memstream(&body, &len);
	if (!f.out)
		array_die();
	put_label(&f, MARGIN, 14, "start", 15, title);
	f.y += 28;
	put_line(&f);
	put_bands(&f);
	put_legend(&f);
	if (fclose(f.out))
		array_die();
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" "
		"width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\" "
		"font-family=\"Helvetica, Arial, sans-serif\" fill=\"#000\">\n<title id=\"title\">",
		WIDTH, f.y, WIDTH, f.y);
	report_markup_text(title, out);
	fprintf(out,
		"</title>\n<desc id=\"desc\">%s of memory up to %#" PRIx64
		", in %zu parts.</desc>\n",
		size_format(memory, size), p->span.end, p->nr_pieces);
	fprintf(out, "%s<rect width=\"%d\" height=\"%u\" fill=\"#fff\"/>\n%s</svg>\n", patterns,
		WIDTH, f.y, body);
	free(body);
}
