#include "Lanes.h"
#include <math.h>

// Eight samples at a time: one cache line of each class's row, so that a column of the matrix is in
// the innermost cache while the passes over the classes run.

// Every helper below is inlined into its caller, so no v8 ever crosses a call: nothing depends on
// the calling convention that this warning is about.
#pragma GCC diagnostic ignored "-Wpsabi"

#define LANE_MAX(a, b) select((a) > (b), a, b)
INLINE v8 select(i8 mask, v8 yes, v8 no) {
  return (v8)((mask & (i8)yes) | (~mask & (i8)no));
}

// Adding 1.5 * 2^52 rounds to an integer and leaves it in the low bits; then a Taylor polynomial of
// degree 13 on |r| <= log(2)/2, whose remainder is below 5e-18 of the value.
INLINE v8 exponential(v8 x) {
  const double magic = 6755399441055744.0;
  v8 low = (v8){0} - 708, high = (v8){0} + 700;
  v8 c = LANE_MAX(x, low);
  c = select(c > high, high, c);
  v8 shifted = c * 1.4426950408889634 + magic, k = shifted - magic;
  v8 r = (c - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  v8 p = (v8){0} + 1.6059043836821613e-10;
  p = p * r + 2.08767569878681e-09;
  p = p * r + 2.505210838544172e-08;
  p = p * r + 2.7557319223985888e-07;
  p = p * r + 2.7557319223985893e-06;
  p = p * r + 2.48015873015873e-05;
  p = p * r + 1.984126984126984e-04;
  p = p * r + 1.388888888888889e-03;
  p = p * r + 8.333333333333333e-03;
  p = p * r + 4.1666666666666664e-02;
  p = p * r + 0.16666666666666666;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  i8 power = ((i8)shifted + 1023) << 52;
  return select(x < low, (v8){0}, p * (v8)power);
}

// Up to eight columns from column i on; lanes past the last sample read as zero.
INLINE v8 load_some(const double *p, ptrdiff_t lanes) {
  if (lanes >= 8) return load(p);
  v8 v = {0};
  for (ptrdiff_t k = 0; k < lanes; k++) v[k] = p[k];
  return v;
}
INLINE void store_some(double *p, v8 v, ptrdiff_t lanes) {
  if (lanes >= 8) {
    store(p, v);
    return;
  }
  for (ptrdiff_t k = 0; k < lanes; k++) p[k] = v[k];
}

// The labels of eight samples as doubles, -1 past the last, and the true-class entries of z.
INLINE void targets(ptrdiff_t N, const double *z, const int32_t *y, ptrdiff_t i, ptrdiff_t lanes,
                    v8 *label, v8 *entry) {
  v8 l = (v8){0} - 1, e = {0};
  for (ptrdiff_t k = 0; k < lanes && k < 8; k++) {
    l[k] = y[i + k];
    e[k] = z[y[i + k] * N + i + k];
  }
  *label = l;
  *entry = e;
}

// One sample's loss as mantissa * e^base, and the logarithm of the factor from the stored
// exponentials to probabilities: with s = peak + log(sum), loss = log(1 + e^s).
INLINE void sample_loss(double peak, double sum, double *base, double *mantissa, double *factor) {
  double loss;
  if (peak > 0) loss = peak + log(sum + exp(-peak));
  else if (peak > -40) loss = log1p(sum * exp(peak));
  else {  // log(1 + x) is x to rounding
    *base = peak;
    *mantissa = sum;
    *factor = peak;
    return;
  }
  *base = 0;
  *mantissa = loss;
  *factor = peak - loss;
}

INLINE double log_loss(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y, double *a,
                       double *factors, double *least_margin) {
  const double infinity = __builtin_inf();
  double *base = factors, *mantissa = factors + N, *factor = factors + 2 * N;
  double largest_peak = -infinity, top = -infinity;
  for (ptrdiff_t i = 0; i < N; i += 8) {
    ptrdiff_t lanes = N - i < 8 ? N - i : 8;
    v8 label, entry;
    targets(N, z, y, i, lanes, &label, &entry);
    v8 none = (v8){0} - infinity, peak = none;
    for (ptrdiff_t j = 0; j < K; j++) {
      v8 e = load_some(z + j * N + i, lanes) - entry;
      e = select(label == (double)j, none, e);
      peak = LANE_MAX(e, peak);
    }
    v8 sum = {0};
    for (ptrdiff_t j = 0; j < K; j++) {
      v8 e = exponential((load_some(z + j * N + i, lanes) - entry) - peak);
      e = select(label == (double)j, (v8){0}, e);
      store_some(a + j * N + i, e, lanes);
      sum += e;
    }
    double deepest = -infinity;
    for (ptrdiff_t k = 0; k < lanes; k++) deepest = peak[k] > deepest ? peak[k] : deepest;
    if (deepest > largest_peak) largest_peak = deepest;
    if (deepest <= -40) {
      store_some(base + i, peak, lanes);
      store_some(mantissa + i, sum, lanes);
      store_some(factor + i, peak, lanes);
      if (deepest > top) top = deepest;
    } else {
      for (ptrdiff_t k = 0; k < lanes; k++) {
        sample_loss(peak[k], sum[k], base + i + k, mantissa + i + k, factor + i + k);
        if (base[i + k] > top) top = base[i + k];
      }
    }
  }
  *least_margin = -largest_peak;
  v8 total = {0};
  for (ptrdiff_t i = 0; i < N; i += 8) {
    ptrdiff_t lanes = N - i < 8 ? N - i : 8;
    total += load_some(mantissa + i, lanes) * exponential(load_some(base + i, lanes) - top);
  }
  return top + log(lane_sum(total));
}

LANES double layerpeel_log_loss(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y, double *a,
                                double *factors, double *least_margin) {
  return log_loss(K, N, z, y, a, factors, least_margin);
}

// The true-class entries of a, minus what the other classes of the same samples sum to.
INLINE void store_targets(ptrdiff_t N, const int32_t *y, ptrdiff_t i, ptrdiff_t lanes, v8 sum, double *a) {
  for (ptrdiff_t k = 0; k < lanes; k++) a[y[i + k] * N + i + k] = -sum[k];
}

LANES double layerpeel_log_loss_ratios(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y,
                                       double *a, double *factors, double *least_margin) {
  double value = log_loss(K, N, z, y, a, factors, least_margin);
  for (ptrdiff_t i = 0; i < N; i += 8) {
    ptrdiff_t lanes = N - i < 8 ? N - i : 8;
    v8 factor = exponential(load_some(factors + 2 * N + i, lanes) - value), sum = {0};
    for (ptrdiff_t j = 0; j < K; j++) {
      v8 ratio = load_some(a + j * N + i, lanes) * factor;
      store_some(a + j * N + i, ratio, lanes);
      sum += ratio;
    }
    store_targets(N, y, i, lanes, sum, a);
  }
  return value;
}

LANES double layerpeel_ratio_change(ptrdiff_t K, ptrdiff_t N, const double *a, double L, const double *dz,
                                    const int32_t *y, double *da, double *factors) {
  v8 total = {0};
  for (ptrdiff_t i = 0; i < N; i += 8) {
    ptrdiff_t lanes = N - i < 8 ? N - i : 8;
    v8 label, entry, sum = {0};
    targets(N, dz, y, i, lanes, &label, &entry);
    for (ptrdiff_t j = 0; j < K; j++)  // the true class adds a * 0
      sum += load_some(a + j * N + i, lanes) * (load_some(dz + j * N + i, lanes) - entry);
    store_some(factors + i, sum, lanes);
    total += sum;
  }
  double slope = lane_sum(total);
  for (ptrdiff_t i = 0; i < N; i += 8) {
    ptrdiff_t lanes = N - i < 8 ? N - i : 8;
    v8 label, entry, sum = {0};
    targets(N, dz, y, i, lanes, &label, &entry);
    v8 common = entry + L * load_some(factors + i, lanes) + slope;
    for (ptrdiff_t j = 0; j < K; j++) {
      v8 change = load_some(a + j * N + i, lanes) * (load_some(dz + j * N + i, lanes) - common);
      change = select(label == (double)j, (v8){0}, change);
      store_some(da + j * N + i, change, lanes);
      sum += change;
    }
    store_targets(N, y, i, lanes, sum, da);
  }
  return slope;
}

LANES void layerpeel_margins(ptrdiff_t K, ptrdiff_t N, const double *z, const int32_t *y, double *margins) {
  const double infinity = __builtin_inf();
  for (ptrdiff_t i = 0; i < N; i += 8) {
    ptrdiff_t lanes = N - i < 8 ? N - i : 8;
    v8 label, entry, least = (v8){0} + infinity;
    targets(N, z, y, i, lanes, &label, &entry);
    for (ptrdiff_t j = 0; j < K; j++) {
      v8 m = entry - load_some(z + j * N + i, lanes);
      m = select(label == (double)j, (v8){0} + infinity, m);
      least = select(m < least, m, least);
    }
    store_some(margins + i, least, lanes);
  }
}

LANES void layerpeel_exponential(ptrdiff_t n, const double *x, double *z) {
  for (ptrdiff_t i = 0; i < n; i += 8) {
    ptrdiff_t lanes = n - i < 8 ? n - i : 8;
    store_some(z + i, exponential(load_some(x + i, lanes)), lanes);
  }
}
