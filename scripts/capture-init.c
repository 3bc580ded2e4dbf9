// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first and only program of a machine that capture-boot starts: prints
 * what the kernel says about its memory, each file between two marker lines,
 * and powers the machine off.
 *
 *	@@@@ /proc/iomem
 *	...
 *	@@@@ end
 *
 * It needs no C library and no headers, so that a bare cross compiler builds
 * it:
 *
 *	cc -ffreestanding -nostdlib -static -o init capture-init.c
 *
 * A directory of small files is shown as one, a line each as `grep -r` has
 * them, and a table of ACPI as acpidump writes it.
 *
 * There is nobody to report an error to: a file that cannot be read is marked
 * `@@@@ absent NAME`, and capture-boot judges the log by its last marker.
 */

enum {
	AT_FDCWD = -100,
	O_RDONLY = 0,
	O_WRONLY = 1,
	O_RDWR = 2,
	SYSLOG_CONSOLE_OFF = 6,
	SYSLOG_CONSOLE_ON = 7,
	REBOOT_MAGIC1 = (int)0xfee1dead,
	REBOOT_MAGIC2 = 672274793,
	REBOOT_POWER_OFF = 0x4321fedc,
};

#if defined(__x86_64__)

enum {
	SYS_READ = 0,
	SYS_WRITE = 1,
	SYS_CLOSE = 3,
	SYS_SYSLOG = 103,
	SYS_SYNC = 162,
	SYS_MOUNT = 165,
	SYS_REBOOT = 169,
	SYS_OPENAT = 257,
	SYS_MKDIRAT = 258,
	SYS_DUP3 = 292,
};

static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

enum {
	SYS_DUP3 = 24,
	SYS_MKDIRAT = 34,
	SYS_MOUNT = 40,
	SYS_OPENAT = 56,
	SYS_CLOSE = 57,
	SYS_READ = 63,
	SYS_WRITE = 64,
	SYS_SYNC = 81,
	SYS_SYSLOG = 116,
	SYS_REBOOT = 142,
};

static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory");
	return x0;
}

#elif defined(__riscv)

enum {
	SYS_DUP3 = 24,
	SYS_MKDIRAT = 34,
	SYS_MOUNT = 40,
	SYS_OPENAT = 56,
	SYS_CLOSE = 57,
	SYS_READ = 63,
	SYS_WRITE = 64,
	SYS_SYNC = 81,
	SYS_SYSLOG = 116,
	SYS_REBOOT = 142,
};

static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
			 : "memory");
	return a0;
}

#elif defined(__powerpc64__)

enum {
	SYS_READ = 3,
	SYS_WRITE = 4,
	SYS_CLOSE = 6,
	SYS_MOUNT = 21,
	SYS_SYNC = 36,
	SYS_REBOOT = 88,
	SYS_SYSLOG = 103,
	SYS_OPENAT = 286,
	SYS_MKDIRAT = 287,
	SYS_DUP3 = 316,
};

/* The kernel tells of an error by the summary overflow bit, and gives its number without a sign. */
static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	register long r0 __asm__("r0") = number;
	register long r3 __asm__("r3") = a;
	register long r4 __asm__("r4") = b;
	register long r5 __asm__("r5") = c;
	register long r6 __asm__("r6") = d;
	register long r7 __asm__("r7") = e;

	__asm__ volatile("sc\n\tbns+ 1f\n\tneg %1, %1\n1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7)
			 :
			 : "r8", "r9", "r10", "r11", "r12", "cr0", "ctr", "memory");
	return r3;
}

#elif defined(__s390x__)

enum {
	SYS_READ = 3,
	SYS_WRITE = 4,
	SYS_CLOSE = 6,
	SYS_MOUNT = 21,
	SYS_SYNC = 36,
	SYS_REBOOT = 88,
	SYS_SYSLOG = 103,
	SYS_OPENAT = 288,
	SYS_MKDIRAT = 289,
	SYS_DUP3 = 326,
};

static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	register long r1 __asm__("r1") = number;
	register long r2 __asm__("r2") = a;
	register long r3 __asm__("r3") = b;
	register long r4 __asm__("r4") = c;
	register long r5 __asm__("r5") = d;
	register long r6 __asm__("r6") = e;

	__asm__ volatile("svc 0"
			 : "+d"(r2)
			 : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6)
			 : "memory");
	return r2;
}

#elif defined(__i386__)

enum {
	SYS_READ = 3,
	SYS_WRITE = 4,
	SYS_CLOSE = 6,
	SYS_MOUNT = 21,
	SYS_SYNC = 36,
	SYS_REBOOT = 88,
	SYS_SYSLOG = 103,
	SYS_OPENAT = 295,
	SYS_MKDIRAT = 296,
	SYS_DUP3 = 330,
};

static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
}

#else
#error "capture-init.c does not know the system calls of this architecture"
#endif

static const char *const shown_files[] = {
	"/proc/cmdline",
	"/proc/version",
	"/proc/iomem",
	"/proc/zoneinfo",
	"/proc/buddyinfo",
	"/proc/pagetypeinfo",
	"/proc/meminfo",
	"/sys/devices/system/node/possible",
	"/sys/devices/system/node/online",
	"/sys/devices/system/node/has_memory",
	"/sys/kernel/debug/memblock/memory",
	"/sys/kernel/debug/memblock/reserved",
	"/sys/kernel/debug/memblock/physmem",
};

static const char *const shown_tables[] = { "SRAT", "SLIT" };

static char file_buffer[1 << 16];

static void console_write(const char *bytes, long count)
{
	long written;

	while (count > 0) {
		written = kernel_call(SYS_WRITE, 1, (long)bytes, count, 0, 0);
		if (written <= 0)
			return;
		bytes += written;
		count -= written;
	}
}

static void console_print(const char *text)
{
	long count = 0;

	while (text[count])
		count++;
	console_write(text, count);
}

static long file_open(const char *name, long flags)
{
	return kernel_call(SYS_OPENAT, AT_FDCWD, (long)name, flags, 0, 0);
}

static void file_system_mount(const char *type, const char *where)
{
	kernel_call(SYS_MKDIRAT, AT_FDCWD, (long)where, 0755, 0, 0);
	kernel_call(SYS_MOUNT, (long)type, (long)where, (long)type, 0, 0);
}

static void console_open(void)
{
	long fd = file_open("/dev/console", O_RDWR);

	if (fd >= 0 && fd != 1)
		kernel_call(SYS_DUP3, fd, 1, 0, 0, 0);
}

static void marker_print(const char *mark, const char *name)
{
	console_print(mark);
	console_print(name);
	console_print("\n");
}

static void file_show(const char *name)
{
	long fd = file_open(name, O_RDONLY);
	char last = '\n';
	long count;

	if (fd < 0) {
		marker_print("@@@@ absent ", name);
		return;
	}

	marker_print("@@@@ ", name);
	for (;;) {
		count = kernel_call(SYS_READ, fd, (long)file_buffer, sizeof(file_buffer), 0, 0);
		if (count <= 0)
			break;
		console_write(file_buffer, count);
		last = file_buffer[count - 1];
	}
	if (last != '\n')
		console_print("\n");
	console_print("@@@@ end\n");
	kernel_call(SYS_CLOSE, fd, 0, 0, 0, 0);
}

/* The whole of a small file; its length, or less than 0. */
static long file_read(const char *name)
{
	long fd = file_open(name, O_RDONLY), length = 0, count;

	if (fd < 0)
		return fd;
	do {
		count = kernel_call(SYS_READ, fd, (long)file_buffer + length,
				    sizeof(file_buffer) - length, 0, 0);
		length += count > 0 ? count : 0;
	} while (count > 0);
	kernel_call(SYS_CLOSE, fd, 0, 0, 0, 0);
	return length;
}

static char *text_append(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	*to = '\0';
	return to;
}

static char *number_append(char *to, unsigned int number)
{
	if (number > 9)
		to = number_append(to, number / 10);
	*to++ = '0' + number % 10;
	*to = '\0';
	return to;
}

static char *hex_append(char *to, unsigned long number, int digits)
{
	while (digits--)
		*to++ = "0123456789ABCDEF"[number >> (4 * digits) & 15];
	*to = '\0';
	return to;
}

/* "/sys/firmware/memmap/0/start:0x0"; what is plugged in can be taken out, so there are gaps. */
static void firmware_map_show(void)
{
	static const char directory[] = "/sys/firmware/memmap";
	static const char *const parts[] = { "/start", "/end", "/type" };
	unsigned int number, part, missing = 0, seen = 0;
	char name[64], *end;
	long count;

	for (number = 0; missing < 64; number++) {
		missing++;
		for (part = 0; part < 3; part++) {
			end = text_append(text_append(name, directory), "/");
			text_append(number_append(end, number), parts[part]);
			count = file_read(name);
			if (count <= 0)
				continue;
			if (!seen++)
				marker_print("@@@@ ", directory);
			console_print(name);
			console_print(":");
			console_write(file_buffer, count);
			missing = 0;
		}
	}
	if (seen)
		console_print("@@@@ end\n");
	else
		marker_print("@@@@ absent ", directory);
}

/* "SRAT @ 0x0000000000000000", and 16 bytes a line: "    0000: 53 52 ...  SRAT..." */
static void table_show(const char *table)
{
	char name[64], line[96], *end;
	long length, at, i;

	text_append(text_append(name, "/sys/firmware/acpi/tables/"), table);
	length = file_read(name);
	if (length < 0) {
		marker_print("@@@@ absent ", name);
		return;
	}
	marker_print("@@@@ ", name);
	console_print(table);
	console_print(" @ 0x0000000000000000\n");
	for (at = 0; at < length; at += 16) {
		end = text_append(hex_append(text_append(line, "    "), at, 4), ": ");
		for (i = at; i < at + 16; i++)
			end = i < length
				      ? text_append(hex_append(end, file_buffer[i] & 255, 2), " ")
				      : text_append(end, "   ");
		end = text_append(end, " ");
		for (i = at; i < at + 16 && i < length; i++)
			*end++ = file_buffer[i] >= ' ' && file_buffer[i] <= '~' ? file_buffer[i]
										: '.';
		*end++ = '\n';
		console_write(line, end - line);
	}
	console_print("@@@@ end\n");
}

/*
 * A message of the kernel in the middle of a file would spoil it, and
 * ignore_loglevel on the command line lets all of them through.
 */
static void kernel_messages_set(int on)
{
	long fd = file_open("/sys/module/printk/parameters/ignore_loglevel", O_WRONLY);

	if (fd >= 0) {
		kernel_call(SYS_WRITE, fd, (long)(on ? "Y" : "N"), 1, 0, 0);
		kernel_call(SYS_CLOSE, fd, 0, 0, 0, 0);
	}
	kernel_call(SYS_SYSLOG, on ? SYSLOG_CONSOLE_ON : SYSLOG_CONSOLE_OFF, 0, 0, 0, 0);
}

/* Called by name, from the assembly below. */
void capture_main(void);

void capture_main(void)
{
	unsigned long i;

	file_system_mount("devtmpfs", "/dev");
	file_system_mount("proc", "/proc");
	file_system_mount("sysfs", "/sys");
	file_system_mount("debugfs", "/sys/kernel/debug");
	console_open();

	kernel_messages_set(0);
	for (i = 0; i < sizeof(shown_files) / sizeof(shown_files[0]); i++)
		file_show(shown_files[i]);
	firmware_map_show();
	for (i = 0; i < sizeof(shown_tables) / sizeof(shown_tables[0]); i++)
		table_show(shown_tables[i]);
	console_print("@@@@ power off\n");
	kernel_messages_set(1);

	kernel_call(SYS_SYNC, 0, 0, 0, 0, 0);
	kernel_call(SYS_REBOOT, REBOOT_MAGIC1, REBOOT_MAGIC2, REBOOT_POWER_OFF, 0, 0);
	for (;;)
		; /* the kernel refused: capture-boot's timeout says so */
}

/* The kernel enters here with an aligned stack pointer and no return address. */
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tcall capture_main\n");
#elif defined(__i386__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tcall capture_main\n");
#elif defined(__riscv)
__asm__(".globl _start\n_start:\n\tlla gp, __global_pointer$\n\tcall capture_main\n");
#elif defined(__powerpc64__)
/* a function finds its data by r12, which is its address, and keeps room for its caller's return */
__asm__(".globl _start\n_start:\n\tli 0, 0\n\tstdu 0, -64(1)\n"
	"\tlis 12, capture_main@highest\n\tori 12, 12, capture_main@higher\n"
	"\tsldi 12, 12, 32\n\toris 12, 12, capture_main@high\n\tori 12, 12, capture_main@l\n"
	"\tmtctr 12\n\tbctrl\n");
#elif defined(__s390x__)
__asm__(".globl _start\n_start:\n\taghi %r15, -160\n\tbrasl %r14, capture_main\n");
#else
__asm__(".globl _start\n_start:\n\tbl capture_main\n");
#endif
