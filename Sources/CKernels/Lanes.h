#pragma once
#include "CKernels.h"

// Eight doubles that the compiler spreads over whatever registers the instruction set has.
typedef double v8 __attribute__((vector_size(64)));
typedef int64_t i8 __attribute__((vector_size(64)));

// A function compiled for several instruction sets and chosen when the program loads.
#if defined(__x86_64__)
#define LANES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define LANES
#endif
#define INLINE static inline __attribute__((always_inline))

// The same at any address. Macros, since a v8 passed by value would fix one calling convention.
typedef double v8u __attribute__((vector_size(64), aligned(8), may_alias));
#define load(p) ((v8)(*(const v8u *)(p)))
#define store(p, value) (*(v8u *)(p) = (value))
#define lane_sum(v) ((((v)[0] + (v)[4]) + ((v)[2] + (v)[6])) + (((v)[1] + (v)[5]) + ((v)[3] + (v)[7])))
