// SPDX-License-Identifier: GPL-2.0-or-later
/* Where layouts come from: finds the reader for a file, a directory, or something made up. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "layout/internal.h"
#include "layout/layout.h"
#include "lib/array.h"
#include "lib/filemap.h"

/* The first that knows the text reads it: the pickiest come first. */
static const struct layout_reader *const readers[] = {
	&layout_native,	    &layout_srat,   &layout_slit,   &layout_dtb,   &layout_dts,
	&layout_dt_dir,	    &layout_log,    &layout_memmap, &layout_iomem, &layout_acpi,
	&layout_efi_memmap, &layout_lsmmap, &layout_qemu,
};

static const struct layout_scheme *const schemes[] = {
	&layout_scheme_generate,
	&layout_scheme_preset,
	&layout_live,
	&layout_qemu_scheme,
};

/* What is known here, for the message that something is not; the caller frees. */
static char *list_known(void)
{
	char *known = NULL;
	size_t len;
	FILE *list = open_memstream(&known, &len);

	if (!list)
		array_die();
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		fprintf(list, "%s%s", i ? ", " : "", readers[i]->title);
	fclose(list);
	return known;
}

static int refuse(const char *name, const char *what, struct error *err)
{
	char *known = list_known();

	error_set(err, EINVAL, "%s: %s: mbsim reads %s; what they are known by says --from=help",
		  name, what, known);
	free(known);
	return -EINVAL;
}

/* What is refused can be quoted in the error, and may be no text: it stays one line. */
static int refused(int ret, struct error *err)
{
	for (char *p = err ? err->text : NULL; ret && p && *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	return ret;
}

static int parse_text(struct layout *l, const struct layout_reader *reader, const char *text,
		      size_t len, struct error *err)
{
	for (size_t i = 0; !reader && i < ARRAY_LEN(readers); i++)
		if (readers[i]->sniff && readers[i]->sniff(text, len))
			reader = readers[i];
	if (!reader)
		return refuse(l->name, len ? "it is not known what this is" : "the file is empty",
			      err);
	if (!reader->read)
		return error_set(err, EINVAL, "%s: %s is a directory, and this is a file", l->name,
				 reader->title);
	return refused(reader->read(l, text, len, err), err);
}

static int read_text(struct layout *l, const char *path, const struct layout_reader *reader,
		     struct error *err)
{
	struct filemap map;
	int ret = filemap_open(&map, path, err);

	if (ret)
		return ret;
	ret = parse_text(l, reader, map.text, map.len, err);
	filemap_close(&map);
	return ret;
}

static int read_dir(struct layout *l, const char *path, const struct layout_reader *reader,
		    struct error *err)
{
	for (size_t i = 0; !reader && i < ARRAY_LEN(readers); i++)
		if (readers[i]->sniff_dir && readers[i]->sniff_dir(path))
			reader = readers[i];
	if (!reader)
		return refuse(path, "it is not known what this directory is", err);
	if (!reader->read_dir)
		return error_set(err, EINVAL, "%s: %s is a file, and this is a directory", path,
				 reader->title);
	return reader->read_dir(l, path, err);
}

static const struct layout_scheme *find_scheme(const char *source)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (schemes[i] && !strncmp(source, schemes[i]->prefix, strlen(schemes[i]->prefix)))
			return schemes[i];
	return NULL;
}

static const struct layout_reader *find_reader(const char *name, struct error *err)
{
	char names[500] = "";

	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		size_t len = strlen(names);

		if (!strcmp(readers[i]->name, name))
			return readers[i];
		snprintf(names + len, sizeof(names) - len, "%s%s", i ? ", " : "", readers[i]->name);
	}
	error_set(err, EINVAL, "--from: there is no format '%s'; there are %s", name, names);
	return NULL;
}

static bool is_preset(const char *name)
{
	char *path = layout_preset_path(name);

	free(path);
	return path;
}

/* One source, as it is; NULL and @err if it cannot be read. */
static struct layout *read_source(const char *source, const struct layout_reader *reader,
				  struct error *err)
{
	bool standard = !strcmp(source, "-");
	const struct layout_scheme *scheme = reader ? NULL : find_scheme(source);
	struct layout *l = layout_new(standard ? "<stdin>" : source);
	bool there, known;
	struct stat st;
	int ret;

	there = standard || !stat(source, &st);
	known = !there && !reader && is_preset(source);
	if (scheme)
		ret = refused(scheme->read(l, source + strlen(scheme->prefix), err), err);
	else if (known)
		ret = layout_scheme_preset.read(l, source, err);
	else if (!standard && there && S_ISDIR(st.st_mode))
		ret = read_dir(l, source, reader, err);
	else
		ret = read_text(l, source, reader, err);
	if (!ret)
		return l;
	layout_free(l);
	return NULL;
}

/* A table of nodes may be all there is: then their ranges are the memory. */
static int settle_ram(struct layout *l, struct error *err)
{
	layout_settle_distances(l);
	if (layout_has_ram(l))
		return 0;
	if (l->nr_distances && !l->nr_node_ranges)
		return error_set(
			err, EINVAL,
			"%s: it says how far nodes are from each other, and nothing of memory: "
			"give it with --add to a log or the SRAT of the machine",
			l->name);
	if (l->nr_ranges)
		return error_set(err, EINVAL, "%s: no memory at all: all that it knows is reserved",
				 l->name);
	for (size_t i = 0; i < l->nr_node_ranges; i++) {
		const struct layout_node_range *n = &l->node_ranges[i];

		if (n->nid != LAYOUT_NO_NODE)
			layout_add_range(l, (struct layout_range){ .range = n->range,
								   .type = LAYOUT_RAM,
								   .pos = n->pos });
	}
	if (!l->nr_ranges)
		return error_set(err, EINVAL, "%s: no memory at all in it", l->name);
	layout_note(l, 0,
		    "it says which node has which addresses, and not where RAM is: all of them "
		    "are taken for RAM");
	return 0;
}

struct layout *layout_open(const struct layout_sources *sources, struct error *err)
{
	const struct layout_reader *reader = NULL;
	struct layout *l, *more;

	if (sources->from) {
		reader = find_reader(sources->from, err);
		if (!reader)
			return NULL;
	}
	l = read_source(sources->source, reader, err);
	for (size_t i = 0; l && i < sources->nr_more; i++) {
		more = read_source(sources->more[i], NULL, err);
		if (more) {
			layout_merge(l, more);
		} else {
			layout_free(l);
			l = NULL;
		}
	}
	if (l && settle_ram(l, err)) {
		layout_free(l);
		l = NULL;
	}
	return l;
}

struct layout *layout_read(const char *source, struct error *err)
{
	return layout_open(&(struct layout_sources){ .source = source }, err);
}

struct layout *layout_parse_as(const char *name, const char *from, const char *text, size_t len,
			       struct error *err)
{
	const struct layout_reader *reader = from ? find_reader(from, err) : NULL;
	struct layout *l;

	if (from && !reader)
		return NULL;
	l = layout_new(name);
	if (!parse_text(l, reader, text, len, err) && !settle_ram(l, err))
		return l;
	layout_free(l);
	return NULL;
}

struct layout *layout_parse(const char *name, const char *text, size_t len, struct error *err)
{
	return layout_parse_as(name, NULL, text, len, err);
}

void layout_list_formats(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		fprintf(out, "%-10s %s (%s)\n", readers[i]->name, readers[i]->title,
			readers[i]->marks);
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (schemes[i])
			fprintf(out, "%s\n", schemes[i]->title);
}
