internal import COneDNN

/// How the entries of a tensor lie in memory.
final class TensorLayout {
  let handle: layerpeel_layout
  /// How many extents the tensor has; an opaque one, of working memory, counts as one.
  let rank: Int

  init(_ handle: layerpeel_layout?, rank: Int) {
    guard let handle else { fatalError("oneDNN refused a layout") }
    (self.handle, self.rank) = (handle, rank)
  }

  /// One row of numbers.
  static func vector(_ count: Int) -> TensorLayout { make([count], dnnl_a) }
  /// Row by row.
  static func rows(_ rows: Int, _ columns: Int) -> TensorLayout { make([rows, columns], dnnl_ab) }
  /// Four extents, the last of them running fastest: images by sample, channel, row and column,
  /// kernels by output, input, row and column.
  static func plain(_ extents: [Int]) -> TensorLayout {
    make(extents, [dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd][extents.count - 1])
  }
  /// Whatever suits the operation that it is given to.
  static func free(_ extents: [Int]) -> TensorLayout { make(extents, dnnl_format_tag_any) }
  /// The memory of `rows(rows, columns)`, seen as one image of `rows` pixels and `columns`
  /// channels.
  ///
  /// Batch normalisation of a plain matrix has no fast code in oneDNN (25 times slower); that of an
  /// image with its channels innermost has, and means the same.
  static func pixels(_ rows: Int, _ columns: Int) -> TensorLayout {
    make([1, columns, rows, 1], dnnl_nhwc)
  }

  private static func make(_ extents: [Int], _ tag: dnnl_format_tag_t) -> TensorLayout {
    let extents = extents.map(Int64.init)
    return TensorLayout(
      layerpeel_layout_create(Int32(extents.count), extents, tag), rank: extents.count)
  }

  /// The extents of the tensor, as in its plain layout.
  var extents: [Int] {
    withExtendedLifetime(self) {
      (0..<rank).map {
        let extent = layerpeel_layout_size(handle, Int32($0))
        precondition(extent >= 0, "oneDNN gave no extent \($0) of a layout")
        return Int(extent)
      }
    }
  }

  /// Memory it takes, padding included, in floats.
  var count: Int { withExtendedLifetime(self) { (layerpeel_layout_bytes(handle) + 3) / 4 } }

  func isEqual(to other: TensorLayout) -> Bool {
    withExtendedLifetime((self, other)) { layerpeel_layouts_equal(handle, other.handle) != 0 }
  }

  deinit { layerpeel_layout_destroy(handle) }
}
