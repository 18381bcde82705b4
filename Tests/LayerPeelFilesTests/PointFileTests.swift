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
    #expect(!file.hasBias)
    #expect(file.metadata == ["made": "by Python"])
  }

  @Test func `a bias is noticed`() throws {
    #expect(try PointFile(path: fixture("point_bias.safetensors")).hasBias)
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
    #expect(try content(of: path) == Array(record.bytes))
    #expect(record.W == (0..<3).map { Array(Self.point.classifier.row($0)) })
    #expect(record.H == (0..<5).map { Array(Self.point.features.row($0)) })
    #expect(record.labels == Self.labels)
    #expect(record.dtypes == ["W": "float32", "H": "float32", "labels": "int64"])
    #expect(record.metadata == ["made": "by LayerPeel"])
  }

  /// What Python found in a file that we wrote.
  private struct PythonRecord: Decodable {
    let bytes: Data
    let W: [[Double]]
    let H: [[Double]]
    let labels: [Int]
    let dtypes: [String: String]
    let metadata: [String: String]
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `what is written is read back`(_ seed: UInt64) throws {
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
    let path = scratch.path("point.safetensors")
    try PointFile.write(point, labels: labels, to: path)
    let file = try PointFile(path: path)
    #expect(file.point == point)
    #expect(file.labels == labels)
    #expect(try scratch.names == ["point.safetensors"])
  }
}

/// Arrays that make no point, and the sentence that says why.
struct BadPoint: CustomTestStringConvertible, Sendable {
  let name: String
  let arrays: [SafetensorsArray]
  let sentence: String
  var testDescription: String { name }

  static func arrays(
    w: [Int]? = [3, 4], h: [Int]? = [5, 4], labels: [Int]? = [2, 0, 1, 1, 0], entry: Double = 1
  ) -> [SafetensorsArray] {
    func matrix(_ name: String, _ shape: [Int]) -> SafetensorsArray {
      var values = [Double](repeating: 1, count: shape.reduce(1, *))
      if values.count > 6 { values[6] = entry }
      return SafetensorsArray(name, shape: shape, values)
    }
    return [
      w.map { matrix("W", $0) }, h.map { matrix("H", $0) },
      labels.map { SafetensorsArray("labels", shape: [$0.count], $0) },
    ].compactMap { $0 }
  }

  static let all = [
    Self(
      name: "nothing", arrays: [],
      sentence: "array W: expected a K × d array of F32 or F64, got none; the file has no array"),
    Self(
      name: "no H", arrays: arrays(h: nil),
      sentence: "array H: expected an N × d array of F32 or F64, got none; the file has W, labels"),
    Self(name: "no labels", arrays: arrays(labels: nil), sentence: "the file has H, W"),
    Self(
      name: "W of rank 3", arrays: arrays(w: [1, 3, 4]),
      sentence: "array W: expected a K × d array of F32 or F64, got 1 × 3 × 4 of F64"),
    Self(
      name: "W of integers",
      arrays: arrays(w: nil) + [
        SafetensorsArray("W", shape: [3, 4], [Int](repeating: 1, count: 12))
      ],
      sentence: "got 3 × 4 of I64; convert it"),
    Self(
      name: "labels of doubles",
      arrays: arrays(labels: nil) + [SafetensorsArray("labels", shape: [5], [2.0, 0, 1, 1, 0])],
      sentence: "array labels: expected an array of N integers, got 5 values of F64"),
    Self(
      name: "labels of rank 2",
      arrays: arrays(labels: nil) + [SafetensorsArray("labels", shape: [5, 1], [2, 0, 1, 1, 0])],
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
    Self(name: "no labels at all", arrays: arrays(labels: []), sentence: "at least 2, got 0"),
  ]
}

struct BadPointTests {
  @Test(arguments: BadPoint.all)
  func `arrays that make no point are refused with the reason`(_ example: BadPoint) throws {
    let scratch = try Scratch()
    let path = scratch.path("point.safetensors")
    try SafetensorsFile.write(example.arrays, to: path)
    let error = #expect(throws: FileError.self) { _ = try PointFile(path: path) }
    #expect("\(try #require(error))".contains(example.sentence), "\(error!)")
    #expect("\(error!)".hasPrefix(path))
    #expect(error?.exitStatus == 65)
  }
}
