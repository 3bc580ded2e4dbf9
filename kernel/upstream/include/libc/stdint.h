/* SPDX-License-Identifier: GPL-2.0-or-later */
/* type: integers of the C library's names */
#ifndef _STDINT_H
#define _STDINT_H

#include <linux/limits.h>
#include <linux/types.h>

typedef __INT8_TYPE__ int8_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __INT16_TYPE__ int16_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __INT32_TYPE__ int32_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT64_TYPE__ uint64_t;

#endif
