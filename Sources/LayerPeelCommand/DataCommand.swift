import ArgumentParser

/// `layerpeel data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "The data sets that networks are trained on: which are here, and what is in them.",
    discussion: """
      MNIST, Fashion-MNIST and Kuzushiji-MNIST are read as four IDX files, packed or not; CIFAR-10 \
      in its binary form, from its archive or unpacked. A set is looked for in the folder named \
      with --data-dir and in the folder of its own name in that; without one, in \
      $LAYERPEEL_HOME/data/NAME (by default ~/.local/share/layerpeel/data/NAME), and Fashion-MNIST \
      in Debian's package dataset-fashion-mnist. Files are compared with their publishers' by MD5 \
      sums of content; others are used too, with a warning.

      Examples:
        layerpeel data list
        layerpeel data show fashion-mnist
        layerpeel data show cifar10 --data-dir ~/data --figure cifar10.png
        layerpeel data show mnist --imbalance 100 --labels noise:0.2

      Exit status: 0 done; 64 unusable arguments; 65 unreadable data; 66 no such data set; 73 output \
      that cannot be written.
      """,
    subcommands: [DataListCommand.self, DataShowCommand.self])
}
