/// Tries one input; called by libFuzzer with its bytes.
public typealias FuzzTest = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// Hands the process over to libFuzzer.
///
/// - Parameters:
///   - count: The number of the process' arguments.
///   - arguments: The arguments, options of libFuzzer among them.
///   - test: Tries one input, and ends the process when a promise is broken.
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
