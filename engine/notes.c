// SPDX-License-Identifier: GPL-2.0-or-later
/* What was found out when an engine was made, beside it in the cache. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "engine/build.h"
#include "lib/array.h"
#include "lib/file.h"

int notes_write(const struct engine_info *info, const char *engine, const char *path,
		struct error *err)
{
	/* what a compiler says may be of any encoding; what is not UTF-8 is not kept */
	json_t *json = json_object();
	char *text;
	int ret;

	json_object_set_new(json, "size", json_integer(file_size(engine)));
	json_object_set_new(json, "version", json_string(info->version));
	json_object_set_new(json, "config", json_string(info->config));
	json_object_set_new(json, "compiler", json_string(info->compiler));
	json_object_set_new(json, "memblock", json_string(info->memblock));
	json_object_set_new(json, "inert", json_string(info->inert));
	json_object_set_new(json, "traps", json_string(info->traps));
	json_object_set_new(json, "automatic", json_string(info->automatic));
	json_object_set_new(json, "warnings", json_string(info->warnings));
	text = json_dumps(json, JSON_INDENT(2));
	ret = file_write(path, text, strlen(text), err);
	free(text);
	json_decref(json);
	return ret;
}

static char *take(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return array_strdup(text ? text : "");
}

int notes_read(struct engine_info *info, const char *path)
{
	json_t *json = json_load_file(path, 0, NULL);

	if (!json)
		return -ENOENT;
	/* an engine that was cut short must not be loaded: it would fault */
	if (file_size(info->path) != json_integer_value(json_object_get(json, "size"))) {
		json_decref(json);
		return -ENOENT;
	}
	free(info->inert);
	free(info->traps);
	free(info->automatic);
	free(info->warnings);
	info->inert = take(json, "inert");
	info->traps = take(json, "traps");
	info->automatic = take(json, "automatic");
	info->warnings = take(json, "warnings");
	json_decref(json);
	return 0;
}

/* "6.12.94 x86_64 gcc /usr/src/linux/mm/memblock.c", or NULL if there are no such notes. */
char *notes_summary(const char *path)
{
	json_t *json = json_load_file(path, 0, NULL);
	const char *version, *config, *compiler, *memblock;
	char *text = NULL;

	if (json && !json_unpack(json, "{s:s, s:s, s:s, s:s}", "version", &version, "config",
				 &config, "compiler", &compiler, "memblock", &memblock))
		text = file_path("%s %s %s %s", version, config, compiler, memblock);
	json_decref(json);
	return text;
}
