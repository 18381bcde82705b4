#define _GNU_SOURCE
#include <dlfcn.h>
#include "Lanes.h"

// Eight floats to a register of 32 bytes, sixteen to one of 64: the compiler unrolls to either.
LANES void layerpeel_momentum_step(ptrdiff_t n, float *w, float *v, const float *g, float momentum,
                                   float rate, float decay) {
  if (decay == 0) {
    for (ptrdiff_t i = 0; i < n; i++) {
      float x = momentum * v[i] + g[i];
      v[i] = x;
      w[i] -= rate * x;
    }
  } else {
    for (ptrdiff_t i = 0; i < n; i++) {
      float x = momentum * v[i] + (g[i] + decay * w[i]);
      v[i] = x;
      w[i] -= rate * x;
    }
  }
}

// What OpenMP compilers emit for `#pragma omp parallel`: the library's binary interface, which GNU's
// and LLVM's both have. Looked up in the running program, where oneDNN has brought the library along
// with its threads; a pool of our own would compete with those, which keep their cores busy between
// operations.
typedef void (*parallel_function)(void (*body)(void *), void *data, unsigned threads,
                                  unsigned flags);
typedef int (*number_function)(void);

typedef struct {
  ptrdiff_t n;
  float *w, *v;
  const float *g;
  float momentum, rate, decay;
  number_function thread, threads;
} Work;

static void part(void *data) {
  const Work *a = data;
  ptrdiff_t threads = a->threads(), size = (a->n / 16 + threads) / threads * 16;
  ptrdiff_t start = size * a->thread();
  ptrdiff_t length = a->n - start < size ? a->n - start : size;
  if (length > 0)
    layerpeel_momentum_step(length, a->w + start, a->v + start, a->g + start, a->momentum, a->rate,
                            a->decay);
}

void layerpeel_momentum_step_threaded(ptrdiff_t n, float *w, float *v, const float *g,
                                      float momentum, float rate, float decay) {
  parallel_function parallel = (parallel_function)dlsym(RTLD_DEFAULT, "GOMP_parallel");
  number_function thread = (number_function)dlsym(RTLD_DEFAULT, "omp_get_thread_num");
  number_function threads = (number_function)dlsym(RTLD_DEFAULT, "omp_get_num_threads");
  if (n < 65536 || !parallel || !thread || !threads) {
    layerpeel_momentum_step(n, w, v, g, momentum, rate, decay);
    return;
  }
  Work work = {n, w, v, g, momentum, rate, decay, thread, threads};
  parallel(part, &work, 0, 0);
}
