#pragma once
#include <stddef.h>
#include <stdint.h>

// Innermost loops, each compiled for several instruction sets and chosen when the program loads.
// Every sum runs in one fixed order, so equal arguments give equal results on one machine.

// Vectors of n doubles; pointers may be equal, never partly overlapping.
double layerpeel_dot(ptrdiff_t n, const double *a, const double *b);
double layerpeel_weighted_sum_of_squares(ptrdiff_t n, const double *x, const double *w);
// z = a x + b y
void layerpeel_linear_sum(ptrdiff_t n, double a, const double *x, double b, const double *y, double *z);
// z = sum_k c[k] x[k], m terms, in one pass over memory
void layerpeel_linear_combination(ptrdiff_t n, ptrdiff_t m, const double *c, const double *const *x, double *z);
// out[k] = x . y[k]
void layerpeel_dots(ptrdiff_t n, ptrdiff_t m, const double *x, const double *const *y, double *out);
void layerpeel_product(ptrdiff_t n, const double *x, const double *y, double *z);
void layerpeel_quotient(ptrdiff_t n, const double *x, const double *y, double *z);
void layerpeel_scale(ptrdiff_t n, double a, const double *x, double *z);
void layerpeel_fill(ptrdiff_t n, double a, double *z);
void layerpeel_reciprocal(ptrdiff_t n, const double *x, double *z);
void layerpeel_absolute(ptrdiff_t n, const double *x, double *z);
void layerpeel_add_constant(ptrdiff_t n, const double *x, double b, double *z);

// z += c x, put off until layerpeel_run_sums, which runs all that this thread put off, in order and
// with the same rounding as at once. Until then neither z nor a later x may be read or freed.
void layerpeel_defer_sum(ptrdiff_t n, double c, const double *x, double *z);
void layerpeel_run_sums(void);

// Cross-entropy in the log domain. Matrices are K x N, row by row: a row a class, a column a sample.

// Overwrites a with the ratios p_ij / L (true class: minus the sum of the others) and returns log L.
// factors: scratch of 3 N doubles. least_margin: min_ij m_ij. No exponent is positive to rounding.
double layerpeel_log_loss_ratios(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y,
                                 double *a, double *factors, double *least_margin);
// The same log L and least margin, without the ratios; a is scratch.
double layerpeel_log_loss(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y, double *a,
                          double *factors, double *least_margin);
// Change da of those ratios, and returned of log L, when the logits move by dz; L is e^log L.
double layerpeel_ratio_change(ptrdiff_t K, ptrdiff_t N, const double *a, double L, const double *dz,
                              const int32_t *y, double *da, double *factors);
// m_i = min_j m_ij, one a sample.
void layerpeel_margins(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y, double *margins);
// e^x within two units in the last place; 0 below -708.
void layerpeel_exponential(ptrdiff_t n, const double *x, double *z);

// Rows of a last layer: n rows of d numbers, row after row, of classes y from 0 to K - 1.

// z = x, n numbers.
void layerpeel_widen(ptrdiff_t n, const float *x, double *z);
// Adds each row to that of its class in sums, K x d.
void layerpeel_class_sums(ptrdiff_t n, ptrdiff_t d, const double *h, const int32_t *y, double *sums);
// residuals: rows minus their class's mean. within and total: squared distances of each row to that
// mean and to centre. nearest: the class with the nearest mean, the first of equals.
void layerpeel_scatter(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, const double *h, const int32_t *y,
                       const double *means, const double *centre, double *residuals, double *within,
                       double *total, int32_t *nearest);
// sum_i (a x_i + b y_i)^2
double layerpeel_sum_of_squares_of_sum(ptrdiff_t n, double a, const double *x, double b,
                                       const double *y);
// Below, w is K x d, and a and z are the columns of n samples in K x N: rows N apart.
// z_ki = w_k . h_i
void layerpeel_row_products(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *h,
                            const double *w, double *z);
// sums_k += sum_i a_ki h_i, K x d
void layerpeel_add_weighted_rows(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *h,
                                 const double *a, double *sums);
// ||p h_i + q g_i||^2 of each row, with g_i = sum_k a_ki w_k.
void layerpeel_residuals(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, double p, const double *h,
                         double q, const double *a, const double *w, double *squares);
// Of each row's change x = later - earlier, that g_i and the direction m of its class: x.x, x.g, g.g
// and x.m, one after the other.
void layerpeel_changes(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *later,
                       const double *earlier, const double *a, const double *w, const int32_t *y,
                       const double *directions, double *products);

// Runs body for shares 0 to count - 1, each once, on the threads of an OpenMP library where the
// program has one, else one after the other.
void layerpeel_run_shares(ptrdiff_t count, void (*body)(ptrdiff_t share, void *context),
                          void *context);

// Descent with momentum in float32: v ← momentum v + (g + decay w), w ← w - rate v. One pass.
void layerpeel_momentum_step(ptrdiff_t n, float *w, float *v, const float *g, float momentum,
                             float rate, float decay);
// The same on the threads of an OpenMP library, where the program has one; bit for bit the same.
void layerpeel_momentum_step_threaded(ptrdiff_t n, float *w, float *v, const float *g,
                                      float momentum, float rate, float decay);
