// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A log can be long, and little of it is about memory. A line matters only if somewhere in it
 * there are four characters in a row that a key has, too; which ones, is kept as bits in a
 * table of hashes. Whatever stands before a message costs no more than the message itself.
 */
#include <string.h>

#include "layout/internal.h"

#define WINDOW 4

/* Two places in the table for four characters: strange ones would need both to be taken. */
static unsigned int first_bit(uint32_t window)
{
	return window * 0x9e3779b1u >> (32 - LOG_FILTER_ORDER);
}

static unsigned int second_bit(uint32_t window)
{
	return window * 0x85ebca6bu >> (32 - LOG_FILTER_ORDER);
}

static bool has_bit(const struct log_filter *filter, unsigned int bit)
{
	return filter->bits[bit / 64] >> bit % 64 & 1;
}

static void set_bit(struct log_filter *filter, unsigned int bit)
{
	filter->bits[bit / 64] |= 1ULL << bit % 64;
}

/*
 * Of "BIOS-e820: ", "820:" is the best part: it is not in ordinary words. But "kernel:" is in
 * every line of a journal.
 */
void log_filter_add(struct log_filter *filter, const char *words)
{
	const char *colon = strchr(words, ':'), *kernel = strstr(words, "kernel:");
	uint32_t window = 0;

	if (colon && colon - words >= WINDOW - 1 && !kernel)
		words = colon - (WINDOW - 1);
	memcpy(&window, words, strnlen(words, WINDOW));
	set_bit(filter, first_bit(window));
	set_bit(filter, second_bit(window));
}

bool log_filter_passes(const struct log_filter *filter, const char *line, size_t len)
{
	uint32_t window;

	for (size_t i = 0; i + WINDOW <= len; i++) {
		memcpy(&window, line + i, WINDOW);
		if (has_bit(filter, first_bit(window)) && has_bit(filter, second_bit(window)))
			return true;
	}
	/* a text of two bytes a character, or whatever it is */
	return memchr(line, '\0', len);
}
