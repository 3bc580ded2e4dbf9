/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: error numbers */
#ifndef RT_LINUX_ERRNO_H
#define RT_LINUX_ERRNO_H

#define EPERM 1
#define ENOENT 2
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ENOSPC 28
#define ERANGE 34
#define ENODATA 61
#define EOVERFLOW 75
#define ENOTSUPP 524
#define EOPNOTSUPP 95

#endif
