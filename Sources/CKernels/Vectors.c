#include "Lanes.h"

LANES double layerpeel_dot(ptrdiff_t n, const double *a, const double *b) {
  v8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  ptrdiff_t i = 0;
  for (; i + 32 <= n; i += 32) {
    s0 += load(a + i) * load(b + i);
    s1 += load(a + i + 8) * load(b + i + 8);
    s2 += load(a + i + 16) * load(b + i + 16);
    s3 += load(a + i + 24) * load(b + i + 24);
  }
  v8 s = (s0 + s1) + (s2 + s3);
  double sum = lane_sum(s);
  for (; i < n; i++) sum += a[i] * b[i];
  return sum;
}

LANES double layerpeel_weighted_sum_of_squares(ptrdiff_t n, const double *x, const double *w) {
  v8 s0 = {0}, s1 = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    v8 p = load(x + i) * load(w + i), q = load(x + i + 8) * load(w + i + 8);
    s0 += p * p;
    s1 += q * q;
  }
  v8 s = s0 + s1;
  double sum = lane_sum(s);
  for (; i < n; i++) {
    double p = x[i] * w[i];
    sum += p * p;
  }
  return sum;
}

LANES void layerpeel_linear_sum(ptrdiff_t n, double a, const double *x, double b, const double *y, double *z) {
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8) store(z + i, a * load(x + i) + b * load(y + i));
  for (; i < n; i++) z[i] = a * x[i] + b * y[i];
}

LANES void layerpeel_linear_combination(ptrdiff_t n, ptrdiff_t m, const double *c, const double *const *x, double *z) {
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8) {
    v8 s = c[0] * load(x[0] + i);
    for (ptrdiff_t k = 1; k < m; k++) s += c[k] * load(x[k] + i);
    store(z + i, s);
  }
  for (; i < n; i++) {
    double s = c[0] * x[0][i];
    for (ptrdiff_t k = 1; k < m; k++) s += c[k] * x[k][i];
    z[i] = s;
  }
}

// Four at a time, so that x is read once for four products.
LANES static void four_dots(ptrdiff_t n, const double *x, const double *const *y, double *out) {
  v8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8) {
    v8 p = load(x + i);
    s0 += p * load(y[0] + i);
    s1 += p * load(y[1] + i);
    s2 += p * load(y[2] + i);
    s3 += p * load(y[3] + i);
  }
  double t[4] = {lane_sum(s0), lane_sum(s1), lane_sum(s2), lane_sum(s3)};
  for (; i < n; i++)
    for (int k = 0; k < 4; k++) t[k] += x[i] * y[k][i];
  for (int k = 0; k < 4; k++) out[k] = t[k];
}

void layerpeel_dots(ptrdiff_t n, ptrdiff_t m, const double *x, const double *const *y, double *out) {
  ptrdiff_t k = 0;
  for (; k + 4 <= m; k += 4) four_dots(n, x, y + k, out + k);
  for (; k < m; k++) out[k] = layerpeel_dot(n, x, y[k]);
}

LANES void layerpeel_product(ptrdiff_t n, const double *x, const double *y, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = x[i] * y[i];
}
LANES void layerpeel_quotient(ptrdiff_t n, const double *x, const double *y, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = x[i] / y[i];
}
LANES void layerpeel_scale(ptrdiff_t n, double a, const double *x, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = a * x[i];
}
LANES void layerpeel_fill(ptrdiff_t n, double a, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = a;
}
LANES void layerpeel_reciprocal(ptrdiff_t n, const double *x, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = 1 / x[i];
}
LANES void layerpeel_absolute(ptrdiff_t n, const double *x, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = __builtin_fabs(x[i]);
}
LANES void layerpeel_add_constant(ptrdiff_t n, const double *x, double b, double *z) {
  for (ptrdiff_t i = 0; i < n; i++) z[i] = x[i] + b;
}
