// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Formats as the kernel's vsnprintf() takes them, with the extensions of %p that show in
 * memory management's messages. A pointer without an extension is not shown, as in a boot before
 * there is entropy to hash it with.
 */
#include <linux/bitops.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/nodemask.h>
#include <rt/rt.h>

#define LEFT 1
#define PLUS 2
#define SPACE 4
#define SPECIAL 8
#define ZERO 16
#define SMALL 32
#define SIGN 64

struct spec {
	int flags, width, precision, base;
};

struct out {
	char *buf;
	size_t size, len;
};

static void put(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void pad(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void put_string(struct out *o, const char *s, struct spec spec)
{
	size_t n;

	if (!s)
		s = "(null)";
	n = strnlen(s, spec.precision < 0 ? SIZE_MAX : (size_t)spec.precision);
	if (!(spec.flags & LEFT))
		pad(o, ' ', spec.width - (int)n);
	for (size_t i = 0; i < n; i++)
		put(o, s[i]);
	if (spec.flags & LEFT)
		pad(o, ' ', spec.width - (int)n);
}

/* Sign, 0x and digits, padded between or around as the flags say. */
static void put_number(struct out *o, unsigned long long value, struct spec spec)
{
	const char *digits = spec.flags & SMALL ? "0123456789abcdef" : "0123456789ABCDEF";
	char text[64], sign = 0;
	int n = 0, zeros, width = spec.width;
	bool special = spec.flags & SPECIAL && spec.base != 10;

	if (spec.flags & SIGN) {
		if ((long long)value < 0) {
			sign = '-';
			value = -value;
		} else {
			sign = spec.flags & PLUS ? '+' : spec.flags & SPACE ? ' ' : 0;
		}
	}
	do {
		text[n++] = digits[value % spec.base];
		value /= spec.base;
	} while (value);
	width -= !!sign;
	if (special)
		width -= spec.base == 16 ? 2 : 1;
	zeros = spec.precision > n ? spec.precision - n : 0;
	if (spec.flags & ZERO && !(spec.flags & LEFT) && spec.precision < 0 && width > n)
		zeros = width - n;
	width -= n + zeros;
	if (!(spec.flags & LEFT))
		pad(o, ' ', width);
	if (sign)
		put(o, sign);
	if (special) {
		put(o, '0');
		if (spec.base == 16)
			put(o, spec.flags & SMALL ? 'x' : 'X');
	}
	pad(o, '0', zeros);
	while (n)
		put(o, text[--n]);
	if (spec.flags & LEFT)
		pad(o, ' ', width);
}

/* 0x and as many digits as @bytes have. */
static void put_address(struct out *o, unsigned long long value, int bytes)
{
	put_number(o, value, (struct spec){ SPECIAL | SMALL | ZERO, 2 + 2 * bytes, -1, 16 });
}

static void put_text(struct out *o, const char *s)
{
	put_string(o, s, (struct spec){ .precision = -1 });
}

static void put_resource(struct out *o, const struct resource *r, bool decode)
{
	int bytes = (u64)r->end >> 32 ? 8 : 4;

	put_text(o, r->flags & IORESOURCE_MEM ? "[mem " : "[??? ");
	put_address(o, r->start, bytes);
	put(o, '-');
	put_address(o, r->end, bytes);
	if (!decode) {
		put_text(o, " flags ");
		put_number(o, r->flags, (struct spec){ SPECIAL | SMALL, 0, -1, 16 });
	}
	put(o, ']');
}

/* [mem 0x... - 0x...] of a struct range */
static void put_range(struct out *o, const u64 *range)
{
	put_text(o, "[range ");
	put_address(o, range[0], 8);
	if (range[0] != range[1]) {
		put(o, '-');
		put_address(o, range[1], 8);
	}
	put(o, ']');
}

/* "0-3,8" of a bitmap of @bits bits */
static void put_bitmap_list(struct out *o, const unsigned long *map, int bits)
{
	bool first = true;

	for (int i = 0; i < bits; i++) {
		int begin = i;

		if (!test_bit(i, map))
			continue;
		while (i + 1 < bits && test_bit(i + 1, map))
			i++;
		if (!first)
			put(o, ',');
		first = false;
		put_number(o, begin, (struct spec){ 0, 0, -1, 10 });
		if (i > begin) {
			put(o, '-');
			put_number(o, i, (struct spec){ 0, 0, -1, 10 });
		}
	}
}

static void put_symbol(struct out *o, const void *p, bool offset, struct spec spec)
{
	char text[128];

	rt_host.symbol((unsigned long)p, offset, text, sizeof(text));
	put_string(o, text, spec);
}

struct va_format {
	const char *fmt;
	va_list *va;
};

static void format(struct out *o, const char *fmt, va_list args);

/* What stands behind %p; returns how many characters of the format it took. */
static int put_pointer(struct out *o, const char *fmt, const void *p, struct spec spec)
{
	switch (*fmt) {
	case 'a':
		if (fmt[1] == 'd')
			put_address(o, *(const dma_addr_t *)p, sizeof(dma_addr_t));
		else
			put_address(o, *(const phys_addr_t *)p, sizeof(phys_addr_t));
		return fmt[1] == 'd' || fmt[1] == 'p' ? 2 : 1;
	case 'S':
	case 'B':
	case 'F':
	case 'f':
	case 's':
		put_symbol(o, p, *fmt != 's' && *fmt != 'f', spec);
		return fmt[1] == 'R' || fmt[1] == 'b' ? 2 : 1;
	case 'R':
	case 'r':
		put_resource(o, p, *fmt == 'R');
		if (fmt[1] == 'a') {
			put_range(o, p);
			return 2;
		}
		return 1;
	case 'b':
		if (fmt[1] == 'l')
			put_bitmap_list(o, p, spec.width);
		return fmt[1] == 'l' ? 2 : 1;
	case 'V':
		format(o, ((const struct va_format *)p)->fmt, *((const struct va_format *)p)->va);
		return 1;
	case 'e':
		put_number(o, (long)p, (struct spec){ SIGN, spec.width, -1, 10 });
		return 1;
	case 'x':
	case 'K':
		put_number(o, (unsigned long)p, (struct spec){ SMALL | ZERO, 16, -1, 16 });
		return 1;
	default:
		put_string(o, "(____ptrval____)", spec);
		return 0;
	}
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->flags |= LEFT;
			continue;
		case '+':
			spec->flags |= PLUS;
			continue;
		case ' ':
			spec->flags |= SPACE;
			continue;
		case '#':
			spec->flags |= SPECIAL;
			continue;
		case '0':
			spec->flags |= ZERO;
			continue;
		}
		return fmt;
	}
}

static const char *parse_digits(const char *fmt, int *value)
{
	for (*value = 0; isdigit(*fmt); fmt++)
		*value = *value * 10 + (*fmt - '0');
	return fmt;
}

/* An integer of the length that the qualifier says; @sign: extend it. */
#define TAKE(args, qualifier, sign)                                                       \
	({                                                                                \
		unsigned long long rt_v;                                                  \
		if ((qualifier) >= 'l')                                                   \
			rt_v = va_arg(args, unsigned long long);                          \
		else                                                                      \
			rt_v = (sign) ? (unsigned long long)va_arg(args, int)             \
				      : va_arg(args, unsigned int);                       \
		if ((qualifier) == 'h')                                                   \
			rt_v = (sign) ? (unsigned long long)(short)rt_v : (u16)rt_v;      \
		if ((qualifier) == 'H')                                                   \
			rt_v = (sign) ? (unsigned long long)(signed char)rt_v : (u8)rt_v; \
		rt_v;                                                                     \
	})

/* h, hh ('H'), l, ll, z, t, L: above 'l' all are 64 bits wide here. */
static const char *parse_qualifier(const char *fmt, int *qualifier)
{
	*qualifier = 0;
	if (*fmt == 'h' || *fmt == 'l' || *fmt == 'z' || *fmt == 't' || *fmt == 'L') {
		*qualifier = *fmt == 'L' ? 'l' : *fmt;
		fmt++;
		if (*fmt == fmt[-1] && *fmt == 'h')
			*qualifier = 'H', fmt++;
		else if (*fmt == fmt[-1] && *fmt == 'l')
			fmt++;
	}
	return fmt;
}

/* Flags, width and precision; returns what is behind them. */
static const char *parse_spec(const char *fmt, struct spec *spec, va_list *args)
{
	fmt = parse_flags(fmt, spec);
	if (*fmt == '*') {
		spec->width = va_arg(*args, int);
		if (spec->width < 0) {
			spec->flags |= LEFT;
			spec->width = -spec->width;
		}
		fmt++;
	} else {
		fmt = parse_digits(fmt, &spec->width);
	}
	if (*fmt == '.') {
		if (fmt[1] == '*') {
			spec->precision = va_arg(*args, int);
			return fmt + 2;
		}
		fmt = parse_digits(fmt + 1, &spec->precision);
	}
	return fmt;
}

/* Integers: base and flags of a conversion; false if it is none. */
static bool integer_conversion(char c, struct spec *spec)
{
	spec->base = c == 'x' || c == 'X' ? 16 : c == 'o' ? 8 : 10;
	if (c == 'd' || c == 'i')
		spec->flags |= SIGN;
	if (c == 'x')
		spec->flags |= SMALL;
	return c && strchr("diuxXo", c);
}

static void format(struct out *o, const char *fmt, va_list outer)
{
	va_list args;

	va_copy(args, outer);
	for (; *fmt; fmt++) {
		struct spec spec = { 0, 0, -1, 10 };
		int qualifier;

		if (*fmt != '%') {
			put(o, *fmt);
			continue;
		}
		fmt = parse_qualifier(parse_spec(fmt + 1, &spec, &args), &qualifier);
		if (integer_conversion(*fmt, &spec)) {
			put_number(o, TAKE(args, qualifier, spec.flags & SIGN), spec);
		} else if (*fmt == 'c') {
			char c[2] = { (char)va_arg(args, int), '\0' };

			spec.precision = -1;
			put_string(o, c, spec);
		} else if (*fmt == 's') {
			put_string(o, va_arg(args, const char *), spec);
		} else if (*fmt == 'p') {
			fmt += put_pointer(o, fmt + 1, va_arg(args, void *), spec);
		} else if (*fmt) {
			put(o, *fmt);
		} else {
			break;
		}
	}
	va_end(args);
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, size, 0 };

	format(&o, fmt, args);
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	size_t n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n < size ? n : size ? size - 1 : 0;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return n;
}
