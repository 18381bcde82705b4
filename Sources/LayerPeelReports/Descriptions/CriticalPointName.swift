/// The names of constructions in words.
///
/// `blocks-2+2` is "two pairs", `merged-3-flip` "3 merged, H flipped"; a name that is none of
/// theirs stays as it is.
struct CriticalPointName {
  let key: String

  init(_ key: String) { self.key = key }

  var words: String {
    let flip = "-flip"
    guard key.hasSuffix(flip) else { return CriticalPointName.words(of: key) }
    return CriticalPointName.words(of: String(key.dropLast(flip.count))) + ", H flipped"
  }

  private static func words(of key: String) -> String {
    switch key {
    case "collapse": return "neural collapse"
    case "seli": return "the optimum (SELI)"
    case "flat": return "the family μ = 0"
    case "polygon": return "polygon in a plane"
    default: break
    }
    if key.hasPrefix("blocks-") { return shapes(of: key.dropFirst(7)) }
    if key.hasPrefix("merged-") { return merged(key.dropFirst(7)) }
    return key.split(separator: "-").joined(separator: " ")
  }

  /// Simplices at right angles: pairs, triangles, simplices of 4 and so on.
  private static func shapes(of sizes: Substring) -> String {
    let blocks = Self.sizes(sizes)
    guard let first = blocks.first else { return "blocks \(sizes)" }
    guard blocks.allSatisfy({ $0 == first }) else {
      return blocks.map { "a \(shape($0))" }.joined(separator: " and ")
    }
    return blocks.count == 1 ? "one \(shape(first))" : "\(number(blocks.count)) \(shape(first))s"
  }

  private static func shape(_ size: Int) -> String {
    switch size {
    case 2: "pair"
    case 3: "triangle"
    case 4: "tetrahedron"
    default: "simplex of \(size)"
    }
  }

  private static func merged(_ sizes: Substring) -> String {
    sizes.replacing("x", with: " × ").replacing("+", with: " and ") + " merged"
  }

  /// `3+2` or `3x2`, three blocks of two.
  private static func sizes(_ text: Substring) -> [Int] {
    let product = text.split(separator: "x").compactMap { Int($0) }
    if product.count == 2 { return Array(repeating: product[1], count: product[0]) }
    return text.split(separator: "+").compactMap { Int($0) }
  }

  private static func number(_ count: Int) -> String {
    count < 5 ? ["no", "one", "two", "three", "four"][count] : "\(count)"
  }
}
