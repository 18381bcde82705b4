#pragma once
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_spgmr.h>

// Release 7 wants a communicator, a macro there; 6 wants a null pointer.
static inline int layerpeel_sundials_context(SUNContext *context) {
#if SUNDIALS_VERSION_MAJOR >= 7
  return SUNContext_Create(SUN_COMM_NULL, context);
#else
  return SUNContext_Create(0, context);
#endif
}
