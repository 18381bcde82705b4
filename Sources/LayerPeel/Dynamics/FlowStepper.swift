internal import CSundials

/// The one owner of a CVODE integrator: BDF of variable order and step, Newton's method, and
/// unpreconditioned GMRES on exact Jacobian products.
///
/// > Source: Hindmarsh et al., SUNDIALS, ACM Transactions on Mathematical Software 2005.
struct FlowStepper: ~Copyable {
  /// What one call of CVODE did.
  enum Outcome {
    /// A step of its own choice.
    case stepped
    /// A step that ends where these slots' functions change sign.
    case reached([FlowWatch.Slot])
    /// It cannot go on: errors that no step size cures, as rounding makes them.
    case stuck
  }

  private let problem: StepperProblem
  private let context: SUNContext?
  private let vector: N_Vector
  private let solver: SUNLinearSolver?
  private let memory: UnsafeMutableRawPointer?

  /// Krylov vectors of GMRES: 5 are too few near the end, more than 10 gain nothing.
  private static let krylovDimension: Int32 = 10
  /// A step's own end is never asked for; CVODE wants one nevertheless, to choose its first step.
  private static let farAway = 1e9

  init(_ field: FlowField, watch: FlowWatch, from start: Point, tolerance: Double) {
    problem = StepperProblem(field, watch: watch, tolerance: tolerance)
    var context: SUNContext?
    check(layerpeel_sundials_context(&context), "SUNContext_Create")
    self.context = context
    vector = makeFlowVector(count: field.count, context: context)!
    memory = CVodeCreate(CV_BDF, context)
    let norm = start.norm
    let state = N_VGetArrayPointer(vector)!
    for (i, x) in start.flat.enumerated() {
      state[i] = x / norm
    }
    state[field.count - 2] = .log(norm)
    state[field.count - 1] = 0

    check(CVodeInit(memory, rightHandSide, 0, vector), "CVodeInit")
    check(
      CVodeSetUserData(memory, Unmanaged.passUnretained(problem).toOpaque()), "CVodeSetUserData")
    check(CVodeWFtolerances(memory, errorWeights), "CVodeWFtolerances")
    solver = SUNLinSol_SPGMR(
      vector, Int32(SUN_PREC_NONE), FlowStepper.krylovDimension, context)
    // All weights being equal, scaling by them only costs passes over memory.
    solver?.pointee.ops.pointee.setscalingvectors = nil
    check(SUNLinSol_SPGMRSetGSType(solver, Int32(SUN_CLASSICAL_GS)), "SUNLinSol_SPGMRSetGSType")
    check(CVodeSetLinearSolver(memory, solver, nil), "CVodeSetLinearSolver")
    check(CVodeSetJacTimes(memory, nil, jacobianTimesVector), "CVodeSetJacTimes")
    check(
      CVodeRootInit(memory, Int32(FlowWatch.Slot.allCases.count), rootFunctions), "CVodeRootInit")
    check(CVodeSetNoInactiveRootWarn(memory), "CVodeSetNoInactiveRootWarn")
    // What goes wrong becomes an outcome; nothing is to be printed by the library.
    check(CVodeSetErrHandlerFn(memory, { _, _, _, _, _ in }, nil), "CVodeSetErrHandlerFn")
  }

  deinit {
    var (memory, context) = (memory, context)
    CVodeFree(&memory)
    SUNLinSolFree(solver)
    N_VDestroy(vector)
    SUNContext_Free(&context)
  }

  /// Takes one step, or a part of one up to the next root.
  mutating func advance() -> Outcome {
    var time = 0.0
    let status = withExtendedLifetime(problem) {
      CVode(memory, FlowStepper.farAway, vector, &time, CV_ONE_STEP)
    }
    switch status {
    case CV_SUCCESS, CV_WARNING: return .stepped
    case CV_ROOT_RETURN: return .reached(rootsFound)
    case CV_TOO_MUCH_WORK, CV_TOO_MUCH_ACC, CV_ERR_FAILURE, CV_CONV_FAILURE, CV_LSOLVE_FAIL:
      return .stuck
    default: preconditionFailure("CVODE ended with status \(status)")
    }
  }

  private var rootsFound: [FlowWatch.Slot] {
    var found = [Int32](repeating: 0, count: FlowWatch.Slot.allCases.count)
    check(CVodeGetRootInfo(memory, &found), "CVodeGetRootInfo")
    return FlowWatch.Slot.allCases.filter { found[$0.rawValue] != 0 }
  }

  /// Number of steps taken.
  var steps: Int {
    var count = 0
    check(CVodeGetNumSteps(memory, &count), "CVodeGetNumSteps")
    return count
  }

  /// What the root functions look out for.
  var watch: FlowWatch {
    get { problem.watch }
    nonmutating set { problem.watch = newValue }
  }

  /// What the root functions last saw; after a step without a root, the state itself.
  var lastValues: FlowWatch.Values { problem.lastValues }

  /// The state, read in place.
  func withState<Result>(_ body: (Span<Double>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: N_VGetArrayPointer(vector), count: problem.field.count).span)
  }
}

/// What CVODE's callbacks see: it travels through C as a bare pointer.
private final class StepperProblem {
  let field: FlowField
  var watch: FlowWatch
  var lastValues: FlowWatch.Values
  let tolerance: Double
  /// Where the error weights already stand.
  var filledWeights: UnsafeMutablePointer<Double>?

  init(_ field: FlowField, watch: FlowWatch, tolerance: Double) {
    self.tolerance = tolerance
    self.field = field
    lastValues = watch.start
    self.watch = watch
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> StepperProblem {
    Unmanaged<StepperProblem>.fromOpaque(context!).takeUnretainedValue()
  }

  func read(_ vector: N_Vector?) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: N_VGetArrayPointer(vector), count: field.count)
  }

  func write(_ vector: N_Vector?) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: N_VGetArrayPointer(vector), count: field.count)
  }
}

private let rightHandSide: CVRhsFn = { _, state, rate, context in
  let problem = StepperProblem.of(context)
  var out = problem.write(rate).mutableSpan
  problem.field.derivative(at: problem.read(state).span, into: &out)
  return 0
}

private let jacobianTimesVector: CVLsJacTimesVecFn = { v, product, _, state, rate, context, _ in
  let problem = StepperProblem.of(context)
  var out = problem.write(product).mutableSpan
  problem.field.jacobianProduct(
    at: problem.read(state).span, rate: problem.read(rate).span, times: problem.read(v).span,
    into: &out)
  return 0
}

/// One weight for all: errors are measured in the Euclidean norm, and no rotation matters.
///
/// Weights never change, and the integrator keeps them, so they are filled in once.
private let errorWeights: CVEwtFn = { _, weights, context in
  let problem = StepperProblem.of(context)
  let all = problem.write(weights)
  if problem.filledWeights != all.baseAddress {
    all.update(repeating: Double(all.count).squareRoot() / problem.tolerance)
    problem.filledWeights = all.baseAddress
  }
  return 0
}

private let rootFunctions: CVRootFn = { _, state, values, context in
  let problem = StepperProblem.of(context)
  problem.lastValues = problem.field.values(at: problem.read(state).span)
  for (k, value) in problem.watch.roots(problem.lastValues).enumerated() { values![k] = value }
  return 0
}

private func check(_ status: Int32, _ call: String) {
  precondition(status == 0, "\(call) ended with status \(status)")
}
