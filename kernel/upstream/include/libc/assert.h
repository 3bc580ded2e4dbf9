/* SPDX-License-Identifier: GPL-2.0-or-later */
/* works: what does not hold fails the test, and leaves it */
#ifndef _ASSERT_H
#define _ASSERT_H

void rt_upstream_assert(const char *expression, const char *file, int line);

#define assert(e) ((e) ? (void)0 : rt_upstream_assert(#e, __FILE__, __LINE__))

#endif
