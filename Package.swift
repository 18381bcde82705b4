// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "LayerPeel",
  products: [
    .library(name: "LayerPeel", targets: ["LayerPeel"]),
    .library(name: "LayerPeelFiles", targets: ["LayerPeelFiles"]),
    .library(name: "LayerPeelNetworks", targets: ["LayerPeelNetworks"]),
    .library(name: "LayerPeelReports", targets: ["LayerPeelReports"]),
    .executable(name: "layerpeel", targets: ["LayerPeelCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // Arrows point down this list to LayerPeel, never back.
    .executableTarget(
      name: "LayerPeelCommand",
      dependencies: [
        "LayerPeel", "LayerPeelFiles", "LayerPeelNetworks", "LayerPeelReports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "LayerPeelReports", dependencies: ["LayerPeel", "LayerPeelFiles", "LayerPeelNetworks"],
      swiftSettings: strict),
    .target(
      name: "LayerPeelNetworks", dependencies: ["LayerPeel", "CKernels", "COneDNN"],
      swiftSettings: strict),
    .target(
      name: "LayerPeelFiles", dependencies: ["LayerPeel", "CMD", "CZlib", "CZip"],
      swiftSettings: strict),
    .target(
      name: "LayerPeel", dependencies: ["CKernels", "COpenBLAS", "CARPACK", "CGMP", "CSundials"],
      swiftSettings: strict),
    .target(name: "CKernels"),

    // System libraries: a module map, and a shim for what does not import.
    .systemLibrary(name: "CARPACK", providers: [.apt(["libarpack2-dev"])]),
    .systemLibrary(name: "CGMP", providers: [.apt(["libgmp-dev"])]),
    .systemLibrary(name: "CMD", providers: [.apt(["libmd-dev"])]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CSundials", providers: [.apt(["libsundials-dev"])]),
    .systemLibrary(name: "CZip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

    .executableTarget(
      name: "FollowFlow", dependencies: ["LayerPeel"], path: "Examples/FollowFlow",
      swiftSettings: strict),
    .executableTarget(
      name: "CurvatureTimes", dependencies: ["LayerPeel", "LayerPeelFiles"],
      path: "Benchmarks/Curvature", swiftSettings: strict),
    .executableTarget(
      name: "NetworkTimes", dependencies: ["LayerPeel", "LayerPeelNetworks"],
      path: "Benchmarks/Networks", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["LayerPeel", "LayerPeelFiles"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "LayerPeelTests", dependencies: ["LayerPeel", "CKernels", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LayerPeelFilesTests", dependencies: ["LayerPeelFiles", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LayerPeelNetworksTests",
      dependencies: ["LayerPeelNetworks", "LayerPeelFiles", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LayerPeelReportsTests",
      dependencies: ["LayerPeelReports", "LayerPeelNetworks", "LayerPeelFiles", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LayerPeelCommandTests",
      dependencies: ["LayerPeelCommand", "FollowFlow", "LayerPeelFiles", "TestSupport"],
      swiftSettings: strict),
  ]
)
