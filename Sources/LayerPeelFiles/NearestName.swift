/// The name that was likely meant: of some, the one that takes fewest changes of letters, whatever
/// their case; nil if there are none.
package func nearest(to name: String, among names: [String]) -> String? {
  names.min { editDistance(name.lowercased(), $0) < editDistance(name.lowercased(), $1) }
}

/// How many letters must be added, dropped or changed to make `a` into `b` (Levenshtein).
func editDistance(_ a: String, _ b: String) -> Int {
  let letters = Array(b)
  var row = Array(0...letters.count)
  for (i, letter) in a.prefix(64).enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in letters.indices {
      let change = diagonal + (letter == letters[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(change, row[j] + 1, diagonal + 1)
    }
  }
  return row[letters.count]
}
