import ArgumentParser
import LayerPeel

/// `layerpeel`: parses arguments, calls the library, prints, and exits by a fixed status.
@main
struct LayerPeelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerpeel",
    abstract: "A laboratory for neural collapse.",
    discussion: """
      Where does the last layer of a classifier go when training continues past zero error? \
      layerpeel follows the layer-peeled model's gradient flow to the end and certifies what it \
      reached, says of any other point what it is and where it leads, trains real networks \
      without weight decay beside it, and compares the two.

      Start with:
        layerpeel flow --until-log-loss -1e6      the flow, to a loss of e^-1000000
        layerpeel certify net.npz                 what any W, H and labels are
        layerpeel landscape --follow              the saddles, and the way out of one
        layerpeel train --epochs 20               a network on Fashion-MNIST
        layerpeel reproduce                       the paper, in one page

      Standard output is data, standard error is talk. Exit status: 0 done; 1 a claim did not \
      hold; 3 stopped before the target that was asked for; 64 unusable arguments; 65 unreadable \
      data; 66 a file or data set that is not there; 73 output that cannot be written; \
      130 interrupted, with what was finished kept.
      """,
    version: Versions.layerPeel,
    subcommands: [
      ReproduceCommand.self, FlowCommand.self, TrainCommand.self, SeparateCommand.self,
      CertifyCommand.self, LandscapeCommand.self, DataCommand.self, SchemaCommand.self,
    ])
}
