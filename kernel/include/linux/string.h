/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: memset() of simulated memory goes to the simulator, the rest is plain C */
#ifndef RT_LINUX_STRING_H
#define RT_LINUX_STRING_H

#include <linux/types.h>

void *rt_memset(void *s, int c, size_t n);
void *memset(void *s, int c, size_t n);
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *sub);
char *strsep(char **s, const char *delimiters);
char *skip_spaces(const char *s);
char *strim(char *s);
ssize_t rt_strscpy(char *dest, const char *src, size_t size);
size_t strlcpy(char *dest, const char *src, size_t size);
char *strncpy(char *dest, const char *src, size_t size);
bool sysfs_streq(const char *a, const char *b);
int kstrtoul(const char *s, unsigned int base, unsigned long *value);
int kstrtoull(const char *s, unsigned int base, unsigned long long *value);
int kstrtoint(const char *s, unsigned int base, int *value);
int kstrtobool(const char *s, bool *value);
#define strtobool(s, value) kstrtobool(s, value)

#define memset(s, c, n) rt_memset(s, c, n)
#define memzero_explicit(s, n) memset(s, 0, n)

/* strscpy() takes the size, or takes it from the array. */
#define RT_STRSCPY(_1, _2, _3, name, ...) name
#define RT_STRSCPY2(dest, src, ignored) rt_strscpy(dest, src, sizeof(dest))
#define RT_STRSCPY3(dest, src, size, ignored) rt_strscpy(dest, src, size)
#define strscpy(...) RT_STRSCPY(__VA_ARGS__, RT_STRSCPY3, RT_STRSCPY2, 0)(__VA_ARGS__, 0)
#define strscpy_pad(...) strscpy(__VA_ARGS__)

static inline bool strstarts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

#endif
