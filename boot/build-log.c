// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kernel's log tells of how the kernel was built. */
#include <stdlib.h>
#include <string.h>

#include "boot/build.h"
#include "layout/message.h"
#include "lib/array.h"
#include "lib/scan.h"

struct build_reader {
	struct boot_build *build;
	unsigned int line;
	bool slub_seen;	 /* the page allocator is in use */
	bool init_freed; /* the log goes on to the end of the boot */
};

static void tell(struct build_reader *r, enum boot_fact fact, uint64_t value, const char *where)
{
	boot_build_set(
		r->build, fact,
		(struct boot_known){
			.value = value, .source = BOOT_FROM_LOG, .where = where, .line = r->line });
}

/* "percpu: Embedded 66 pages/cpu s233472 r8192 d28672 u1048576", with "@ffff..." up to 5.0 */
static void read_percpu(struct build_reader *r, const char *p)
{
	static const enum boot_fact facts[] = { BOOT_PERCPU_STATIC, BOOT_PERCPU_RESERVED,
						BOOT_PERCPU_DYNAMIC };
	uint64_t pages, sizes[3];

	if (!scan_number(&p, &pages) || !scan_word(&p, "pages/cpu"))
		return;
	p += strspn(p, " ");
	if (*p == '@')
		p += strcspn(p, " ");
	for (int i = 0; i < 3; i++) {
		p += strspn(p, " ");
		if (*p++ != "srd"[i] || !scan_number(&p, &sizes[i]) || sizes[i] > 1 << 30)
			return;
	}
	for (int i = 0; i < 3; i++)
		tell(r, facts[i], sizes[i], "percpu: Embedded");
}

/* "NODE_DATA(0) allocated [mem 0xa-0xb]" */
static void read_node_data(struct build_reader *r, const char *p)
{
	uint64_t first, last;
	int nid;

	if (scan_signed(&p, &nid) && scan_word(&p, ") allocated [mem") && scan_hex(&p, &first) &&
	    scan_word(&p, "-") && scan_hex(&p, &last) && last >= first && last - first < 1 << 24)
		tell(r, BOOT_PGDAT_SIZE, last - first + 1, "NODE_DATA");
}

static void read_freed(struct build_reader *r, const char *p, const char *where,
		       enum boot_fact fact)
{
	uint64_t kib;

	if (scan_number(&p, &kib) && *p == 'K' && kib < 1ULL << 32)
		tell(r, fact, kib << 10, where);
}

static void read_bytes(struct build_reader *r, const char *p, const char *where,
		       enum boot_fact fact)
{
	uint64_t bytes;

	if (scan_number(&p, &bytes) && scan_word(&p, "bytes") && bytes < 1ULL << 32)
		tell(r, fact, bytes, where);
}

/* "node 0 deferred pages initialised in 28ms", "node 0 initialised, 42 pages in 28ms" */
static void read_deferred(struct build_reader *r, const char *p, const char *where,
			  enum boot_fact fact)
{
	int nid;

	if (scan_signed(&p, &nid) &&
	    (scan_word(&p, "deferred pages initialised") || scan_word(&p, "initialised,")))
		tell(r, fact, 1, where);
}

/* "12K reserved": the number in front of the word, in KiB */
static bool find_kib(const char *text, const char *word, uint64_t *kib)
{
	const char *at = strstr(text, word), *p = at;

	while (p && p > text && p[-1] != ' ' && p[-1] != '(')
		p--;
	return p && p < at && scan_number(&p, kib);
}

/*
 * "Memory: 1K/2K available (... 3K reserved, 4K cma-reserved)", while only memblock has allocated: what is
 * neither reserved nor available is what has no struct pages yet. Page tables for vmalloc() are less.
 */
static void read_memory(struct build_reader *r, const char *p, const char *where,
			enum boot_fact fact)
{
	const uint64_t most = 4 << 10; /* KiB */
	uint64_t available, total, reserved, cma = 0;

	if (r->slub_seen || !scan_number(&p, &available) || !scan_word(&p, "K/") ||
	    !scan_number(&p, &total) || !find_kib(p, "K reserved", &reserved))
		return;
	find_kib(p, "K cma-reserved", &cma);
	tell(r, fact, available + reserved + cma + most < total, where);
}

/* Words of a message, and what is behind them: a number of KiB or bytes. */
static const struct {
	const char *words;
	enum boot_fact fact;
	void (*read)(struct build_reader *r, const char *p, const char *where, enum boot_fact fact);
} messages[] = {
	{ "Freeing SMP alternatives memory", BOOT_SMP_LOCKS, read_freed },
	{ "Freeing unused decrypted memory", BOOT_DECRYPTED_UNUSED, read_freed },
	{ "Freeing EFI boot services memory", BOOT_EFI_SERVICES, read_freed },
	{ "log_buf_len min size", BOOT_LOG_BUF, read_bytes },
	{ "log_buf_len individual max cpu contribution", BOOT_LOG_CPU_MAX, read_bytes },
	{ "kfence: initialized - using", BOOT_KFENCE_POOL, read_bytes },
	{ "Memory", BOOT_DEFERRED, read_memory },
	{ "node", BOOT_DEFERRED, read_deferred },
};

static void read_message(struct build_reader *r, const char *text)
{
	const char *at = strstr(text, "ercpu: Embedded ");

	if (!at)
		at = strstr(text, "ERCPU: Embedded ");
	if (at)
		read_percpu(r, at + strlen("ercpu: Embedded "));
	if (!strncmp(text, "SLUB: ", 6))
		r->slub_seen = true;
	if (!strncmp(text, "NODE_DATA(", 10))
		read_node_data(r, text + 10);
	if (!strncmp(text, "Freeing unused kernel", 21))
		r->init_freed = true;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		/* at most the name of a subsystem is in front */
		at = strstr(text, messages[i].words);
		if (!at || at - text > 16)
			continue;
		at += strlen(messages[i].words);
		messages[i].read(r, at + strspn(at, ": "), messages[i].words, messages[i].fact);
	}
}

void boot_build_read_log(struct boot_build *b, const char *text, size_t len, unsigned int line)
{
	struct layout_messages *m = array_resize(NULL, 1, sizeof(*m));
	struct build_reader r = { .build = b, .line = line };
	const char *end = text + len;

	for (; text < end; r.line++) {
		const char *eol = memchr(text, '\n', end - text);
		size_t n = (eol ? eol : end) - text;

		for (char *p = n ? layout_message_first(m, text, n) : NULL; p;
		     p = layout_message_next(m))
			read_message(&r, p);
		text += n + 1;
	}
	r.line = 0;
	/* which would be there by now */
	if (r.init_freed) {
		tell(&r, BOOT_DEFERRED, 0, "no line of deferred pages");
		tell(&r, BOOT_KFENCE_POOL, 0, "no line of KFENCE");
	}
	free(m);
}
