/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PICTURE_INTERNAL_H
#define PICTURE_INTERNAL_H

#include "picture/picture.h"

/* A range of somebody's list. Lists are made sorted and disjoint: where two overlap, the one that begins later wins. */
struct picture_span {
	struct range range;
	enum picture_class class;
	int nid;
	const char *name;
};

struct picture_spans {
	struct picture_span *v;
	size_t nr, room;
};

/* span.c */
void picture_spans_add(struct picture_spans *s, struct range range, enum picture_class class,
		       int nid, const char *name);
void picture_spans_settle(struct picture_spans *s);
void picture_spans_release(struct picture_spans *s);

/* picture.c */
/* What free memory is called: "free", "RAM". */
void picture_begin(struct picture *p, const char *free_name);
/* In order of addresses; what is like the piece before it, and follows it at once, continues that. */
void picture_add(struct picture *p, struct range range, enum picture_class class, const char *name,
		 int nid);
/* When all pieces are there: letters, and bands. */
void picture_end(struct picture *p);

#endif
