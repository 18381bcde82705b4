/// How a page says what became of a claim.
extension Verdict {
  /// As a summary lists them.
  static let inOrder: [Verdict] = [.held, .notHeld, .inconclusive, .notRun]

  /// In words.
  var words: String {
    switch self {
    case .held: "Held"
    case .notHeld: "Not held"
    case .inconclusive: "Inconclusive"
    case .notRun: "Not run"
    }
  }

  /// A mark for those who do not see colours.
  private var mark: String {
    switch self {
    case .held: "✓"
    case .notHeld: "✗"
    case .inconclusive: "?"
    case .notRun: "–"
    }
  }

  /// The words with their mark, in a colour of the style sheet.
  var badge: String {
    "<span class=\"badge \(rawValue)\"><span aria-hidden=\"true\">\(mark)</span> \(words)</span>"
  }
}

extension Claim.Origin {
  /// In a table.
  var words: String {
    switch self {
    case .paper: "paper"
    case .ours: "ours"
    }
  }

  /// In a sentence.
  var sentence: String {
    switch self {
    case .paper: "A claim of the paper."
    case .ours: "Ours, beyond the paper."
    }
  }
}
