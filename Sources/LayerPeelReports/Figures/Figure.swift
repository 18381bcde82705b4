/// A picture as gnuplot scripts with their data in them: a pure function of what it shows.
///
/// The scripts set no terminal and no output; whoever draws them chooses SVG for a page, PDF for a
/// paper. There are two, with the same panels: side by side for a page, in one column for a phone.
public struct Figure: Hashable, Sendable {
  /// One arrangement of the panels.
  public struct Drawing: Hashable, Sendable {
    /// In pixels of a page, a hundredth of an inch on paper.
    public let width: Int
    /// In pixels of a page, a hundredth of an inch on paper.
    public let height: Int
    /// The gnuplot script, data included.
    public let script: String

    /// A drawing of given parts.
    public init(width: Int, height: Int, script: String) {
      self.width = width
      self.height = height
      self.script = script
    }
  }

  /// Its file name without ending, kebab-case.
  public let name: String
  /// A short heading.
  public let title: String
  /// What is seen, and how to read it.
  public let caption: String
  /// For a page, a screen or paper.
  public let wide: Drawing
  /// For a phone.
  public let narrow: Drawing

  /// A figure of given parts.
  public init(name: String, title: String, caption: String, wide: Drawing, narrow: Drawing) {
    self.name = name
    self.title = title
    self.caption = caption
    self.wide = wide
    self.narrow = narrow
  }
}
