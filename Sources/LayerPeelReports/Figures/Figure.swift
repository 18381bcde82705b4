/// A picture as a gnuplot script with its data in it: a pure function of what it shows.
///
/// The script sets no terminal and no output; whoever draws it chooses SVG for a page, PDF for a
/// paper.
public struct Figure: Hashable, Sendable {
  /// Its file name without ending, kebab-case.
  public let name: String
  /// A short heading.
  public let title: String
  /// What is seen, and how to read it.
  public let caption: String
  /// Width and height in points.
  public let size: (width: Int, height: Int)
  /// The gnuplot script, data included.
  public let script: String

  /// A figure of given parts.
  public init(
    name: String, title: String, caption: String, size: (width: Int, height: Int), script: String
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.size = size
    self.script = script
  }

  /// Whether two figures show the same in the same way.
  public static func == (a: Figure, b: Figure) -> Bool {
    a.name == b.name && a.script == b.script && a.caption == b.caption && a.title == b.title
  }

  /// Hashes what tells figures apart.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(script)
  }
}
