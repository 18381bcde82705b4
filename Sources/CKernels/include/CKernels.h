#pragma once
#include <stddef.h>
#include <stdint.h>

// Innermost loops, each compiled for several instruction sets and chosen when the program loads.
// Every sum runs in one fixed order, so equal arguments give equal results on one machine.

// Vectors of n doubles; pointers may be equal, never partly overlapping.
double layerpeel_dot(ptrdiff_t n, const double *a, const double *b);
