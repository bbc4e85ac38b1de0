/// Tests one input, given as bytes.
public typealias FuzzTest = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// Runs libFuzzer until the end of the process.
///
/// - Parameters:
///   - count: The number of arguments of the process.
///   - arguments: The arguments, including options of libFuzzer.
///   - test: Tests one input, and ends the process if an invariant is broken.
/// - Returns: The exit status.
public func runFuzzer(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ test: FuzzTest
) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, test)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: FuzzTest
) -> CInt
