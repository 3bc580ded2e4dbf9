// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Physical memory: a stretch of the process's address space, as large as the largest machine,
 * of which nothing is accessible at first. RAM becomes accessible, and filled with poison, piece by
 * piece when it is first touched; what is filled as whole pages is not written before then, and with
 * zeroes not even then, because fresh pages of the system are zero. So a machine of 64 TiB costs what was
 * touched of it, and resetting costs a system call for each piece that was.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/internal.h"
#include "lib/array.h"
#include "lib/rangeset.h"

/*
 * A piece is one page of the host's, as most tests touch few; where memory is touched in sequence,
 * it is as large as what was touched before it, up to this.
 */
#define PIECE_MAX 65536ULL
/*
 * Pages that were touched stay with the process from one reset to the next up to this many
 * bytes: taking them away and getting them back costs more than filling them anew.
 */
#define RETAIN (256ULL << 10)
#define WINDOW_SIZE (MEMORY_MAX + MEMORY_SLAB_SIZE + RT_HEAP_SIZE)
/*
 * Where it is to be, if that is free: above the shadow memory of sanitizers, below programs. Then what
 * shows addresses of its own is the same from one run to the next.
 */
#define WINDOW_HINT (17ULL << 40)
/* Room for the struct pages' addresses, 64 bytes for each 4 KiB. */
#define VMEMMAP_SIZE (MEMORY_MAX / 4096 * 64)

struct memory {
	char *window;
	struct rangeset ram; /* whole host pages; slab and heap, behind the machine, are in it */
	struct rangeset touched; /* accessible now, whole host pages */
	struct rangeset filled;	 /* where it is not, what it is filled with instead of poison */
	unsigned char filling;
	uint64_t host_page;
};

struct memory *memory_new(struct error *err)
{
	struct memory *m = array_resize(NULL, 1, sizeof(*m));

	*m = (struct memory){ .host_page = sysconf(_SC_PAGESIZE) };
	m->window = mmap((void *)WINDOW_HINT, WINDOW_SIZE + VMEMMAP_SIZE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (m->window == MAP_FAILED) {
		error_set(err, errno,
			  "cannot reserve %llu TiB of address space for physical memory: %s; is "
			  "`ulimit -v` set?",
			  (WINDOW_SIZE + VMEMMAP_SIZE) >> 40, strerror(errno));
		free(m);
		return NULL;
	}
	madvise(m->window, WINDOW_SIZE, MADV_DONTDUMP);
	memory_reset(m);
	return m;
}

void memory_free(struct memory *m)
{
	if (!m)
		return;
	munmap(m->window, WINDOW_SIZE + VMEMMAP_SIZE);
	rangeset_release(&m->ram);
	rangeset_release(&m->touched);
	rangeset_release(&m->filled);
	free(m);
}

uintptr_t memory_window(const struct memory *m)
{
	return (uintptr_t)m->window;
}

uintptr_t memory_vmemmap(const struct memory *m)
{
	return (uintptr_t)m->window + WINDOW_SIZE;
}

/*
 * Makes what was touched inaccessible, all in one call: what lies between is so already. For a few
 * pages side by side the processor is told of each to forget, which on virtual machines takes
 * longer than to forget all, as it is told for ranges of more than 33 pages: so a page below
 * is touched, too.
 */
static void make_inaccessible(struct memory *m)
{
	struct range *last = &m->touched.v[m->touched.nr - 1];
	struct range hull = { m->touched.v[0].start, last->end };
	uint64_t pages = range_size(hull) / m->host_page;

	if (pages > 4 && pages <= 33 && hull.start >= 64 * m->host_page) {
		char *page = m->window + hull.start - 64 * m->host_page;

		if (!mprotect(page, m->host_page, PROT_READ | PROT_WRITE)) {
			*(volatile char *)page = 0;
			hull.start -= 64 * m->host_page;
		}
	}
	mprotect(m->window + hull.start, range_size(hull), PROT_NONE);
}

void memory_reset(struct memory *m)
{
	uint64_t retained = 0;

	for (size_t i = 0; i < m->touched.nr; i++) {
		struct range r = m->touched.v[i];

		retained += range_size(r);
		if (retained > RETAIN)
			madvise(m->window + r.start, range_size(r), MADV_DONTNEED);
	}
	if (m->touched.nr)
		make_inaccessible(m);
	rangeset_clear(&m->touched);
	rangeset_clear(&m->filled);
	rangeset_clear(&m->ram);
	rangeset_add(&m->ram, (struct range){ MEMORY_MAX, WINDOW_SIZE });
}

void memory_add_ram(struct memory *m, struct range r)
{
	if (r.end > MEMORY_MAX)
		r.end = MEMORY_MAX;
	if (range_is_empty(r))
		return;
	r.start &= ~(m->host_page - 1);
	r.end = (r.end + m->host_page - 1) & ~(m->host_page - 1);
	rangeset_add(&m->ram, r);
}

bool memory_physical(const struct memory *m, uintptr_t address, uint64_t *pa)
{
	uintptr_t offset = address - (uintptr_t)m->window;

	if (offset >= WINDOW_SIZE)
		return false;
	*pa = offset;
	return true;
}

/* Makes @r accessible, whole host pages of RAM; what was accessible keeps its content. */
static void make_accessible(struct memory *m, struct range r)
{
	static const char text[] = "mbsim: the system allows no more mappings (vm.max_map_count): "
				   "simulated memory is used in too many places\n";

	if (mprotect(m->window + r.start, range_size(r), PROT_READ | PROT_WRITE)) {
		ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

		(void)ignored;
		_exit(2);
	}
	rangeset_add(&m->touched, r);
}

/* What fresh memory at @pa is filled with; @piece, which begins there, is cut to where that holds. */
static unsigned char filling(const struct memory *m, uint64_t pa, struct range *piece)
{
	size_t i = rangeset_after(&m->filled, pa);

	if (i == m->filled.nr)
		return ENGINE_POISON;
	if (m->filled.v[i].start <= pa) {
		*piece = range_intersect(*piece, m->filled.v[i]);
		return m->filling;
	}
	if (piece->end > m->filled.v[i].start)
		piece->end = m->filled.v[i].start;
	return ENGINE_POISON;
}

bool memory_fault(struct memory *m, uintptr_t address)
{
	unsigned char byte;
	struct range piece;
	uint64_t pa;
	size_t i;

	if (!memory_physical(m, address, &pa) || !rangeset_contains(&m->ram, pa) ||
	    rangeset_contains(&m->touched, pa))
		return false;
	i = rangeset_after(&m->touched, pa);
	piece.start = pa & ~(m->host_page - 1);
	piece.end = piece.start + m->host_page;
	if (i && m->touched.v[i - 1].end == piece.start) {
		uint64_t before = range_size(m->touched.v[i - 1]);

		piece.end = piece.start + (before < PIECE_MAX ? before : PIECE_MAX);
	}
	piece = range_intersect(piece, m->ram.v[rangeset_after(&m->ram, pa)]);
	/* what is accessible already keeps its content */
	if (i < m->touched.nr && m->touched.v[i].start < piece.end)
		piece.end = m->touched.v[i].start;
	byte = filling(m, piece.start, &piece);
	make_accessible(m, piece);
	memset(m->window + piece.start, byte, range_size(piece));
	return true;
}

/* Whole pages: nothing is written before they are touched. */
static void fill_later(struct memory *m, struct range r, unsigned char byte)
{
	for (size_t i = rangeset_after(&m->touched, r.start); i < m->touched.nr; i++) {
		struct range t = range_intersect(m->touched.v[i], r);

		if (range_is_empty(t))
			break;
		madvise(m->window + t.start, range_size(t), MADV_DONTNEED);
		mprotect(m->window + t.start, range_size(t), PROT_NONE);
	}
	rangeset_remove(&m->touched, r);
	rangeset_add(&m->filled, r);
	m->filling = byte;
}

/* Fills @r, which is in one range of RAM; whole pages without writing them. */
static void fill_ram(struct memory *m, struct range r, unsigned char byte)
{
	/* below this writing is cheaper than two system calls */
	const uint64_t worth = 32 * 1024;
	struct range whole = {
		.start = (r.start + m->host_page - 1) & ~(m->host_page - 1),
		.end = r.end & ~(m->host_page - 1),
	};

	/* nor is there a second thing to fill with later */
	if (range_is_empty(whole) || range_size(whole) < worth ||
	    (byte && m->filled.nr && m->filling != byte)) {
		memset(m->window + r.start, byte, range_size(r));
		return;
	}
	memset(m->window + r.start, byte, whole.start - r.start);
	if (byte) {
		fill_later(m, whole, byte);
	} else {
		madvise(m->window + whole.start, range_size(whole), MADV_DONTNEED);
		make_accessible(m, whole);
	}
	memset(m->window + whole.end, byte, r.end - whole.end);
}

void memory_fill(struct memory *m, uint64_t pa, uint64_t size, unsigned char byte)
{
	while (size) {
		size_t i = rangeset_after(&m->ram, pa);
		struct range r = { pa, pa + size };

		if (i == m->ram.nr || m->ram.v[i].start > pa) {
			/* not RAM: the fault that it is */
			*(volatile unsigned char *)(m->window + pa) = byte;
			return;
		}
		r = range_intersect(r, m->ram.v[i]);
		fill_ram(m, r, byte);
		pa += range_size(r);
		size -= range_size(r);
	}
}
