import FoundationEssentials
import Glibc
import LayerPeelFiles
import Testing

struct OutputFileTests {
  @Test func `the ending of the name says what is written`() throws {
    let scratch = try Scratch()
    for (name, format) in [("a.json", "json"), ("b.CSV", "csv"), ("c.csv.json", "json")] {
      let file = try OutputFile(path: scratch.path(name), formats: TrajectoryDocument.formats)
      #expect(file.format == format)
    }
    for name in ["a", "a.txt", "json", "a.json/b", "", ".", "a.json.gz"] {
      let error = #expect(throws: FileError.self) {
        _ = try OutputFile(path: name, formats: TrajectoryDocument.formats)
      }
      #expect("\(error!)" == "\(name): expected a name that ends in .json or .csv")
      #expect(error?.exitStatus == 64)
    }
  }

  @Test func `what cannot be written is known before the work starts`() throws {
    let scratch = try Scratch()
    let folder = try scratch.folder("folder.json")
    for (path, sentence) in [
      (folder, "it is a folder"), (scratch.path("none/a.json"), "there is no folder"),
      ("/dev/null", "it is no regular file"), (scratch.path("a.json/"), "it names no file"),
      (try scratch.file([], named: "file") + "/a.json", "there is no folder"),
    ] {
      let error = #expect(throws: FileError.self) { try OutputFile.checkWritable(path) }
      #expect("\(try #require(error))".contains(sentence), "\(error!)")
      #expect("\(error!)".hasPrefix("\(path): cannot be written"))
      #expect(error?.exitStatus == 73)
    }
    #expect(try scratch.names == ["file", "folder.json"])
  }

  @Test(.enabled(if: getuid() != 0, "everything is open to root"))
  func `a protected folder or file is refused`() throws {
    let scratch = try Scratch()
    let folder = try scratch.folder("protected")
    let file = try scratch.file([1], named: "protected.json")
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
    try manager.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file)
    for path in ["\(folder)/a.json", file] {
      let error = #expect(throws: FileError.self) { try OutputFile.checkWritable(path) }
      #expect(error?.exitStatus == 73)
    }
  }

  @Test func `writing replaces what was there, follows links and leaves nothing else`() throws {
    let scratch = try Scratch()
    let path = try scratch.file([1, 2, 3], named: "a.json")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let link = scratch.path("link.json")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    try OutputFile(path: link, formats: ["json"]).write("new")
    #expect(try content(of: path) == Array("new".utf8))
    #expect(try scratch.names == ["a.json", "link.json"])
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }
}
