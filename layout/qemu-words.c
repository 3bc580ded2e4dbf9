// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a command line of QEMU, and what is in an option's value. */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/internal.h"
#include "layout/qemu.h"
#include "lib/array.h"

struct word {
	char *text;
	unsigned int line;
};

struct reader {
	const char *p;
	unsigned int line;
	bool scheme; /* a line's end is a blank */
	struct error *err;
	struct layout *l;
};

bool qemu_is_program(const char *word, size_t len)
{
	for (size_t i = len; i; i--)
		if (word[i - 1] == '/') {
			word += i;
			len -= i;
			break;
		}
	return (len > 12 && !memcmp(word, "qemu-system-", 12)) ||
	       (len == 8 && !memcmp(word, "qemu-kvm", 8));
}

/* Steps over blanks, joined lines and comments; false: the command ends here. */
static bool skip_blanks(struct reader *r)
{
	for (;; r->p++) {
		if (r->p[0] == '\\' && (r->p[1] == '\n' || (r->p[1] == '\r' && r->p[2] == '\n'))) {
			r->p += r->p[1] == '\r' ? 2 : 1;
			r->line++;
		} else if (*r->p == '#') {
			r->p += strcspn(r->p, "\n") - 1;
		} else if (*r->p == '\n' && r->scheme) {
			r->line++;
		} else if (*r->p != ' ' && *r->p != '\t' && *r->p != '\r') {
			return *r->p && !strchr("\n;|&<>", *r->p);
		}
	}
}

/* One word, to which quoted parts belong; NULL: a quote that does not end. */
static char *read_word(struct reader *r)
{
	char *text = NULL, quote = '\0';
	size_t len, start = r->line;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		array_die();
	for (; *r->p && (quote || !strchr(" \t\r\n;|&<>", *r->p)); r->p++) {
		if (*r->p == '\n')
			r->line++;
		if (quote ? *r->p == quote : *r->p == '\'' || *r->p == '"') {
			quote = quote ? '\0' : *r->p;
		} else if (*r->p == '\\' && quote != '\'' && r->p[1] == '\n') {
			r->p++;
			r->line++;
		} else if (*r->p == '\\' && r->p[1] &&
			   (!quote || (quote == '"' && strchr("\"\\$`", r->p[1])))) {
			putc(*++r->p, out);
		} else {
			putc(*r->p, out);
		}
	}
	fclose(out);
	if (!quote)
		return text;
	free(text);
	error_set(r->err, EINVAL, "%s:%zu: a quote that begins here does not end", r->l->name,
		  start);
	return NULL;
}

/* Options that take no value; all others have one. */
static bool is_flag(const char *name)
{
	static const char *const flags[] = {
		"S",
		"s",
		"h",
		"help",
		"version",
		"nographic",
		"no-reboot",
		"no-shutdown",
		"enable-kvm",
		"no-kvm",
		"daemonize",
		"snapshot",
		"nodefaults",
		"no-user-config",
		"nodefconfig",
		"no-acpi",
		"no-hpet",
		"usb",
		"full-screen",
		"curses",
		"only-migratable",
		"singlestep",
		"preconfig",
		"no-quit",
		"portrait",
		"show-cursor",
		"alt-grab",
		"ctrl-grab",
		"win2k-hack",
		"old-param",
		"semihosting",
		"xen-attach",
		"xen-domid-restrict",
		"mem-prealloc",
		"no-fd-bootchk",
		"enable-sync-profile",
		"sdl",
		"no-frame",
		"enable-fips",
		"rtc-td-hack",
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (!strcmp(name, flags[i]))
			return true;
	return false;
}

/* The words of the first command that is QEMU's, or of all of it if options come first. */
static int read_words(struct reader *r, struct word **words, size_t *nr, bool *program)
{
	size_t room = 0;

	for (;;) {
		char *text;

		if (!skip_blanks(r)) {
			if (*program || (r->scheme && *nr) || !*r->p)
				return 0;
			if (*r->p++ == '\n')
				r->line++;
			while (*nr)
				free((*words)[--*nr].text);
			continue;
		}
		text = read_word(r);
		if (!text)
			return -EINVAL;
		if (!*program && qemu_is_program(text, strlen(text))) {
			*program = true;
			while (*nr)
				free((*words)[--*nr].text);
		}
		ARRAY_APPEND(*words, *nr, room) = (struct word){ text, r->line };
	}
}

static int gather_options(struct qemu_words *w, struct reader *r, struct word *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct qemu_option o = { .line = words[i].line };
		const char *name = words[i].text;

		if (name[0] != '-' || !name[1])
			continue; /* a disk */
		name += name[1] == '-' ? 2 : 1;
		o.name = array_strdup(name);
		if (!is_flag(name) && i + 1 == nr) {
			free(o.name);
			return error_set(r->err, EINVAL, "%s: -%s at the end lacks its value",
					 r->l->name, name);
		}
		o.value = array_strdup(is_flag(name) ? "" : words[++i].text);
		if (r->scheme)
			o.pos.file =
				layout_place(r->l, "-%s%s%s", name, *o.value ? " " : "", o.value);
		else
			o.pos = (struct srcpos){ r->l->name, o.line };
		ARRAY_APPEND(w->options, w->nr, w->room) = o;
	}
	return 0;
}

int qemu_words_read(struct qemu_words *w, struct layout *l, const char *text, bool scheme,
		    struct error *err)
{
	struct reader r = { .p = text, .line = 1, .scheme = scheme, .err = err, .l = l };
	struct word *words = NULL;
	size_t nr = 0;
	bool program = false;
	int ret = read_words(&r, &words, &nr, &program);

	*w = (struct qemu_words){ 0 };
	if (!ret && program)
		w->program = array_strdup(words[0].text);
	if (!ret)
		ret = gather_options(w, &r, program ? words + 1 : words, nr - program);
	for (size_t i = 0; i < nr; i++)
		free(words[i].text);
	free(words);
	return ret;
}

void qemu_words_release(struct qemu_words *w)
{
	for (size_t i = 0; i < w->nr; i++) {
		free(w->options[i].name);
		free(w->options[i].value);
	}
	free(w->options);
	free(w->program);
	*w = (struct qemu_words){ 0 };
}

static char *get_json(const struct qemu_option *o, const char *key, unsigned int index)
{
	json_t *object = json_loads(o->value, 0, NULL), *value = json_object_get(object, key);
	char text[40], *found = NULL;

	if (index)
		value = NULL;
	if (json_is_string(value)) {
		found = array_strdup(json_string_value(value));
	} else if (json_is_integer(value)) {
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		found = array_strdup(text);
	} else if (json_is_boolean(value)) {
		found = array_strdup(json_is_true(value) ? "on" : "off");
	}
	json_decref(object);
	return found;
}

/* A part of the value up to a comma; two of them are one that is meant. */
static char *next_part(const char **p)
{
	char *part = array_resize(NULL, strlen(*p) + 1, 1);
	size_t len = 0;

	while (**p && (**p != ',' || (*p)[1] == ',')) {
		*p += **p == ',';
		part[len++] = *(*p)++;
	}
	*p += **p == ',';
	part[len] = '\0';
	return part;
}

char *qemu_get_nth(const struct qemu_option *o, const char *implied, const char *key,
		   unsigned int index)
{
	const char *p = o->value;

	if (*p == '{')
		return get_json(o, key ? key : implied, index);
	for (bool first = true; *p; first = false) {
		char *part = next_part(&p), *equals = strchr(part, '='), *value = NULL;

		if (equals)
			*equals++ = '\0';
		if (first && !equals && (!key || (implied && !strcmp(implied, key))))
			value = part;
		else if (!strcmp(part, key ? key : implied) && equals)
			value = equals;
		if (value && !index--) {
			char *found = array_strdup(value);

			free(part);
			return found;
		}
		free(part);
	}
	return NULL;
}

char *qemu_get(const struct qemu_option *o, const char *implied, const char *key)
{
	return qemu_get_nth(o, implied, key, 0);
}

int qemu_size(const char *text, uint64_t unit, uint64_t *size)
{
	static const char suffixes[] = "BKMGTPE";
	const char *found;
	char *end;
	long double value;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		value = strtoull(text, &end, 16);
	else
		value = strtold(text, &end);
	if (*end) {
		found = strchr(suffixes, toupper((unsigned char)*end));
		if (!found || end[1])
			return -EINVAL;
		unit = 1ULL << 10 * (found - suffixes);
	}
	value *= unit;
	if (!(value < 9.0e18L))
		return -ERANGE;
	*size = value;
	return 0;
}
