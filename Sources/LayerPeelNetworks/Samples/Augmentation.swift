/// Random changes that training images undergo before every step; evaluation never sees them.
///
/// An image is shifted by up to ``shift`` pixels each way, what comes in being the image's padding
/// (black), and mirrored left to right with probability ½: the crops and flips that are usual for
/// small images.
public struct Augmentation: Hashable, Sendable, Codable {
  /// Most pixels that an image is shifted by, up or down and left or right.
  public var shift = 0
  /// Whether half of the images are mirrored.
  public var mirrors = false

  /// None.
  public static let none = Augmentation()

  /// So many pixels, mirrored or not.
  public init(shift: Int = 0, mirrors: Bool = false) {
    (self.shift, self.mirrors) = (shift, mirrors)
  }

  /// What happens to one image.
  package struct Draw: Hashable {
    package var rows = 0
    package var columns = 0
    package var isMirrored = false

    package static let none = Draw()
  }

  /// Draws what happens to the next image.
  package func draw(using generator: inout some RandomNumberGenerator) -> Draw {
    var draw = Draw()
    if shift > 0 {
      draw.rows = Int.random(in: -shift...shift, using: &generator)
      draw.columns = Int.random(in: -shift...shift, using: &generator)
    }
    if mirrors { draw.isMirrored = Bool.random(using: &generator) }
    return draw
  }
}
