#pragma once
#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>
#include <string.h>

// One face over oneDNN 2.x (operation descriptors, memory descriptors by value) and 3.x (neither).
// A layout is always an opaque pointer that its owner destroys; whatever fails returns null or a
// status. Only float32, and only what the networks need.

typedef struct layerpeel_layout_ *layerpeel_layout;

static const int64_t layerpeel_zeros[DNNL_MAX_NDIMS] = {0};

#define LAYERPEEL_BUILD(name, ...)                                                         \
  static inline dnnl_status_t layerpeel_##name(dnnl_primitive_desc_t *made, dnnl_engine_t engine, \
                                               const_dnnl_primitive_attr_t attributes, __VA_ARGS__)

#if DNNL_VERSION_MAJOR >= 3

#define LAYERPEEL_MD(layout) ((const_dnnl_memory_desc_t)(layout))
// An argument that only 3.x takes.
#define LAYERPEEL_NEWER(argument) argument,
#define LAYERPEEL_MAKE(type, way, hint, ...) \
  return dnnl_##type##_##way##_primitive_desc_create(made, engine, __VA_ARGS__, hint, attributes)
#define LAYERPEEL_FORWARD(type, ...) \
  return dnnl_##type##_forward_primitive_desc_create(made, engine, __VA_ARGS__, attributes)

static inline layerpeel_layout layerpeel_layout_create(int rank, const int64_t *dims,
                                                       dnnl_format_tag_t tag) {
  dnnl_memory_desc_t result = 0;
  dnnl_status_t status = dnnl_memory_desc_create_with_tag(&result, rank, dims, dnnl_f32, tag);
  return status == dnnl_success ? (layerpeel_layout)result : 0;
}

static inline layerpeel_layout layerpeel_layout_of(const_dnnl_primitive_desc_t primitive,
                                                   dnnl_query_t role) {
  dnnl_memory_desc_t result = 0;
  const_dnnl_memory_desc_t source = dnnl_primitive_desc_query_md(primitive, role, 0);
  if (!source || dnnl_memory_desc_clone(&result, source) != dnnl_success) return 0;
  return (layerpeel_layout)result;
}

// Negative where it is not known.
static inline int64_t layerpeel_layout_size(layerpeel_layout layout, int axis) {
  dnnl_dims_t *dims = 0;
  dnnl_status_t status = dnnl_memory_desc_query(LAYERPEEL_MD(layout), dnnl_query_dims, &dims);
  return status == dnnl_success && dims ? (*dims)[axis] : -1;
}

static inline void layerpeel_layout_destroy(layerpeel_layout layout) {
  dnnl_memory_desc_destroy((dnnl_memory_desc_t)layout);
}

static inline dnnl_status_t layerpeel_append_relu(dnnl_post_ops_t chain) {
  return dnnl_post_ops_append_eltwise(chain, dnnl_eltwise_relu, 0, 0);
}

#else

#define LAYERPEEL_MD(layout) ((const dnnl_memory_desc_t *)(layout))
#define LAYERPEEL_NEWER(argument)
// Initialises the descriptor of one operation and makes a primitive descriptor of it.
#define LAYERPEEL_MAKE(type, way, hint, ...)                                              \
  dnnl_##type##_desc_t description;                                                       \
  dnnl_status_t status = dnnl_##type##_##way##_desc_init(&description, __VA_ARGS__);      \
  return status == dnnl_success                                                           \
             ? dnnl_primitive_desc_create(made, &description, attributes, engine, hint)   \
             : status
#define LAYERPEEL_FORWARD(type, ...) LAYERPEEL_MAKE(type, forward, 0, __VA_ARGS__)

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

static inline int64_t layerpeel_layout_size(layerpeel_layout layout, int axis) {
  return LAYERPEEL_MD(layout)->dims[axis];
}

static inline void layerpeel_layout_destroy(layerpeel_layout layout) { free(layout); }

static inline dnnl_status_t layerpeel_append_relu(dnnl_post_ops_t chain) {
  return dnnl_post_ops_append_eltwise(chain, 1, dnnl_eltwise_relu, 0, 0);
}

#endif

// Products y = x Wᵀ + b and their gradients.

LAYERPEEL_BUILD(product, layerpeel_layout x, layerpeel_layout w, layerpeel_layout b,
                layerpeel_layout y) {
  LAYERPEEL_FORWARD(inner_product, dnnl_forward_training, LAYERPEEL_MD(x), LAYERPEEL_MD(w),
                    LAYERPEEL_MD(b), LAYERPEEL_MD(y));
}

LAYERPEEL_BUILD(product_to_weights, layerpeel_layout x, layerpeel_layout w, layerpeel_layout b,
                layerpeel_layout y, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(inner_product, backward_weights, forward, LAYERPEEL_MD(x), LAYERPEEL_MD(w),
                 LAYERPEEL_MD(b), LAYERPEEL_MD(y));
}

LAYERPEEL_BUILD(product_to_inputs, layerpeel_layout x, layerpeel_layout w, layerpeel_layout y,
                const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(inner_product, backward_data, forward, LAYERPEEL_MD(x), LAYERPEEL_MD(w),
                 LAYERPEEL_MD(y));
}

// Convolutions; stride and padding have one entry for rows and one for columns.

LAYERPEEL_BUILD(convolution, dnnl_alg_kind_t algorithm, layerpeel_layout x, layerpeel_layout w,
                layerpeel_layout b, layerpeel_layout y, const int64_t *stride,
                const int64_t *padding) {
  LAYERPEEL_FORWARD(convolution, dnnl_forward_training, algorithm, LAYERPEEL_MD(x),
                    LAYERPEEL_MD(w), LAYERPEEL_MD(b), LAYERPEEL_MD(y), stride,
                    LAYERPEEL_NEWER(layerpeel_zeros) padding, padding);
}

LAYERPEEL_BUILD(convolution_to_weights, dnnl_alg_kind_t algorithm, layerpeel_layout x,
                layerpeel_layout w, layerpeel_layout b, layerpeel_layout y, const int64_t *stride,
                const int64_t *padding, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(convolution, backward_weights, forward, algorithm, LAYERPEEL_MD(x),
                 LAYERPEEL_MD(w), LAYERPEEL_MD(b), LAYERPEEL_MD(y), stride,
                 LAYERPEEL_NEWER(layerpeel_zeros) padding, padding);
}

LAYERPEEL_BUILD(convolution_to_inputs, dnnl_alg_kind_t algorithm, layerpeel_layout x,
                layerpeel_layout w, layerpeel_layout y, const int64_t *stride,
                const int64_t *padding, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(convolution, backward_data, forward, algorithm, LAYERPEEL_MD(x),
                 LAYERPEEL_MD(w), LAYERPEEL_MD(y), stride, LAYERPEEL_NEWER(layerpeel_zeros) padding,
                 padding);
}

// Batch normalisation; gradients are laid out like x.

LAYERPEEL_BUILD(normalization, dnnl_prop_kind_t kind, layerpeel_layout x, float epsilon,
                unsigned flags) {
  LAYERPEEL_FORWARD(batch_normalization, kind, LAYERPEEL_NEWER(LAYERPEEL_MD(x)) LAYERPEEL_MD(x),
                    epsilon, flags);
}

LAYERPEEL_BUILD(normalization_back, layerpeel_layout x, float epsilon, unsigned flags,
                const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(batch_normalization, backward, forward, dnnl_backward, LAYERPEEL_MD(x),
                 LAYERPEEL_NEWER(LAYERPEEL_MD(x)) LAYERPEEL_MD(x), epsilon, flags);
}

// ReLU, whose gradient is found from its output.

LAYERPEEL_BUILD(relu, layerpeel_layout x) {
  LAYERPEEL_FORWARD(eltwise, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd,
                    LAYERPEEL_NEWER(LAYERPEEL_MD(x)) LAYERPEEL_MD(x), 0, 0);
}

LAYERPEEL_BUILD(relu_back, layerpeel_layout x, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(eltwise, backward, forward, dnnl_eltwise_relu_use_dst_for_bwd, LAYERPEEL_MD(x),
                 LAYERPEEL_NEWER(LAYERPEEL_MD(x)) LAYERPEEL_MD(x), 0, 0);
}

// Pooling over windows that do not overlap.

LAYERPEEL_BUILD(pooling, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, layerpeel_layout x,
                layerpeel_layout y, const int64_t *window) {
  LAYERPEEL_FORWARD(pooling, kind, algorithm, LAYERPEEL_MD(x), LAYERPEEL_MD(y), window, window,
                    LAYERPEEL_NEWER(layerpeel_zeros) layerpeel_zeros, layerpeel_zeros);
}

LAYERPEEL_BUILD(pooling_back, dnnl_alg_kind_t algorithm, layerpeel_layout x, layerpeel_layout y,
                const int64_t *window, const_dnnl_primitive_desc_t forward) {
  LAYERPEEL_MAKE(pooling, backward, forward, algorithm, LAYERPEEL_MD(x), LAYERPEEL_MD(y), window,
                 window, LAYERPEEL_NEWER(layerpeel_zeros) layerpeel_zeros, layerpeel_zeros);
}

LAYERPEEL_BUILD(sum, layerpeel_layout x) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_binary_primitive_desc_create(made, engine, dnnl_binary_add, LAYERPEEL_MD(x),
                                           LAYERPEEL_MD(x), LAYERPEEL_MD(x), attributes);
#else
  dnnl_binary_desc_t description;
  dnnl_status_t status = dnnl_binary_desc_init(&description, dnnl_binary_add, LAYERPEEL_MD(x),
                                               LAYERPEEL_MD(x), LAYERPEEL_MD(x));
  return status == dnnl_success
             ? dnnl_primitive_desc_create(made, &description, attributes, engine, 0)
             : status;
#endif
}

LAYERPEEL_BUILD(reorder, layerpeel_layout from, layerpeel_layout to) {
  return dnnl_reorder_primitive_desc_create(made, LAYERPEEL_MD(from), engine, LAYERPEEL_MD(to),
                                            engine, attributes);
}

// Working memory is the caller's; with `rectified`, ReLU is applied to what an operation gives.
static inline dnnl_status_t layerpeel_attributes_create(dnnl_primitive_attr_t *made,
                                                        int rectified) {
  dnnl_post_ops_t chain = 0;
  dnnl_status_t status = dnnl_primitive_attr_create(made);
  if (status == dnnl_success)
    status = dnnl_primitive_attr_set_scratchpad_mode(*made, dnnl_scratchpad_mode_user);
  if (status != dnnl_success || !rectified) return status;
  status = dnnl_post_ops_create(&chain);
  if (status == dnnl_success) status = layerpeel_append_relu(chain);
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*made, chain);
  dnnl_post_ops_destroy(chain);
  return status;
}

static inline size_t layerpeel_layout_bytes(layerpeel_layout layout) {
  return dnnl_memory_desc_get_size(LAYERPEEL_MD(layout));
}

static inline int layerpeel_layouts_equal(layerpeel_layout a, layerpeel_layout b) {
  return dnnl_memory_desc_equal(LAYERPEEL_MD(a), LAYERPEEL_MD(b));
}

// Memory without a place yet; `dnnl_memory_set_data_handle` gives it one.
static inline dnnl_status_t layerpeel_memory_create(dnnl_memory_t *made, layerpeel_layout layout,
                                                    dnnl_engine_t engine) {
  return dnnl_memory_create(made, LAYERPEEL_MD(layout), engine, DNNL_MEMORY_NONE);
}

// Backward batch normalisation wants its shift in 2.x and refuses it in 3.x.
static inline int layerpeel_normalization_back_takes_shift(void) {
  return DNNL_VERSION_MAJOR < 3;
}
