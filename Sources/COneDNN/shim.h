#pragma once
#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>
#include <string.h>

// One face over oneDNN 2.x (operation descriptors, memory descriptors by value) and 3.x (neither).
// A layout is always an opaque pointer that its owner destroys; whatever fails returns null or a
// status. Only float32, and only what the perceptron needs.

typedef struct layerpeel_layout_ *layerpeel_layout;

#define LAYERPEEL_BUILD(name, ...)                                                         \
  static inline dnnl_status_t layerpeel_##name(dnnl_primitive_desc_t *made, dnnl_engine_t engine, \
                                               __VA_ARGS__)

#if DNNL_VERSION_MAJOR >= 3

#define LAYERPEEL_MD(layout) ((const_dnnl_memory_desc_t)(layout))

static inline layerpeel_layout layerpeel_layout_create(int rank, const int64_t *dims,
                                                       dnnl_format_tag_t tag) {
  dnnl_memory_desc_t result = 0;
  dnnl_memory_desc_create_with_tag(&result, rank, dims, dnnl_f32, tag);
  return (layerpeel_layout)result;
}

static inline layerpeel_layout layerpeel_layout_of(const_dnnl_primitive_desc_t primitive,
                                                   dnnl_query_t role) {
  dnnl_memory_desc_t result = 0;
  dnnl_memory_desc_clone(&result, dnnl_primitive_desc_query_md(primitive, role, 0));
  return (layerpeel_layout)result;
}

static inline void layerpeel_layout_destroy(layerpeel_layout layout) {
  dnnl_memory_desc_destroy((dnnl_memory_desc_t)layout);
}

LAYERPEEL_BUILD(product, layerpeel_layout x, layerpeel_layout w, layerpeel_layout b,
                layerpeel_layout y) {
  return dnnl_inner_product_forward_primitive_desc_create(made, engine, dnnl_forward_training,
                                                          LAYERPEEL_MD(x), LAYERPEEL_MD(w),
                                                          LAYERPEEL_MD(b), LAYERPEEL_MD(y), 0);
}

LAYERPEEL_BUILD(product_to_weights, layerpeel_layout x, layerpeel_layout w, layerpeel_layout b,
                layerpeel_layout y, const_dnnl_primitive_desc_t forward) {
  return dnnl_inner_product_backward_weights_primitive_desc_create(
      made, engine, LAYERPEEL_MD(x), LAYERPEEL_MD(w), LAYERPEEL_MD(b), LAYERPEEL_MD(y), forward,
      0);
}

LAYERPEEL_BUILD(product_to_inputs, layerpeel_layout x, layerpeel_layout w, layerpeel_layout y,
                const_dnnl_primitive_desc_t forward) {
  return dnnl_inner_product_backward_data_primitive_desc_create(
      made, engine, LAYERPEEL_MD(x), LAYERPEEL_MD(w), LAYERPEEL_MD(y), forward, 0);
}

LAYERPEEL_BUILD(normalization, dnnl_prop_kind_t kind, layerpeel_layout x, float epsilon,
                unsigned flags) {
  return dnnl_batch_normalization_forward_primitive_desc_create(
      made, engine, kind, LAYERPEEL_MD(x), LAYERPEEL_MD(x), epsilon, flags, 0);
}

LAYERPEEL_BUILD(normalization_back, layerpeel_layout x, float epsilon, unsigned flags,
                const_dnnl_primitive_desc_t forward) {
  return dnnl_batch_normalization_backward_primitive_desc_create(
      made, engine, dnnl_backward, LAYERPEEL_MD(x), LAYERPEEL_MD(x), LAYERPEEL_MD(x), epsilon,
      flags, forward, 0);
}

LAYERPEEL_BUILD(relu, layerpeel_layout x) {
  return dnnl_eltwise_forward_primitive_desc_create(made, engine, dnnl_forward_training,
                                                    dnnl_eltwise_relu, LAYERPEEL_MD(x),
                                                    LAYERPEEL_MD(x), 0, 0, 0);
}

LAYERPEEL_BUILD(relu_back, layerpeel_layout x, const_dnnl_primitive_desc_t forward) {
  return dnnl_eltwise_backward_primitive_desc_create(made, engine, dnnl_eltwise_relu,
                                                     LAYERPEEL_MD(x), LAYERPEEL_MD(x),
                                                     LAYERPEEL_MD(x), 0, 0, forward, 0);
}

#else

#define LAYERPEEL_MD(layout) ((const dnnl_memory_desc_t *)(layout))

static inline layerpeel_layout layerpeel_layout_create(int rank, const int64_t *dims,
                                                       dnnl_format_tag_t tag) {
  dnnl_dims_t all = {0};
  memcpy(all, dims, (size_t)rank * sizeof *dims);
  dnnl_memory_desc_t *result = (dnnl_memory_desc_t *)malloc(sizeof *result);
  if (result && dnnl_memory_desc_init_by_tag(result, rank, all, dnnl_f32, tag) == dnnl_success)
    return (layerpeel_layout)result;
  free(result);
  return 0;
}

static inline layerpeel_layout layerpeel_layout_of(const_dnnl_primitive_desc_t primitive,
                                                   dnnl_query_t role) {
  const dnnl_memory_desc_t *source = dnnl_primitive_desc_query_md(primitive, role, 0);
  dnnl_memory_desc_t *result = source ? (dnnl_memory_desc_t *)malloc(sizeof *result) : 0;
  if (result) *result = *source;
  return (layerpeel_layout)result;
}

static inline void layerpeel_layout_destroy(layerpeel_layout layout) { free(layout); }

// Initialises the descriptor of one operation and makes a primitive descriptor of it.
#define LAYERPEEL_MAKE(operation, hint, suffix, ...)                                     \
  dnnl_##operation##_desc_t description;                                                 \
  dnnl_status_t status = dnnl_##operation##_##suffix##_desc_init(&description, __VA_ARGS__); \
  return status == dnnl_success                                                          \
             ? dnnl_primitive_desc_create(made, &description, 0, engine, hint)           \
             : status

LAYERPEEL_BUILD(product, layerpeel_layout x, layerpeel_layout w, layerpeel_layout b,
                layerpeel_layout y) {
  LAYERPEEL_MAKE(inner_product, 0, forward, dnnl_forward_training, LAYERPEEL_MD(x),
                 LAYERPEEL_MD(w), LAYERPEEL_MD(b), LAYERPEEL_MD(y));
}

LAYERPEEL_BUILD(product_to_weights, layerpeel_layout x, layerpeel_layout w, layerpeel_layout b,
                layerpeel_layout y, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(inner_product, forward, backward_weights, LAYERPEEL_MD(x), LAYERPEEL_MD(w),
                 LAYERPEEL_MD(b), LAYERPEEL_MD(y));
}

LAYERPEEL_BUILD(product_to_inputs, layerpeel_layout x, layerpeel_layout w, layerpeel_layout y,
                const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(inner_product, forward, backward_data, LAYERPEEL_MD(x), LAYERPEEL_MD(w),
                 LAYERPEEL_MD(y));
}

LAYERPEEL_BUILD(normalization, dnnl_prop_kind_t kind, layerpeel_layout x, float epsilon,
                unsigned flags) {
  LAYERPEEL_MAKE(batch_normalization, 0, forward, kind, LAYERPEEL_MD(x), epsilon, flags);
}

LAYERPEEL_BUILD(normalization_back, layerpeel_layout x, float epsilon, unsigned flags,
                const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(batch_normalization, forward, backward, dnnl_backward, LAYERPEEL_MD(x),
                 LAYERPEEL_MD(x), epsilon, flags);
}

LAYERPEEL_BUILD(relu, layerpeel_layout x) {
  LAYERPEEL_MAKE(eltwise, 0, forward, dnnl_forward_training, dnnl_eltwise_relu, LAYERPEEL_MD(x), 0,
                 0);
}

LAYERPEEL_BUILD(relu_back, layerpeel_layout x, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(eltwise, forward, backward, dnnl_eltwise_relu, LAYERPEEL_MD(x), LAYERPEEL_MD(x),
                 0, 0);
}

#endif

LAYERPEEL_BUILD(reorder, layerpeel_layout from, layerpeel_layout to) {
  return dnnl_reorder_primitive_desc_create(made, LAYERPEEL_MD(from), engine, LAYERPEEL_MD(to),
                                            engine, 0);
}

static inline size_t layerpeel_layout_bytes(layerpeel_layout layout) {
  return dnnl_memory_desc_get_size(LAYERPEEL_MD(layout));
}

static inline int layerpeel_layouts_equal(layerpeel_layout a, layerpeel_layout b) {
  return dnnl_memory_desc_equal(LAYERPEEL_MD(a), LAYERPEEL_MD(b));
}

static inline dnnl_status_t layerpeel_memory_create(dnnl_memory_t *made, layerpeel_layout layout,
                                                    dnnl_engine_t engine, void *elements) {
  return dnnl_memory_create(made, LAYERPEEL_MD(layout), engine, elements);
}

// Backward batch normalisation wants its shift in 2.x and refuses it in 3.x.
static inline int layerpeel_normalization_back_takes_shift(void) {
  return DNNL_VERSION_MAJOR < 3;
}
