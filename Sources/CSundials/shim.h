#pragma once
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_spgmr.h>

// The communicator is a null pointer in release 6; release 7 would want a macro here, and has no
// CVodeSetErrHandlerFn.
static inline int layerpeel_sundials_context(SUNContext *context) {
  return SUNContext_Create(0, context);
}
