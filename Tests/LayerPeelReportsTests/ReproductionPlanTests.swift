import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports
import Testing

/// What the presets of `reproduce` are made of.
struct ReproductionPlanTests {
  @Test(arguments: ReproductionPlan.presets)
  func `every preset has seeds to judge, every control, and names that differ`(
    _ plan: ReproductionPlan
  ) {
    #expect(!plan.networks(.perceptron).isEmpty && !plan.networks(.narrow).isEmpty)
    #expect(
      plan.networks(.control).map(\.name)
        == ["weight decay 5e-4", "shuffled labels", "no batch norm"])
    let free = plan.networks(.freeFeatures)
    #expect(free.map(\.name) == ["linear features"] && free[0].recipe.model == .linearFeatures)
    #expect(
      free[0].recipe.settings.momentum == 0 && free[0].recipe.settings.batchSize == free[0].images)
    #expect(Set(plan.networks.map(\.name)).count == plan.networks.count)
    for network in plan.networks where network.name != "weight decay 5e-4" {
      #expect(
        network.recipe.settings.weightDecay == 0 && network.recipe.settings.groupDecay.isEmpty)
    }
  }

  @Test func `the narrow network is judged on three seeds in the larger presets alone`() {
    #expect(!ReproductionPlan.standard.judgesNarrow && !ReproductionPlan.quick.judgesNarrow)
    #expect(ReproductionPlan.standard.networks(.narrow).count == 1)
    for plan in [ReproductionPlan.laptop, .full] {
      #expect(plan.judgesNarrow && plan.networks(.narrow).map(\.recipe.settings.seed) == [0, 1, 2])
      #expect(plan.networks(.narrow).allSatisfy { $0.recipe.width == 16 && $0.images == 10_000 })
    }
  }

  @Test func `the full preset is the paper's scale`() {
    let paper = ReproductionPlan.full.networks(.paper)
    #expect(paper.count == 8 && ReproductionPlan.full.dataSets == DataSetName.allCases)
    for network in paper {
      let settings = network.recipe.settings
      #expect(
        network.recipe.width == 64 && network.recipe.imagesPerClass == nil && settings.epochs == 350
      )
      #expect(
        [0, 117, 234].map { settings.rate(in: $0) }.map { ($0 * 1e6).rounded() }
          == [100_000, 10_000, 1000])
      #expect(settings.momentum == 0.9 && settings.batchSize == 128)
    }
    // 60,000 images through 350 epochs at 199 a second are 29 hours.
    #expect(paper[0].estimatedSeconds() == 350 * 60_000 / 199.0)
    #expect(paper[0].estimatedSeconds(epochs: 1) == 60_000 / 199.0)
    #expect(ReproductionPlan.standard.dataSets == [.fashionMNIST])
  }

  @Test func `a part of a plan has its networks and needs their data alone`() {
    let full = ReproductionPlan.full
    #expect(full.only(.paper).networks == full.networks(.paper))
    #expect(full.only(.networks).networks == ReproductionPlan.laptop.networks)
    #expect(full.only(.networks).dataSets == [.fashionMNIST])
    #expect(full.only(.model).networks.isEmpty && full.only(.model).dataSets.isEmpty)
  }
}
