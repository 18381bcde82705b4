#include "Lanes.h"

// An integrator's predictor is a triangle of sums z[j] += z[j + 1] over the same few vectors. One by
// one each reads and writes main memory; together, block by block, they run in the innermost cache.

enum { MOST = 64, BLOCK = 1024 };

static _Thread_local struct {
  ptrdiff_t n, count;
  struct { double c; const double *x; double *z; } sums[MOST];
} pending;

LANES static void add_block(ptrdiff_t n, double c, const double *x, double *z) {
  ptrdiff_t i = 0;
  for (; i + 8 <= n; i += 8) store(z + i, c * load(x + i) + load(z + i));
  for (; i < n; i++) z[i] = c * x[i] + z[i];
}

void layerpeel_run_sums(void) {
  if (pending.count == 0) return;
  for (ptrdiff_t i = 0; i < pending.n; i += BLOCK) {
    ptrdiff_t length = pending.n - i < BLOCK ? pending.n - i : BLOCK;
    for (ptrdiff_t k = 0; k < pending.count; k++)
      add_block(length, pending.sums[k].c, pending.sums[k].x + i, pending.sums[k].z + i);
  }
  pending.count = 0;
}

void layerpeel_defer_sum(ptrdiff_t n, double c, const double *x, double *z) {
  if (pending.count == MOST || (pending.count > 0 && pending.n != n)) layerpeel_run_sums();
  pending.n = n;
  pending.sums[pending.count].c = c;
  pending.sums[pending.count].x = x;
  pending.sums[pending.count].z = z;
  pending.count++;
}
