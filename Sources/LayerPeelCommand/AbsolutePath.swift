import Glibc

/// A path that means the same from every folder; as it is where nothing stands there.
func absolutePath(_ path: String) -> String {
  guard let pointer = realpath(path, nil) else { return path }
  defer { free(pointer) }
  return String(cString: pointer)
}
