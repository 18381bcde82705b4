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

// ||x - y||^2 of two rows x, each summed in lanes; differences first, so that no offset costs digits.
INLINE void squared_distances(ptrdiff_t d, const double *const x[2], const double *y, double out[2]) {
  v8 s[2][2] = {{{0}}};
  ptrdiff_t j = 0;
  for (; j + 16 <= d; j += 16)
    for (int r = 0; r < 2; r++) {
      v8 a = load(x[r] + j) - load(y + j), b = load(x[r] + j + 8) - load(y + j + 8);
      s[r][0] += a * a;
      s[r][1] += b * b;
    }
  for (int r = 0; r < 2; r++) {
    v8 lanes = s[r][0] + s[r][1];
    out[r] = lane_sum(lanes);
    for (ptrdiff_t l = j; l < d; l++) out[r] += (x[r][l] - y[l]) * (x[r][l] - y[l]);
  }
}

// Rows go two, four or eight at a time, so that what they are compared with is loaded once for all.
// Where fewer are left the last stands in for those that are not there, and is done again.
LANES void layerpeel_scatter(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, const double *h, const int32_t *y,
                             const double *means, const double *centre, double *residuals,
                             double *within, double *total, int32_t *nearest) {
  for (ptrdiff_t i = 0; i < n; i += 2) {
    ptrdiff_t last = i + 1 < n ? i + 1 : i;
    const double *rows[2] = {h + i * d, h + last * d};
    double distance[2], least[2] = {__builtin_inf(), __builtin_inf()};
    for (ptrdiff_t r = i; r <= last; r++) {
      for (ptrdiff_t j = 0; j < d; j++) residuals[r * d + j] = h[r * d + j] - means[y[r] * d + j];
      nearest[r] = 0;
    }
    squared_distances(d, rows, centre, distance);
    for (ptrdiff_t r = i; r <= last; r++) total[r] = distance[r - i];
    for (ptrdiff_t k = 0; k < K; k++) {
      squared_distances(d, rows, means + k * d, distance);
      for (ptrdiff_t r = i; r <= last; r++) {
        if (k == y[r]) within[r] = distance[r - i];
        if (distance[r - i] < least[r - i]) {
          least[r - i] = distance[r - i];
          nearest[r] = (int32_t)k;
        }
      }
    }
  }
}

LANES void layerpeel_row_products(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *h,
                                  const double *w, double *z) {
  for (ptrdiff_t i = 0; i < n; i += 4)
    for (ptrdiff_t k = 0; k < K; k += 2) {
      ptrdiff_t row[4], class[2];
      for (int r = 0; r < 4; r++) row[r] = i + r < n ? i + r : n - 1;
      for (int c = 0; c < 2; c++) class[c] = k + c < K ? k + c : K - 1;
      v8 s[4][2] = {{{0}}};
      ptrdiff_t j = 0;
      for (; j + 8 <= d; j += 8)
        for (int r = 0; r < 4; r++)
          for (int c = 0; c < 2; c++) s[r][c] += load(h + row[r] * d + j) * load(w + class[c] * d + j);
      for (int r = 0; r < 4; r++)
        for (int c = 0; c < 2; c++) {
          double sum = lane_sum(s[r][c]);
          for (ptrdiff_t l = j; l < d; l++) sum += h[row[r] * d + l] * w[class[c] * d + l];
          z[class[c] * N + row[r]] = sum;
        }
    }
}

// Adds a_k0 h_0 + a_k1 h_1 + ... of so many rows to the row of each class k in sums.
INLINE void add_weighted_rows(int rows, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *h,
                              const double *a, double *sums) {
  ptrdiff_t j = 0;
  for (; j + 8 <= d; j += 8) {
    v8 x[8];
    for (int r = 0; r < rows; r++) x[r] = load(h + r * d + j);
    for (ptrdiff_t k = 0; k < K; k++) {
      v8 sum = load(sums + k * d + j);
      for (int r = 0; r < rows; r++) sum += a[k * N + r] * x[r];
      store(sums + k * d + j, sum);
    }
  }
  for (; j < d; j++)
    for (ptrdiff_t k = 0; k < K; k++)
      for (int r = 0; r < rows; r++) sums[k * d + j] += a[k * N + r] * h[r * d + j];
}

LANES void layerpeel_add_weighted_rows(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N,
                                       const double *h, const double *a, double *sums) {
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8) add_weighted_rows(8, d, K, N, h + i * d, a + i, sums);
  for (; i < n; i++) add_weighted_rows(1, d, K, N, h + i * d, a + i, sums);
}

// Columns j to j + 7 of four rows of A^T W, which are never stored.
INLINE void slopes(ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *a, const ptrdiff_t row[4],
                   const double *w, ptrdiff_t j, v8 g[4]) {
  for (int r = 0; r < 4; r++) g[r] = (v8){0};
  for (ptrdiff_t k = 0; k < K; k++) {
    v8 x = load(w + k * d + j);
    for (int r = 0; r < 4; r++) g[r] += a[k * N + row[r]] * x;
  }
}

// One of their entries.
INLINE double slope(ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *a, ptrdiff_t row,
                    const double *w, ptrdiff_t j) {
  double g = 0;
  for (ptrdiff_t k = 0; k < K; k++) g += a[k * N + row] * w[k * d + j];
  return g;
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

LANES void layerpeel_residuals(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, double p,
                               const double *h, double q, const double *a, const double *w,
                               double *squares) {
  for (ptrdiff_t i = 0; i < n; i += 4) {
    ptrdiff_t row[4], j = 0;
    for (int r = 0; r < 4; r++) row[r] = i + r < n ? i + r : n - 1;
    v8 s[4] = {{0}}, g[4];
    for (; j + 8 <= d; j += 8) {
      slopes(d, K, N, a, row, w, j, g);
      for (int r = 0; r < 4; r++) {
        v8 x = p * load(h + row[r] * d + j) + q * g[r];
        s[r] += x * x;
      }
    }
    for (int r = 0; r < 4; r++) {
      double sum = lane_sum(s[r]);
      for (ptrdiff_t l = j; l < d; l++) {
        double x = p * h[row[r] * d + l] + q * slope(d, K, N, a, row[r], w, l);
        sum += x * x;
      }
      squares[row[r]] = sum;
    }
  }
}

LANES void layerpeel_changes(ptrdiff_t n, ptrdiff_t d, ptrdiff_t K, ptrdiff_t N, const double *later,
                             const double *earlier, const double *a, const double *w,
                             const int32_t *y, const double *directions, double *products) {
  for (ptrdiff_t i = 0; i < n; i += 4) {
    ptrdiff_t row[4], j = 0;
    for (int r = 0; r < 4; r++) row[r] = i + r < n ? i + r : n - 1;
    v8 s[4][4] = {{{0}}}, g[4];
    for (; j + 8 <= d; j += 8) {
      slopes(d, K, N, a, row, w, j, g);
      for (int r = 0; r < 4; r++) {
        v8 x = load(later + row[r] * d + j) - load(earlier + row[r] * d + j);
        s[r][0] += x * x;
        s[r][1] += x * g[r];
        s[r][2] += g[r] * g[r];
        s[r][3] += x * load(directions + y[row[r]] * d + j);
      }
    }
    for (int r = 0; r < 4; r++) {
      double *out = products + 4 * row[r];
      for (int m = 0; m < 4; m++) out[m] = lane_sum(s[r][m]);
      for (ptrdiff_t l = j; l < d; l++) {
        double x = later[row[r] * d + l] - earlier[row[r] * d + l];
        double c = slope(d, K, N, a, row[r], w, l);
        out[0] += x * x;
        out[1] += x * c;
        out[2] += c * c;
        out[3] += x * directions[y[row[r]] * d + l];
      }
    }
  }
}
