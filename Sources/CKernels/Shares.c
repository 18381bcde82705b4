#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include "CKernels.h"

// What OpenMP compilers emit for `#pragma omp parallel`, looked up in the running program as for
// descent with momentum: networks have brought the library and its threads along, and other threads
// would compete with those. Which thread runs a share is left to chance; what a share is, is not.
typedef void (*parallel_function)(void (*body)(void *), void *data, unsigned threads,
                                  unsigned flags);

typedef struct {
  ptrdiff_t count;
  _Atomic ptrdiff_t next;
  void (*body)(ptrdiff_t share, void *context);
  void *context;
} Work;

static void run(void *data) {
  Work *work = data;
  for (;;) {
    ptrdiff_t share = atomic_fetch_add(&work->next, 1);
    if (share >= work->count) return;
    work->body(share, work->context);
  }
}

void layerpeel_run_shares(ptrdiff_t count, void (*body)(ptrdiff_t share, void *context),
                          void *context) {
  parallel_function parallel = (parallel_function)dlsym(RTLD_DEFAULT, "GOMP_parallel");
  Work work = {count, 0, body, context};
  if (parallel && count > 1)
    parallel(run, &work, 0, 0);
  else
    run(&work);
}
