/* SPDX-License-Identifier: MIT */
/* Our settings over Duktape's defaults, inserted in duk_config.h. Whatever changes here changes what a contract can
 * observe or the number of steps, hence the engine's version. */
#include "lib/sandbox/meter.h"
#include "lib/sandbox/number.h"
#include "lib/sandbox/view.h"

#if !defined(__x86_64__) && !defined(__aarch64__)
#error "the engine is built for 64-bit little-endian machines only"
#endif

/* The counters, from the heap. */
#define VMS_CHARGE(heap, steps) vms__charge((vms__meter *)(heap)->heap_udata, (uint64_t)(steps))
#define VMS_METER(heap) ((vms__meter *)(heap)->heap_udata)

/* Time comes from the call, in UTC; no locale. */
#undef DUK_USE_DATE_NOW_GETTIMEOFDAY
#undef DUK_USE_DATE_NOW_TIME
#define DUK_USE_DATE_GET_NOW(thr) (VMS_METER((thr)->heap)->now_ms)
#undef DUK_USE_GET_MONOTONIC_TIME_CLOCK_GETTIME
#define DUK_USE_GET_MONOTONIC_TIME(thr) (VMS_METER((thr)->heap)->now_ms)
#undef DUK_USE_DATE_TZO_GMTIME_R
#undef DUK_USE_DATE_TZO_GMTIME_S
#undef DUK_USE_DATE_TZO_GMTIME
#define DUK_USE_DATE_GET_LOCAL_TZOFFSET(d) 0
#undef DUK_USE_DATE_PRS_STRPTIME
#undef DUK_USE_DATE_PRS_GETDATE
#undef DUK_USE_DATE_FMT_STRFTIME

/* Our own mathematics: the C library's differs between machines. What is left of it (fmod, sqrt, floor, ceil, trunc, fabs)
 * is exact by IEEE 754. Duktape's own Math is replaced; a power that a contract computes is charged where it is computed. */
#include "lib/sandbox/dmath.h"
#define DUK_USE_AVOID_PLATFORM_FUNCPTRS
#undef DUK_ACOS
#define DUK_ACOS(x) vms__acos((x), &(unsigned int) { 0 })
#undef DUK_ASIN
#define DUK_ASIN(x) vms__asin((x), &(unsigned int) { 0 })
#undef DUK_ATAN
#define DUK_ATAN(x) vms__atan((x), &(unsigned int) { 0 })
#undef DUK_ATAN2
#define DUK_ATAN2(x, y) vms__atan2((x), (y), &(unsigned int) { 0 })
#undef DUK_COS
#define DUK_COS(x) vms__cos((x), &(unsigned int) { 0 })
#undef DUK_EXP
#define DUK_EXP(x) vms__exp((x), &(unsigned int) { 0 })
#undef DUK_LOG
#define DUK_LOG(x) vms__log((x), &(unsigned int) { 0 })
#undef DUK_POW
#define DUK_POW(x, y) vms__pow((x), (y), &(unsigned int) { 0 })
#undef DUK_SIN
#define DUK_SIN(x) vms__sin((x), &(unsigned int) { 0 })
#undef DUK_TAN
#define DUK_TAN(x) vms__tan((x), &(unsigned int) { 0 })
#undef DUK_CBRT
#define DUK_CBRT(x) vms__cbrt((x), &(unsigned int) { 0 })
#undef DUK_LOG2
#define DUK_LOG2(x) vms__log2((x), &(unsigned int) { 0 })
#undef DUK_LOG10
#define DUK_LOG10(x) vms__log10((x), &(unsigned int) { 0 })

/* Nothing of the engine draws random numbers: sort and Math.random are replaced. */
#define DUK_USE_GET_RANDOM_DOUBLE(udata) 0.5

/* The same words on every build. */
#undef DUK_USE_OS_STRING
#define DUK_USE_OS_STRING "vms"
#undef DUK_USE_ARCH_STRING
#define DUK_USE_ARCH_STRING "vms"
#undef DUK_USE_COMPILER_STRING
#define DUK_USE_COMPILER_STRING "vms"
#undef DUK_USE_TARGET_INFO
#define DUK_USE_TARGET_INFO "vms"

/* What contracts shall not have (CBOR, performance and Duktape.fin are in generated tables: removed at boot). */
#undef DUK_USE_JX
#undef DUK_USE_JC
#undef DUK_USE_DEBUGGER_SUPPORT
/* Finalizers would be looked for in all prototypes of whatever is freed, uncharged. */
#undef DUK_USE_FINALIZER_SUPPORT
#define DUK_HEAP_REMOVE_FROM_FINALIZE_LIST(heap, header) ((void)0) /* in a branch never taken: nothing waits to be finalized */
#undef DUK_USE_HTML_COMMENTS
#undef DUK_USE_SHEBANG_COMMENTS
#undef DUK_USE_NONSTD_GETTER_KEY_ARGUMENT
#undef DUK_USE_NONSTD_SETTER_KEY_ARGUMENT
#undef DUK_USE_NONSTD_STRING_FROMCHARCODE_32BIT
#undef DUK_USE_NONSTD_JSON_ESC_U2028_U2029
#undef DUK_USE_FUNC_FILENAME_PROPERTY
#undef DUK_USE_NONSTD_FUNC_SOURCE_PROPERTY
#undef DUK_USE_NONSTD_FUNC_CALLER_PROPERTY
#undef DUK_USE_ALLOW_UNDEFINED_BEHAVIOR
#undef DUK_USE_SOURCE_NONBMP /* it compiles lowered code alone, which is ASCII; what is Unicode is ours */
#undef DUK_USE_FASTINT
#undef DUK_USE_TAILCALL /* a recursion without end is a RangeError here as elsewhere */

/* Recursion ends in a RangeError at fixed counts, far above what 16 MiB of native stack can hold, also under
 * AddressSanitizer. Should a build need more stack all the same, the check ends the call as a failure of the machinery. */
#undef DUK_USE_CALLSTACK_LIMIT
#define DUK_USE_CALLSTACK_LIMIT 4000
#undef DUK_USE_NATIVE_CALL_RECLIMIT
#define DUK_USE_NATIVE_CALL_RECLIMIT 200
#undef DUK_USE_COMPILER_RECLIMIT
#define DUK_USE_COMPILER_RECLIMIT 500
#undef DUK_USE_JSON_DEC_RECLIMIT
#define DUK_USE_JSON_DEC_RECLIMIT 500
#undef DUK_USE_JSON_ENC_RECLIMIT
#define DUK_USE_JSON_ENC_RECLIMIT 500
#define DUK_USE_NATIVE_STACK_CHECK() vms__stack_short(VMS_METER(thr->heap))

/* Regular expressions are ours: regexp.h, bi_regexp.c. */
#undef DUK_USE_REGEXP_SUPPORT

/* 2.7 times faster for plain data; tested to give the same text as the slow path. */
#define DUK_USE_JSON_STRINGIFY_FASTPATH

/* Nothing of the engine is exported. */
#undef DUK_EXTERNAL_DECL
#define DUK_EXTERNAL_DECL extern
#undef DUK_EXTERNAL
#define DUK_EXTERNAL
