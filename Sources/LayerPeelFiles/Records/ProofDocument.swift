public import LayerPeel

/// A proof as it is written, for a checker that knows fractions and nothing of us.
///
/// Its keys are an interface: `Scripts/check_proof.py` accepts these and no others. Entries of `W`
/// and `H` are doubles in C's hexadecimal notation, one string a row; multipliers are integers, one
/// string a row, over `denominator`; exact numbers are fractions in lowest terms, `"p/q"`.
public struct ProofDocument: Hashable, Sendable {
  /// What the name of a file that holds a proof ends in.
  public static let formats = ["json"]
  /// The layout of the document, one for each set of keys.
  public static let format = "layerpeel-proof-1"
  /// What is proved, in words; the same in every proof.
  public static let statement =
    "A pair (W, H) separates if (w_y - w_j).h >= 1 for each sample h of class y and each class "
    + "j other than y. Every pair that separates, of whatever dimension, has (|W|^2 + |H|^2)/2 >= "
    + "bound. The pair given here, divided by the square root of its least margin, separates and "
    + "has (|W|^2 + |H|^2)/2 = primal = squared_norm/(2 least_margin) = (1 + epsilon) bound."

  private let members: [String: JSONValue]

  /// What to write of `proof`.
  public init(_ proof: SeparationProof) {
    members = [
      "format": .string(ProofDocument.format),
      "statement": .string(ProofDocument.statement),
      "version": .string(Versions.layerPeel),
      "gmp_version": .string(Versions.gmp),
      "class_sizes": .array(proof.labels.sizes.counts.map { .integer($0) }),
      "labels": .array(proof.labels.values.map { .integer(Int($0)) }),
      "W": ProofDocument.rows(of: proof.point.classifier),
      "H": ProofDocument.rows(of: proof.point.features),
      "multipliers": .array(proof.multipliers.numerators.map { .string(words($0)) }),
      "denominator": .string("\(proof.multipliers.denominator)"),
      "squared_norm": .string("\(proof.squaredNorm)"),
      "least_margin": .string("\(proof.leastMargin)"),
      "primal": .string("\(proof.primal)"),
      "bound": .string("\(proof.bound)"),
      "epsilon": .string("\(proof.epsilon)"),
      "epsilon_rounded_up": .string(proof.epsilon.roundedUp),
    ]
  }

  private static func rows(of matrix: Matrix) -> JSONValue {
    .array((0..<matrix.rows).map { .string(words(matrix.row($0).map { ExactDouble($0).text })) })
  }
}

extension ProofDocument {
  /// The whole document as JSON on one line, its end included.
  ///
  /// Equal proofs give equal text.
  public var json: String { jsonText(of: JSONValue.object(members)) + "\n" }

  /// Writes it as a whole or not at all.
  public func write(to file: OutputFile) throws(FileError) {
    try file.write(json)
  }
}

/// Everything on one line, a space between each.
private func words(_ values: [some CustomStringConvertible]) -> String {
  values.map(\.description).joined(separator: " ")
}
