// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strings and memory. Engines are linked without a C library, so that a function that nobody
 * provides is found when an engine is built and not silently taken from there.
 */
#include <linux/kernel.h>
#include <rt/rt.h>

#undef memset

void *memset(void *s, int c, size_t n)
{
	void *p = s;

	__asm__ volatile("" : "+r"(p), "+r"(n) : "a"(c) : "memory");
	for (u8 *b = p; n--; b++) {
		*b = c;
		barrier();
	}
	return s;
}

static bool in_window(unsigned long address)
{
	return address >= rt_host.window && address < rt_host.vmemmap;
}

/*
 * Filling simulated memory is the simulator's, which does not write whole pages: a boot zeroes
 * gigabytes.
 */
void *rt_memset(void *s, int c, size_t n)
{
	if (in_window((unsigned long)s))
		rt_host.fill((unsigned long)s - rt_host.window, n, c);
	else
		__builtin_memset(s, c, n);
	return s;
}

/* Byte by byte is enough for what is not simulated memory: nothing there is large. */
void *memcpy(void *dest, const void *src, size_t n)
{
	void *d = dest;

#if defined(__x86_64__)
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(src), "+c"(n) : : "memory");
#else
	for (u8 *to = d; n--; src++) {
		*to++ = *(const u8 *)src;
		barrier();
	}
#endif
	return dest;
}

void *memmove(void *dest, const void *src, size_t n)
{
	u8 *d = dest;
	const u8 *s = src;

	if (d <= s || d >= s + n)
		return memcpy(dest, src, n);
	while (n >= sizeof(u64)) {
		n -= sizeof(u64);
		u64 word;

		__builtin_memcpy(&word, s + n, sizeof(word));
		__builtin_memcpy(d + n, &word, sizeof(word));
		barrier();
	}
	while (n--) {
		d[n] = s[n];
		barrier();
	}
	return dest;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	for (const u8 *p = s; n--; p++)
		if (*p == (u8)c)
			return (void *)p;
	return NULL;
}

size_t strnlen(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len])
		len++;
	return len;
}

size_t strlen(const char *s)
{
	size_t len = 0;

	while (s[len]) {
		len++;
		barrier();
	}
	return len;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--)
		a++, b++;
	return n ? (u8)*a - (u8)*b : 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)last;
	}
}

char *strstr(const char *s, const char *sub)
{
	size_t n = strlen(sub);

	for (; strnlen(s, n) == n; s++)
		if (!memcmp(s, sub, n))
			return (char *)s;
	return NULL;
}

char *strsep(char **s, const char *delimiters)
{
	char *begin = *s, *p;

	if (!begin)
		return NULL;
	for (p = begin; *p; p++) {
		if (strchr(delimiters, *p)) {
			*p = '\0';
			*s = p + 1;
			return begin;
		}
	}
	*s = NULL;
	return begin;
}

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t n = strlen(s);

	while (n && isspace(s[n - 1]))
		s[--n] = '\0';
	return skip_spaces(s);
}

ssize_t rt_strscpy(char *dest, const char *src, size_t size)
{
	size_t n = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (n == size) {
		memcpy(dest, src, size - 1);
		dest[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dest, src, n + 1);
	return n;
}

size_t strlcpy(char *dest, const char *src, size_t size)
{
	rt_strscpy(dest, src, size);
	return strlen(src);
}

char *strncpy(char *dest, const char *src, size_t size)
{
	size_t n = strnlen(src, size);

	memcpy(dest, src, n);
	if (n < size)
		rt_memset(dest + n, 0, size - n);
	return dest;
}

bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (!*a || (*a == '\n' && !a[1])) && (!*b || (*b == '\n' && !b[1]));
}
