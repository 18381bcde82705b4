import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import Testing

struct PointFileTests {
  /// The point of the fixtures, by the formulas of their script.
  static let point = Point(
    classifier: Matrix(rows: 3, columns: 4) { (Double(4 * $0 + $1) - 2.5) / 8 },
    features: Matrix(rows: 5, columns: 4) { (Double(4 * $0 + $1) - 7.25) / 16 })
  static let labels = [2, 0, 1, 1, 0]

  @Test(arguments: ["double", "single"])
  func `a point written by Python is read exactly`(_ precision: String) throws {
    let file = try PointFile(path: fixture("point_\(precision).safetensors"))
    #expect(file.point == Self.point)
    #expect(file.labels == (try Labels(Self.labels)))
    #expect(file.bias == nil)
    #expect(file.foldingBias == file.point)
    #expect(file.metadata == ["made": "by Python"])
  }

  @Test func `a bias is read, and folded in as a constant feature`() throws {
    #expect(try PointFile(path: fixture("point_bias.safetensors")).bias == [0, 0, 0])
    let file = try PointFile(path: fixture("point_other.npz"))
    let bias = try #require(file.bias)
    #expect(bias == [0.5, -1, 2])
    let folded = file.foldingBias
    #expect(folded.dimension == 5)
    for i in 0..<5 {
      #expect(Array(folded.features.row(i)) == Self.point.features.row(i) + [1])
      for k in 0..<3 {
        // Exact, as every product and sum of these few binary digits is.
        #expect(folded.logits[k, i] == Self.point.logits[k, i] + bias[k])
      }
    }
    // Two sums of the same 37 squares in another order: rounding of a few units in 2^-52.
    let squares = Point.dot(Self.point, Self.point) + bias.reduce(0) { $0 + $1 * $1 } + 5
    #expect(abs(Point.dot(folded, folded) - squares) <= 37 * 0x1p-52 * squares)
  }

  @Test(arguments: ["point", "point_streamed", "point_other"])
  func `a point saved by NumPy is read exactly, whatever else is in the file`(
    _ name: String
  ) throws {
    let file = try PointFile(path: fixture("\(name).npz"))
    #expect(file.point == Self.point)
    #expect(file.labels == (try Labels(Self.labels)))
    #expect((file.bias != nil) == (name == "point_other"))
    #expect(file.metadata == [:])
  }

  @Test func `of two arrays of features none is chosen`() throws {
    let path = fixture("point_both.npz")
    let error = FileError.malformed(
      path: path, place: "arrays H and features",
      expected: "one of them, an N × d array of floating-point numbers", found: "both",
      cure: "save only the one you mean")
    #expect(throws: error) { try PointFile(path: path) }
  }

  @Test(arguments: ["F16", "BF16"])
  func `half precision is read from safetensors too`(_ type: String) throws {
    let scratch = try Scratch()
    // 1.5 has the same digits after the exponent in both; W, H and labels after each other.
    let value: [UInt8] = type == "F16" ? [0x00, 0x3E] : [0xC0, 0x3F]
    let header =
      #"{"W":{"dtype":"\#(type)","shape":[2,1],"data_offsets":[0,4]},"#
      + #""H":{"dtype":"\#(type)","shape":[2,1],"data_offsets":[4,8]},"#
      + #""labels":{"dtype":"U8","shape":[2],"data_offsets":[8,10]}}"#
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    let values = [value, value, value, value].flatMap { $0 }
    let file = try PointFile(path: try scratch.file(length + Array(header.utf8) + values + [0, 1]))
    #expect(file.point.classifier.elements == [1.5, 1.5])
    #expect(file.point.features.elements == [1.5, 1.5])
  }

  @Test func `what a file holds is said by its content, not by its name`() throws {
    let scratch = try Scratch()
    for (name, other) in [
      ("point.npz", "a.safetensors"), ("point_double.safetensors", "b.npz"), ("point.npz", "c"),
    ] {
      let path = try scratch.file(content(of: fixture(name)), named: other)
      #expect(try PointFile(path: path).point == Self.point)
    }
  }

  @Test func `the bytes are those that Python writes`() throws {
    let scratch = try Scratch()
    let path = scratch.path("point.safetensors")
    let labels = try Labels(Self.labels)
    try PointFile.write(Self.point, labels: labels, metadata: ["made": "by Python"], to: path)
    #expect(try content(of: path) == content(of: fixture("point_double.safetensors")))
  }

  @Test func `the file that Python opened is the one that is written`() throws {
    let scratch = try Scratch()
    let path = scratch.path("point.safetensors")
    try PointFile.write(
      Self.point, labels: try Labels(Self.labels), precision: .single,
      metadata: ["made": "by LayerPeel"], to: path)
    let record = try JSONDecoder().decode(
      PythonRecord.self, from: Data(content(of: fixture("point_by_layerpeel.json"))))
    #expect(try content(of: path) == Array(try #require(record.bytes)))
    #expect(record.W == (0..<3).map { Array(Self.point.classifier.row($0)) })
    #expect(record.H == (0..<5).map { Array(Self.point.features.row($0)) })
    #expect(record.labels == Self.labels)
    #expect(record.dtypes == ["W": "float32", "H": "float32", "labels": "int64"])
    #expect(record.metadata == ["made": "by LayerPeel"])
  }

  @Test func `NumPy opened what is written, and found the same`() throws {
    let scratch = try Scratch()
    let path = scratch.path("point.npz")
    try PointFile.write(
      Self.point, labels: try Labels(Self.labels), precision: .single,
      metadata: ["made": "by LayerPeel"], to: path)
    let record = try JSONDecoder().decode(
      PythonRecord.self, from: Data(content(of: fixture("point_by_layerpeel_npz.json"))))
    #expect(record.W == (0..<3).map { Array(Self.point.classifier.row($0)) })
    #expect(record.H == (0..<5).map { Array(Self.point.features.row($0)) })
    #expect(record.labels == Self.labels)
    #expect(
      record.dtypes
        == ["W": "float32", "H": "float32", "labels": "int64", "metadata": "uint8"])
    #expect(record.metadata == ["made": "by LayerPeel"])
    // The same members; what libzip says of itself around them may change.
    let (ours, opened) = (try content(of: path), try content(of: fixture("point_by_layerpeel.npz")))
    #expect(plainMembers(of: ours) == plainMembers(of: opened))
    #expect(try PointFile(path: path).metadata == ["made": "by LayerPeel"])
  }

  @Test func `every member has the bytes that NumPy writes, and equal points equal files`() throws {
    let scratch = try Scratch()
    let (path, again) = (scratch.path("a.npz"), scratch.path("b.npz"))
    for path in [path, again] {
      try PointFile.write(Self.point, labels: try Labels(Self.labels), to: path)
    }
    let numpy = plainMembers(of: try content(of: fixture("point.npz")))
    #expect(numpy.map(\.name) == ["W.npy", "H.npy", "labels.npy"])
    #expect(plainMembers(of: try content(of: path)) == numpy)
    #expect(try content(of: path) == content(of: again))
  }

  /// What Python found in a file that we wrote.
  private struct PythonRecord: Decodable {
    let bytes: Data?
    let W: [[Double]]
    let H: [[Double]]
    let labels: [Int]
    let dtypes: [String: String]
    let metadata: [String: String]
  }

  @Test(arguments: 0..<10 as Range<UInt64>, PointFile.formats)
  func `what is written is read back`(_ seed: UInt64, _ format: String) throws {
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    let dimension = Int.random(in: 1...6, using: &generator)
    let labels = try Labels([0, 1] + (0..<7).map { _ in Int.random(in: 0...1, using: &generator) })
    func matrix(_ rows: Int) -> Matrix {
      Matrix(rows: rows, columns: dimension) { _, _ in
        let bits = generator.next()
        return Double(bitPattern: bits).isFinite ? Double(bitPattern: bits) : 0
      }
    }
    let point = Point(classifier: matrix(2), features: matrix(9))
    let path = scratch.path("point.\(format)")
    let metadata = ["seed": "\(seed)", "text": "\"\\/\u{1}\n é 😀"]
    try PointFile.write(point, labels: labels, metadata: metadata, to: path)
    let file = try PointFile(path: path)
    #expect(file.point == point)
    #expect(file.labels == labels)
    #expect(file.metadata == metadata)
    #expect(try scratch.names == ["point.\(format)"])
  }
}

/// Arrays that make no point, and the sentence that says why.
struct BadPoint: CustomTestStringConvertible, Sendable {
  let name: String
  let arrays: [NamedArray]
  let sentence: String
  var testDescription: String { name }

  static func arrays(
    w: [Int]? = [3, 4], h: [Int]? = [5, 4], labels: [Int]? = [2, 0, 1, 1, 0], entry: Double = 1
  ) -> [NamedArray] {
    func matrix(_ name: String, _ shape: [Int]) -> NamedArray {
      var values = [Double](repeating: 1, count: shape.reduce(1, *))
      if values.count > 6 { values[6] = entry }
      return NamedArray(name, shape: shape, values)
    }
    return [
      w.map { matrix("W", $0) }, h.map { matrix("H", $0) },
      labels.map { NamedArray("labels", shape: [$0.count], $0) },
    ].compactMap { $0 }
  }

  private static func bias(_ values: [Double]) -> NamedArray {
    NamedArray("bias", shape: [values.count], values)
  }

  static let all = [
    Self(
      name: "nothing", arrays: [],
      sentence:
        "array W: expected a K × d array of floating-point numbers, got none; the file has no array"
    ),
    Self(
      name: "no H", arrays: arrays(h: nil),
      sentence:
        "array H: expected an N × d array of floating-point numbers, got none; the file has W, "
        + "labels"
    ),
    Self(name: "no labels", arrays: arrays(labels: nil), sentence: "the file has H, W"),
    Self(
      name: "W of rank 3", arrays: arrays(w: [1, 3, 4]),
      sentence: "array W: expected a K × d array of floating-point numbers, got 1 × 3 × 4 of F64"),
    Self(
      name: "W of integers",
      arrays: arrays(w: nil) + [
        NamedArray("W", shape: [3, 4], [Int](repeating: 1, count: 12))
      ],
      sentence: "got 3 × 4 of I64; convert it"),
    Self(
      name: "labels of doubles",
      arrays: arrays(labels: nil) + [NamedArray("labels", shape: [5], [2.0, 0, 1, 1, 0])],
      sentence: "array labels: expected an array of N integers, got 5 values of F64"),
    Self(
      name: "labels of rank 2",
      arrays: arrays(labels: nil) + [NamedArray("labels", shape: [5, 1], [2, 0, 1, 1, 0])],
      sentence: "expected an array of N integers, got 5 × 1 of I64"),
    Self(
      name: "H transposed", arrays: arrays(h: [4, 5]),
      sentence: "array H: expected 5 × 4 (5 labels), got its transpose, 4 × 5; transpose it"),
    Self(
      name: "W transposed", arrays: arrays(w: [4, 3]),
      sentence: "array W: expected 3 × 4 (labels of 3 classes, H of 4 columns), got its transpose"),
    Self(
      name: "too few features", arrays: arrays(h: [6, 4]),
      sentence: "array H: expected 5 × 4 (5 labels), got 6 × 4"),
    Self(
      name: "too many classes", arrays: arrays(w: [4, 4]),
      sentence: "array W: expected 3 × 4 (labels of 3 classes, H of 4 columns), got 4 × 4"),
    Self(
      name: "another dimension", arrays: arrays(w: [3, 5]),
      sentence: "expected 3 × 4 (labels of 3 classes, H of 4 columns), got 3 × 5"),
    Self(
      name: "no dimension", arrays: arrays(w: [3, 0], h: [5, 0]),
      sentence: "array H: expected at least one column, got 5 × 0"),
    Self(
      name: "NaN", arrays: arrays(entry: .nan),
      sentence: "array W, entry (1, 2): expected a finite number, got nan"),
    Self(name: "infinity", arrays: arrays(entry: -.infinity), sentence: "got -inf"),
    Self(
      name: "skipped class", arrays: arrays(labels: [3, 0, 1, 1, 0]),
      sentence: "labels: no sample has class 2, yet a label is 3"),
    Self(
      name: "negative label", arrays: arrays(labels: [2, 0, -1, 1, 0]),
      sentence: "labels: sample 2 has label -1"),
    Self(
      name: "one class", arrays: arrays(w: [1, 4], labels: [0, 0, 0, 0, 0]),
      sentence: "classes: expected at least 2, got 1"),
    Self(
      name: "bias of another length", arrays: arrays() + [bias([1, 2])],
      sentence: "array bias: expected 3 values (labels of 3 classes), got 2 values"),
    Self(
      name: "bias of integers",
      arrays: arrays() + [NamedArray("bias", shape: [3], [1, 2, 3] as [Int])],
      sentence: "array bias: expected an array of K floating-point numbers, got 3 values of I64"),
    Self(
      name: "bias of rank 2",
      arrays: arrays() + [NamedArray("bias", shape: [3, 1], [1, 2, 3] as [Double])],
      sentence: "array bias: expected an array of K floating-point numbers, got 3 × 1 of F64"),
    Self(
      name: "bias that is not finite", arrays: arrays() + [bias([1, .nan, 2])],
      sentence: "array bias, entry 1: expected a finite number, got nan"),
    Self(
      name: "features of another number",
      arrays: arrays(h: nil)
        + [NamedArray("features", shape: [4, 4], [Double](repeating: 1, count: 16))],
      sentence: "array features: expected 5 × 4 (5 labels), got 4 × 4"),
    Self(name: "no labels at all", arrays: arrays(labels: []), sentence: "at least 2, got 0"),
  ]
}

struct BadPointTests {
  @Test(arguments: BadPoint.all)
  func `arrays that make no point are refused with the reason`(_ example: BadPoint) throws {
    let scratch = try Scratch()
    let path = scratch.path("point.safetensors")
    try SafetensorsFile.write(example.arrays, to: path)
    try expectRefusal(of: path, example.sentence)
  }

  @Test(arguments: BadPoint.all.filter { !$0.arrays.isEmpty })
  func `and in the same words when NumPy's archive holds them`(_ example: BadPoint) throws {
    let scratch = try Scratch()
    let path = scratch.path("point.npz")
    try NumPyArchive.write(example.arrays, to: path)
    try expectRefusal(
      of: path,
      example.sentence.replacing("of F64", with: "of float64").replacing("of I64", with: "of int64")
    )
  }

  private func expectRefusal(of path: String, _ sentence: String) throws {
    let error = #expect(throws: FileError.self) { _ = try PointFile(path: path) }
    #expect("\(try #require(error))".contains(sentence), "\(error!)")
    #expect("\(error!)".hasPrefix(path))
    #expect(error?.exitStatus == 65)
  }
}
