// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one guarded exit from kernel code: panic, BUG, faults, time-outs all jump back to
 * guard_run(). A fault outside engine_run(), or not in kernel code, is a bug of mbsim and
 * ends the process by its signal.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

#include "engine/internal.h"

struct engine *engine_running;

static sigjmp_buf way_out;
static struct engine_exit *result;
static char signal_stack[65536] __attribute__((aligned(16)));

void guard_leave(enum engine_end end, const char *text)
{
	result->end = end;
	snprintf(result->text, sizeof(result->text), "%s", text);
	siglongjmp(way_out, 1);
}

#if defined(__x86_64__)
#define CONTEXT_PC(c) ((uintptr_t)(c)->uc_mcontext.gregs[REG_RIP])
#define CONTEXT_FP(c) ((uintptr_t)(c)->uc_mcontext.gregs[REG_RBP])
#define CONTEXT_SP(c) ((uintptr_t)(c)->uc_mcontext.gregs[REG_RSP])
#define CONTEXT_IS_WRITE(c) ((c)->uc_mcontext.gregs[REG_ERR] & 2)
#elif defined(__aarch64__)
#define CONTEXT_PC(c) ((uintptr_t)(c)->uc_mcontext.pc)
#define CONTEXT_FP(c) ((uintptr_t)(c)->uc_mcontext.regs[29])
#define CONTEXT_SP(c) ((uintptr_t)(c)->uc_mcontext.sp)
#define CONTEXT_IS_WRITE(c) 0
#else
#error "mbsim runs on x86_64 and arm64"
#endif

/* Of the run-time, and so not what a reader wants to know. */
static bool is_runtime(const char *name)
{
	static const char *const names[] = { "memset", "memcpy", "memmove", "memcmp", "strlen" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return !strncmp(name, "rt_", 3);
}

/* Name of the innermost function of kernel code, by frame pointers, which engines keep. */
static void find_function(const struct engine *e, const ucontext_t *c, char *name, size_t size)
{
	uintptr_t pc = CONTEXT_PC(c), fp = CONTEXT_FP(c), low = CONTEXT_SP(c);
	const char *symbol;
	size_t offset, len;

	for (int depth = 0; depth < 32; depth++) {
		const uintptr_t *frame = (const uintptr_t *)fp;

		if (engine_symbol(e, pc, &symbol, &offset, &len) && !is_runtime(symbol)) {
			snprintf(name, size, "%s+0x%zx/0x%zx", symbol, offset, len);
			return;
		}
		/* a frame pointer that does not go up is none; nor is one that is far away */
		if (fp % sizeof(fp) || fp < low || fp - low > (8UL << 20))
			break;
		pc = frame[1];
		low = fp + 1;
		fp = frame[0];
	}
	name[0] = '\0';
}

/* Whether kernel code, or what it called, is what faulted. */
static bool ours(void)
{
	return engine_running && result;
}

static void end_by_signal(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A fault of kernel code; not static and in one piece, as debuggers stop here. */
void guard_fault(struct engine *e, const siginfo_t *info, const ucontext_t *c)
	__attribute__((noinline));
void guard_fault(struct engine *e, const siginfo_t *info, const ucontext_t *c)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	const char *what = CONTEXT_IS_WRITE(c) ? "write to" : "read of";
	size_t vmemmap = memory_vmemmap(e->memory);

	find_function(e, c, result->function, sizeof(result->function));
	result->physical = memory_physical(e->memory, address, &result->address);
	if (result->physical)
		snprintf(result->text, sizeof(result->text),
			 "%s physical address %#llx, which is not RAM, in %s", what,
			 (unsigned long long)result->address,
			 *result->function ? result->function : "mbsim");
	else if (address >= vmemmap && address - vmemmap < MEMORY_MAX / 64)
		snprintf(result->text, sizeof(result->text),
			 "%s the struct page of pfn %#zx, which has no content, in %s", what,
			 (address - vmemmap) / 64, result->function);
	else if (address + 65536 > CONTEXT_SP(c) && address < CONTEXT_SP(c) + 65536)
		snprintf(result->text, sizeof(result->text), "the stack is used up, in %s",
			 *result->function ? result->function : "mbsim");
	else
		snprintf(result->text, sizeof(result->text), "%s bad address %#zx, in %s", what,
			 (size_t)address, *result->function ? result->function : "mbsim");
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct engine *e = engine_running;

	if (e && sig == SIGSEGV && memory_fault(e->memory, (uintptr_t)info->si_addr))
		return;
	if (!ours()) {
		end_by_signal(sig);
		return;
	}
	guard_fault(e, info, context);
	if (!*result->function && !result->physical) {
		/* mbsim's own: must not look like the kernel's */
		end_by_signal(sig);
		return;
	}
	result->end = ENGINE_FAULTED;
	siglongjmp(way_out, 1);
}

static void on_alarm(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;
	const char *name;
	size_t offset, len;

	(void)sig, (void)info;
	if (!ours())
		return;
	/* in mbsim's own code, which may hold a lock: wait for the next tick */
	if (!engine_symbol(engine_running, CONTEXT_PC(c), &name, &offset, &len))
		return;
	find_function(engine_running, c, result->function, sizeof(result->function));
	result->end = ENGINE_TIMED_OUT;
	snprintf(result->text, sizeof(result->text), "took too long, stopped in %s",
		 result->function);
	siglongjmp(way_out, 1);
}

static void handle(int sig, void (*fn)(int, siginfo_t *, void *))
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

void guard_install(void)
{
	static bool installed;
	stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof(signal_stack) };

	if (installed)
		return;
	installed = true;
	sigaltstack(&stack, NULL);
	handle(SIGSEGV, on_fault);
	handle(SIGBUS, on_fault);
	handle(SIGFPE, on_fault);
	handle(SIGILL, on_fault);
	handle(SIGTRAP, on_fault);
	handle(SIGVTALRM, on_alarm);
}

/* CPU time, so that a busy system makes no difference; then again each 20 ms. */
static void set_timer(unsigned int ms)
{
	struct itimerval t = {
		.it_value = { ms / 1000, ms % 1000 * 1000 },
		.it_interval = { 0, ms ? 20000 : 0 },
	};

	setitimer(ITIMER_VIRTUAL, &t, NULL);
}

enum engine_end guard_run(struct engine *e, void (*fn)(void *arg), void *arg,
			  unsigned int timeout_ms, struct engine_exit *exit)
{
	*exit = (struct engine_exit){ .end = ENGINE_RETURNED };
	if (engine_running)
		abort(); /* a bug of mbsim: one engine at a time */
	result = exit;
	engine_running = e;
	/* signals are not blocked on return: the handlers' masks are put back by hand */
	if (sigsetjmp(way_out, 1) == 0) {
		if (timeout_ms)
			set_timer(timeout_ms);
		fn(arg);
	}
	if (timeout_ms)
		set_timer(0);
	engine_running = NULL;
	result = NULL;
	return exit->end;
}
