#include <math.h>
#include "Lanes.h"

// Rows of a last layer: n rows of d doubles, each with its class. Sums within a row run in lanes, over
// rows in their order.

#pragma GCC diagnostic ignored "-Wpsabi"

LANES void layerpeel_widen(ptrdiff_t n, const float *x, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = x[i];
}

LANES void layerpeel_class_sums(ptrdiff_t n, ptrdiff_t d, const double *h, const int32_t *y,
                                double *sums) {
  for (ptrdiff_t i = 0; i < n; i++) {
    const double *row = h + i * d;
    double *sum = sums + y[i] * d;
    for (ptrdiff_t j = 0; j < d; j++) sum[j] += row[j];
  }
}

// ||x - y||^2; differences first, so that no offset costs digits.
INLINE double squared_distance(ptrdiff_t d, const double *x, const double *y) {
  v8 s0 = {0}, s1 = {0};
  ptrdiff_t j = 0;
  for (; j + 16 <= d; j += 16) {
    v8 a = load(x + j) - load(y + j), b = load(x + j + 8) - load(y + j + 8);
    s0 += a * a;
    s1 += b * b;
  }
  v8 s = s0 + s1;
  double sum = lane_sum(s);
  for (; j < d; j++) sum += (x[j] - y[j]) * (x[j] - y[j]);
  return sum;
}

LANES void layerpeel_scatter(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, const double *h, const int32_t *y,
                             const double *means, const double *centre, double *residuals,
                             double *within, double *total, int32_t *nearest) {
  for (ptrdiff_t i = 0; i < n; i++) {
    const double *row = h + i * d, *mean = means + y[i] * d;
    for (ptrdiff_t j = 0; j < d; j++) residuals[i * d + j] = row[j] - mean[j];
    total[i] = squared_distance(d, row, centre);
    double least = __builtin_inf();
    nearest[i] = 0;
    for (ptrdiff_t k = 0; k < K; k++) {
      double distance = squared_distance(d, row, means + k * d);
      if (k == y[i]) within[i] = distance;
      if (distance < least) {
        least = distance;
        nearest[i] = (int32_t)k;
      }
    }
  }
}

LANES double layerpeel_sum_of_squares_of_sum(ptrdiff_t n, double a, const double *x, double b,
                                             const double *y) {
  v8 s0 = {0}, s1 = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    v8 p = a * load(x + i) + b * load(y + i), q = a * load(x + i + 8) + b * load(y + i + 8);
    s0 += p * p;
    s1 += q * q;
  }
  v8 s = s0 + s1;
  double sum = lane_sum(s);
  for (; i < n; i++) sum += (a * x[i] + b * y[i]) * (a * x[i] + b * y[i]);
  return sum;
}

LANES void layerpeel_changes(ptrdiff_t n, ptrdiff_t d, const double *later, const double *earlier,
                             const double *g, const int32_t *y, const double *directions,
                             double *products) {
  for (ptrdiff_t i = 0; i < n; i++) {
    const double *to = later + i * d, *from = earlier + i * d, *slope = g + i * d;
    const double *direction = directions + y[i] * d;
    v8 xx = {0}, xy = {0}, yy = {0}, xm = {0};
    ptrdiff_t j = 0;
    for (; j + 8 <= d; j += 8) {
      v8 x = load(to + j) - load(from + j), s = load(slope + j);
      xx += x * x;
      xy += x * s;
      yy += s * s;
      xm += x * load(direction + j);
    }
    double a = lane_sum(xx), b = lane_sum(xy), c = lane_sum(yy), m = lane_sum(xm);
    for (; j < d; j++) {
      double x = to[j] - from[j];
      a += x * x;
      b += x * slope[j];
      c += slope[j] * slope[j];
      m += x * direction[j];
    }
    products[4 * i] = a;
    products[4 * i + 1] = b;
    products[4 * i + 2] = c;
    products[4 * i + 3] = m;
  }
}
