internal import COneDNN

/// Version of the library that networks compute with, as outputs record it.
public var oneDNNVersion: String {
  guard let version = dnnl_version()?.pointee else { return "unknown" }
  return "\(version.major).\(version.minor).\(version.patch)"
}
